import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { khard, type Ran, root } from '../support/khard.ts'
import { audit, expectMistake, filesOf, recorded } from './mistake.ts'
import { readResult } from './verdicts.ts'

const file = filesOf()

/** A result with some findings changed, and its summary made to fit. */
function edited(name: string, change: (finding: Record<string, unknown>) => boolean): string {
  const result = JSON.parse(readFileSync(file('whole.json'), 'utf8'))
  result.findings = result.findings.filter(change)
  const named = new Set(result.findings.map((one: { target: string }) => one.target))
  result.targets = result.targets
    .filter(({ id }: { id: string }) => named.has(id))
    .map((target: { members?: readonly string[] }) =>
      target.members === undefined
        ? target
        : { ...target, members: target.members.filter((one) => named.has(one)) },
    )
  const { verdicts } = result.summary
  for (const verdict of Object.keys(verdicts))
    verdicts[verdict] = result.findings.filter((one: { verdict: string }) => one.verdict === verdict).length
  return file(name, JSON.stringify(result))
}

const is = (finding: Record<string, unknown>, target: string, control: string): boolean =>
  finding['target'] === target && finding['control'] === control && finding['benchmark'] === 'cis-kubernetes'

const diff = (...args: readonly string[]): Promise<Ran> => khard(['diff', ...args])

/** The gate of a run held against a baseline. */
async function gateAgainst(baseline: string, ...args: readonly string[]) {
  const ran = await audit(['--baseline', baseline, '-o', `json=${file('held.json')}`, ...args])
  return { ran, ...readResult(file('held.json')) }
}

beforeAll(async () => {
  await audit(['-o', `json=${file('whole.json')}`])
  // khnode-2 once wrote an audit log, its kubelet could not be asked, and khnode-3 was not there.
  edited('before.json', (finding) => {
    if (is(finding, 'khnode-2', '1.2.16')) finding['verdict'] = 'pass'
    if (is(finding, 'khnode-2', '4.2.4')) finding['verdict'] = 'error'
    return finding['target'] !== 'khnode-3'
  })
})

