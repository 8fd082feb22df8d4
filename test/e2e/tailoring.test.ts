import { describe, expect, it } from 'vitest'
import { khard } from '../support/khard.ts'
import { audit, expectMistake, filesOf, nodes } from './mistake.ts'
import { readResult } from './verdicts.ts'

const file = filesOf()

const site = file(
  'site.yaml',
  `tailoring: payments
version: "1"
skip: [{ control: "cis-kubernetes:1.2.15", because: Profiles are taken every week. }]
parameters: { anonymous-scopes: { value: [none, health, all], because: Probes need every path. } }
gate: { fail-on: none, because: It is a trial. }
`,
)
const args = ['--only', '1.2.1', '--only', '1.2.15', '--tailoring', site]

describe('a tailoring', () => {
  it('leaves out a control, changes a verdict and the gate, each with its reason in the result', async () => {
    const before = await audit(['--only', '1.2.1', '--only', '1.2.15', '-o', `json=${file('before.json')}`])
    const after = await audit([...args, '-o', `json=${file('after.json')}`])
    const verdicts = (name: string) =>
      readResult(file(name)).findings.map(({ target, control, verdict }) => `${target} ${control} ${verdict}`)
    expect(verdicts('before.json')).toContain('khnode-2 1.2.1 fail')
    expect(verdicts('after.json')).toEqual(
      ['khnode-1', 'khnode-2', 'khnode-3'].map((one) => `${one} 1.2.1 pass`),
    )
    expect([before.code, after.code]).toEqual([1, 0])
    const { leftOut, tailorings } = readResult(file('after.json'))
    expect(leftOut).toContainEqual(
      expect.objectContaining({ control: '1.2.15', because: 'Profiles are taken every week.' }),
    )
    expect(tailorings).toEqual([
      {
        id: 'payments',
        version: '1',
        digest: expect.stringMatching(/^sha256:/),
        says: [
          'anonymous-scopes is none, health, all: Probes need every path.',
          'the gate is changed: It is a trial.',
        ],
      },
    ])
  })

  it('is told in the text with its reasons', async () => {
    const { stdout } = await audit([...args, '--show', 'all'])
    const flat = stdout.replaceAll(/\s+/g, ' ')
    expect(flat).toContain('payments 1: anonymous-scopes is none, health, all: Probes need every path.')
    expect(flat).toContain('payments 1: the gate is changed: It is a trial.')
    expect(flat).toContain('1.2.15 (cis-kubernetes) Profiles are taken every week.')
  })

  it('may stand in khard.yaml and in the environment', async () => {
    const config = file('khard.yaml', `tailoring: [${site}]\n`)
    const ran = await khard(['audit', ...nodes, '--only', '1.2.1', '--config', config, '-o', 'json'])
    const env = { KHARD_TAILORING: site }
    const other = await khard(['audit', ...nodes, '--only', '1.2.1', '-o', 'json'], { env })
    for (const { stdout } of [ran, other]) expect(JSON.parse(stdout).tailorings).toHaveLength(1)
  })

  it('for a control that no profile selects is a mistake', async () => {
    const text = 'tailoring: s\nversion: "1"\nskip: [{ control: "1.2.199", because: So. }]\n'
    expectMistake(
      await audit(['--tailoring', file('bad.yaml', text)]),
      /bad\.yaml:3: "1\.2\.199"/,
      /Did you mean/,
    )
  })
})
