import { describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { fakeIo } from './fake-io.ts'

async function run(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = fakeIo()
  return { code: await main(argv, io), ...io.written }
}

const verbs = ['audit', 'collect', 'report', 'diff', 'explain', 'list', 'validate']

describe('help', () => {
  it.each([[], ...verbs.map((verb) => [verb])])(
    'gives examples and exit codes: khard %s',
    async (...words) => {
      const { code, stdout } = await run(...words, '--help')

      expect(code).toBe(0)
      expect(stdout).toMatch(/Examples:\n {2}khard /)
      expect(stdout).toMatch(/Exit codes: 0 .* · 2 usage or content error · 3 /)
    },
  )

  it('of list names every list, and none that it refuses', async () => {
    const { stdout } = await run('list', '--help')

    expect(stdout).toMatch(/benchmarks, profiles, checks or facts/)
    expect(stdout).not.toContain('remediations')
  })

  it('says once how options are set elsewhere', async () => {
    expect((await run('audit', '--help')).stdout).toMatch(/KHARD_FAIL_ON/)
  })
})

describe('what is to come', () => {
  it.each(['harden', 'remediate', 'gate', 'verify'])(
    'is a usage error that lists what there is: khard %s',
    async (verb) => {
      expect(await run(verb, '--dry-run', 'x')).toEqual({
        code: 2,
        stdout: '',
        stderr: `error: khard ${verb} is not built yet\nnext: Use one of: ${verbs.join(', ')}.\n`,
      })
    },
  )
})
