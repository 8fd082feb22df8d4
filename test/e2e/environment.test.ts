import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { khard } from '../support/khard.ts'
import { audit, expectMistake, filesOf, nodes, recorded } from './mistake.ts'
import { readResult } from './verdicts.ts'

const file = filesOf()

describe('the environment', () => {
  it('sets every option by its name in capitals', async () => {
    const env = {
      KHARD_ONLY: '1.2.1,1.2.15',
      KHARD_OUTPUT: 'json',
      KHARD_AT: '2026-11-22T00:00:00Z',
      KHARD_FAIL_ON: 'none',
    }
    const ran = await khard(['audit', `bundle:${recorded}`], { env })
    const result = JSON.parse(ran.stdout)
    expect(result.findings.length).toBe(6)
    expect(result.evaluatedAt).toBe('2026-11-22T00:00:00.000Z')
    expect(ran.code).toBe(0)
  })

  it('is outranked by the command line, and outranks khard.yaml', async () => {
    const config = file('options/khard.yaml', 'only: ["1.2.1", "1.2.2", "1.2.3"]\noutput: [json]\n')
    const count = async (args: readonly string[], env: Record<string, string>): Promise<number> => {
      const ran = await khard(['audit', ...nodes, '--config', config, ...args], { env })
      return JSON.parse(ran.stdout).findings.length
    }
    expect(await count([], {})).toBe(9)
    expect(await count([], { KHARD_ONLY: '1.2.1,1.2.2' })).toBe(6)
    expect(await count(['--only', '1.2.1'], { KHARD_ONLY: '1.2.1,1.2.2' })).toBe(3)
  })

  it('that is wrong is a mistake that names the variable', async () => {
    expectMistake(await audit([], { env: { KHARD_FAIL_ON: 'severe' } }), /KHARD_FAIL_ON/, /severe/)
  })

  it('turns off what is false, and warns of a name that nothing reads', async () => {
    const ran = await audit(['--only', '1.2.1'], { env: { KHARD_VERBOSE: 'no', KHARD_FAILON: 'none' } })
    expect(ran.stderr).toBe('note: KHARD_FAILON is no variable of khard; did you mean KHARD_FAIL_ON?\n')
    expect(ran.code).toBe(1)
    expectMistake(
      await audit([], { env: { KHARD_SUDO: 'maybe' } }),
      /KHARD_SUDO is "maybe"/,
      /next: Write true/,
    )
  })

  it('names several outputs with semicolons, and a list with commas is refused', async () => {
    const both = await khard(['audit', ...nodes, '--only', '1.2.1'], {
      env: { KHARD_OUTPUT: `json=${file('env.json')};text` },
    })
    expect(both.stdout).toMatch(/^khard /)
    expect(readResult(file('env.json')).findings).toHaveLength(3)
    expectMistake(
      await audit([], { env: { KHARD_OUTPUT: 'json=y.json,text' } }),
      /several outputs/,
      /semicolon/,
    )
  })

  it('names the file of collect nowhere: an output of audit is no bundle', async () => {
    const env = { KHARD_OUTPUT: 'json=y.json' }
    expectMistake(await khard(['collect'], { env }), /no file is named for the evidence/)
  })

  it.each([{ NO_COLOR: '1' }, { NO_COLOR: '1', FORCE_COLOR: '1' }, {}])(
    'without a terminal gets no escape sequences: %o',
    async (env) => {
      const ran = await audit(['--show', 'all'], { env })
      expect(ran.stdout + ran.stderr).not.toContain('\u001b')
    },
  )
})

describe('silence', () => {
  it('is kept on standard error by a run without trouble', async () => {
    expect((await audit([])).stderr).toBe('')
  })

  it('is kept with --quiet but for results and errors', async () => {
    const bundle = file('quiet.khard')
    const empty = file('image')
    mkdirSync(join(empty, 'etc'), { recursive: true })
    expect(await khard(['collect', `root:${empty}`, '-o', bundle, '--quiet'])).toMatchObject({
      stdout: '',
      stderr: '',
      code: 0,
    })
    expectMistake(await khard(['audit', 'cp-1', '--quiet']), /"cp-1"/)
  })

  it('is not kept with --verbose: each target is named on standard error, the result stays clean', async () => {
    const ran = await audit(['--verbose', '-o', 'json'])
    expect(ran.stderr).toMatch(/khnode-1: kubeadm/)
    expect(JSON.parse(ran.stdout).schema).toBe('khard.result/v1')
  })
})