describe('khard diff', () => {
  it('says what got worse, better and new, the answer first, and exits 0', async () => {
    const ran = await diff(file('before.json'), file('whole.json'))

    expect(ran).toMatchObject({ stderr: '', code: 0 })
    expect(ran.stdout).toMatch(/^khard .*before\.json .* →\s.*whole\.json/)
    expect(ran.stdout).toMatch(/Findings {2}1 worse, 1 better, 0 changed/)
    expect(ran.stdout).toMatch(/1\.2\.16 .*\n {4}change {4}pass → fail/)
    expect(ran.stdout).toMatch(/observed .* → expected/s)
    expect(ran.stdout).toMatch(/\+ khnode-3 only in the newer result/)
    expect(ran.stdout).toMatch(/Better 1: 4\.2\.4/)
  })

  it('exits 1 for what is new with --fail-on-new, and says what', async () => {
    const ran = await diff(file('before.json'), file('whole.json'), '--fail-on-new')
    expect(ran.code).toBe(1)
    expect(ran.stdout).toMatch(/NOT MET \(fail-on-new high, exit 1\)/)

    expect((await diff(file('whole.json'), file('before.json'), '--fail-on-new', 'low')).stdout).toMatch(
      /1 check could not be assessed, unlike before: 4\.2\.4\./,
    )
    expect((await diff(file('before.json'), file('whole.json'), '--fail-on-new', 'none')).code).toBe(0)
  })

  it('is as strict as the environment or khard.yaml says', async () => {
    const files = [file('before.json'), file('whole.json')]
    const env = { KHARD_FAIL_ON_NEW: 'critical' }
    expect((await khard(['diff', ...files], { env })).stdout).toMatch(/fail-on-new critical/)
    const config = file('options/khard.yaml', 'fail-on-new: medium\noutput: [json=overwritten.json]\n')
    const ran = await diff(...files, '--config', config)
    expect(ran.stdout).toMatch(/fail-on-new medium/)
    expect(existsSync(file('overwritten.json'))).toBe(false)
  })

  it('writes JSON for machines beside the text', async () => {
    const ran = await diff(
      file('before.json'),
      file('whole.json'),
      '-o',
      `json=${file('diff.json')}`,
      '-o',
      'text',
    )
    const written = JSON.parse(readFileSync(file('diff.json'), 'utf8'))

    expect(ran.stdout).toMatch(/^khard /)
    expect(written).toMatchObject({ schema: 'khard.diff/v1', summary: { worse: 1, better: 1 } })
    expect(written.before.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  it('finds nothing between a result and its copy', async () => {
    copyFileSync(file('whole.json'), file('copy.json'))
    const ran = await diff(file('whole.json'), file('copy.json'), '--fail-on-new', 'low')

    expect(ran).toMatchObject({ stderr: '', code: 0 })
    expect(ran.stdout).toMatch(/Both files hold the same result/)
    expect(ran.stdout).toMatch(/The two results say the same\.\n$/)
  })

  it('makes no claim about results that share nothing', async () => {
    const one = edited(
      'one.json',
      (finding) => finding['target'] === 'khnode-1' && finding['verdict'] === 'pass',
    )
    const other = edited(
      'other.json',
      (finding) => finding['target'] === 'khnode-3' && finding['verdict'] === 'pass',
    )

    expect((await diff(other, one, '--fail-on-new')).code).toBe(3)
  })

  it('makes no claim when the newer one looked at nothing, and neither did the older', async () => {
    const blind = (name: string, reason: string): string =>
      edited(name, (finding) => Object.assign(finding, { verdict: 'error', reason }) === finding)
    const ran = await diff(blind('blind.json', 'no answer'), blind('again.json', 'denied'), '--fail-on-new')

    expect(ran.code).toBe(3)
    expect(ran.stdout).toMatch(/The newer result evaluated nothing\./)
  })

  it.each([
    ['a missing file', () => '/no/such/result.json', /there is no such file/],
    ['a directory', () => '/tmp', /it is a directory/],
    ['a bundle', () => recorded, /is an evidence bundle.*\nnext: .*khard audit bundle:/],
    ['another document', () => join(root, 'package.json'), /is not a khard result/],
    ['no JSON', () => join(root, 'README.md'), /it is not JSON/],
    [
      'a result of a later schema',
      () => file('v2.json', readFileSync(file('whole.json'), 'utf8').replace('result/v1', 'result/v2')),
      /is of the schema khard\.result\/v2; this khard reads khard\.result\/v1/,
    ],
    ['the same file', () => file('whole.json'), /are the same file/],
  ])('refuses %s', async (...[, bad, words]) => {
    expectMistake(await diff(file('whole.json'), bad()), words, /next: /)
  })

  it('refuses a comparison in place of a result, a format it has not, and a severity that is a file', async () => {
    const files = [file('before.json'), file('whole.json')]
    await diff(...files, '-o', `json=${file('diff.json')}`)
    expectMistake(await diff(file('whole.json'), file('diff.json')), /khard\.diff\/v1/)
    expectMistake(await diff(...files, '-o', 'junit'), /"junit"/, /text, json/)
    expectMistake(await diff('--fail-on-new', ...files), /write it after the files/)
    expectMistake(await diff(file('whole.json')), /missing required argument 'new\.json'/)
  })
})

describe('khard audit --baseline', () => {
  it('fails for nothing that was known, and shows all of it', async () => {
    const { ran, gate, summary } = await gateAgainst(file('whole.json'), '-o', 'text')

    expect(ran).toMatchObject({ stderr: '', code: 0 })
    expect(ran.stdout).toMatch(/Gate .*met .*baseline .*whole\.json/s)
    expect(gate.baseline).toMatchObject({
      file: file('whole.json'),
      digest: expect.stringMatching(/^sha256:/),
      evaluatedAt: '2026-11-22T00:00:00.000Z',
      known: { failing: summary.verdicts.fail, unassessed: 0 },
    })
    expect(summary.verdicts.fail).toBeGreaterThan(0)
    expect((await khard(['validate', file('held.json')])).code).toBe(0)
  })

  it('fails for what is new since', async () => {
    const { ran, gate } = await gateAgainst(file('before.json'))

    expect(ran.code).toBe(1)
    expect(gate.because[0]).toMatch(/newly fail at high or above: .*1\.2\.16/)
  })

  it('of other nodes excuses nothing, and says so', async () => {
    const other = edited('elsewhere.json', (finding) => {
      finding['target'] = 'elsewhere'
      return true
    })
    const text = readFileSync(other, 'utf8')
    const [node] = readResult(file('whole.json')).targets.filter(({ id }) => id === 'khnode-1')
    file('elsewhere.json', JSON.stringify({ ...JSON.parse(text), targets: [{ ...node, id: 'elsewhere' }] }))
    const { ran, gate } = await gateAgainst(other)

    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(
      /^note: The baseline .*elsewhere\.json names no target of this run: nothing is known/,
    )
    expect(gate.baseline?.known).toEqual({ failing: 0, unassessed: 0 })
  })

  it('of another profile says so', async () => {
    const { ran } = await gateAgainst(file('whole.json'), '--profile', 'node-readiness')

    expect(ran.stderr).toMatch(/another profile \(hardway-cis → node-readiness\)/)
  })

  it.each([
    ['a missing file', () => '/no/such/result.json', /there is no such file/],
    ['a bundle', () => recorded, /evidence bundle/],
    ['another document', () => join(root, 'package.json'), /is not a khard result/],
  ])('that is %s is a mistake, before anything is asked', async (...[, bad, words]) => {
    const output = file('never.json')
    expectMistake(await audit(['--baseline', bad(), '-o', `json=${output}`]), words, /next: /)
    expect(existsSync(output)).toBe(false)
  })

  it('is taken from the environment and khard.yaml', async () => {
    const env = { KHARD_BASELINE: file('whole.json') }
    expect((await audit([], { env })).code).toBe(0)
    const config = file('with/khard.yaml', `baseline: ${file('whole.json')}\n`)
    expect((await audit(['--config', config])).code).toBe(0)
  })
})
