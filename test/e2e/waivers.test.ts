import { describe, expect, it } from 'vitest'
import { khard } from '../support/khard.ts'
import { audit, expectMistake, filesOf, recorded } from './mistake.ts'
import { readResult } from './verdicts.ts'

const file = filesOf()

describe('a waiver', () => {
  const waiver = (edit: string): string =>
    `- { waiver: W-1, control: "1.2.15", targets: [khnode-2], reason: known, owner: platform, approved-by: J. Doe, approved-on: "2026-03-02", ${edit} }\n`

  it.each([
    ['a bad date', waiver('expires: "2026-02-31"'), [/bad\.yaml:1/, /2026-02-31/]],
    ['a missing owner', waiver('expires: "2027-01-01"').replace('owner: platform, ', ''), [/owner/]],
    ['an unknown key', waiver('expire: "2027-01-01"'), [/expire/, /expires/]],
  ])('with %s is a mistake, and nothing is audited', async (_what, text, words) => {
    expectMistake(await audit(['--waivers', file('bad.yaml', text)]), ...words)
  })

  it('that has run out leaves the finding a failure, and says so', async () => {
    const expired = file('expired.yaml', waiver('expires: "2026-11-21"'))
    const ran = await audit([
      '--only',
      '1.2.15',
      '--waivers',
      expired,
      '--fail-on',
      'low',
      '-o',
      `json=${file('expired.json')}`,
      '-o',
      'text',
    ])
    expect(ran.code).toBe(1)
    expect(ran.stdout).toMatch(/W-1.*expired/is)
    const [finding] = readResult(file('expired.json')).findings.filter(({ target }) => target === 'khnode-2')
    expect(finding).toMatchObject({ verdict: 'fail', waiver: { id: 'W-1', expired: true } })
  })

  it('that holds keeps the verdict, and only the gate looks past it', async () => {
    const until = file('until.yaml', waiver('expires: "2026-11-22"'))
    const ran = await khard([
      'audit',
      `bundle:${recorded}`,
      '--at',
      '2026-11-22T23:59:59Z',
      '--only',
      '1.2.15',
      '--waivers',
      until,
      '-o',
      `json=${file('until.json')}`,
    ])
    const result = readResult(file('until.json'))
    expect(result.findings.find(({ target }) => target === 'khnode-2')).toMatchObject({
      verdict: 'fail',
      waiver: { expired: false },
    })
    expect(result.summary.waived).toBe(1)
    expect(ran.code).not.toBe(2)
  })

  it('that matches nothing is reported', async () => {
    const unused = file('unused.yaml', waiver('expires: "2027-01-01"').replace('khnode-2', 'gone-1'))
    const ran = await audit(['--only', '1.2.15', '--waivers', unused])
    expect(ran.stdout).toMatch(/W-1/)
  })

  it('of a number that two benchmarks have is refused until it says which', async () => {
    const both = waiver('expires: "2027-01-01"').replace('"1.2.15"', '"2.1"')
    expectMistake(
      await audit(['--waivers', file('both.yaml', both)]),
      /both\.yaml:1: waiver "W-1" names control 2\.1 without a benchmark/,
      /cis-kubernetes and .*node-baseline/,
      /next: Write control: "cis-kubernetes:2\.1"/,
    )
    const named = file('named.yaml', both.replace('"2.1"', '"cis-kubernetes:2.1"'))
    const ran = await audit(['--waivers', named, '--only', '2.1', '-o', `json=${file('named.json')}`])
    expect(ran.stderr).toBe('')
    const waived = readResult(file('named.json')).findings.filter((one) => one.waiver !== undefined)
    expect(waived.filter(({ benchmark }) => benchmark !== 'cis-kubernetes')).toEqual([])
  })

  it('approved after the day that is judged covers nothing, and that is said', async () => {
    const later = file('later.yaml', waiver('expires: "2027-01-01"').replace('2026-03-02', '2026-11-23'))
    const args = [
      '--only',
      '1.2.15',
      '--waivers',
      later,
      '--fail-on',
      'low',
      '-o',
      `json=${file('later.json')}`,
    ]
    const ran = await audit(args)
    const result = readResult(file('later.json'))
    expect(ran.stderr).toMatch(/note: .*later\.yaml:1: waiver W-1 was approved on 2026-11-23, after/)
    expect(result.findings.filter((one) => one.waiver !== undefined)).toEqual([])
    expect(result.waiversUnused).toMatchObject([{ id: 'W-1' }])
    expect(ran.code).toBe(1)
  })
})
