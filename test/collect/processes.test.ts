import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import type { RawProcess } from '../../src/model/node-evidence.ts'
import type { Fixture } from './node-script.ts'
import { collect, fixture, shells, startProcess } from './node-script.ts'
import { sampleComponents } from './sample-plan.ts'

let here: Fixture
const running: ChildProcess[] = []
beforeEach(() => {
  here = fixture()
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  here.remove()
})

const start = (name: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> =>
  startProcess({ here, running }, { name, argv, env })

const plan = planCollection(
  [
    {
      kind: 'process',
      name: 'khtest',
      binaries: ['khtest'],
      env: ['ETCD_*', 'PLAIN'],
      versionArgument: '--version',
    },
    { kind: 'process', name: 'khother', binaries: ['khother-long-name-of-a-binary'], env: [] },
  ],
  sampleComponents,
)

function only(processes: readonly RawProcess[], pid: number): RawProcess | undefined {
  return processes.find((item) => item.pid === pid)
}

describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))(
  'processes with $name',
  ({ shell }) => {
    it('brings back arguments exactly: empty ones, newlines, words of the protocol', async () => {
      const argv = [
        'x',
        '',
        '--a=',
        'two\nlines',
        'khard:0 ~',
        '\nkhard:ffffffffffffffffffffffffffffffff complete\n',
        'é',
        'K=',
        '',
      ]
      const pid = await start('khtest', argv)

      const view = collect(plan, { shell })

      expect(view.processes().state).toBe('observed')
      expect(only(view.processesNamed('khtest'), pid)).toMatchObject({
        argv: [expect.anything(), '-c', 'echo up; read -r _', ...argv],
      })
    })

    it('brings back only the variables asked for, without their secrets', async () => {
      const pid = await start('khtest', [], {
        ETCD_NAME: 'a\nb',
        ETCD_PASSWORD: 'canary',
        ETCD_KEY_FILE: '/x.key',
        PLAIN: '1',
        PLAINER: 'canary',
        SECRET: 'canary',
      })

      const view = collect(plan, { shell })

      expect(only(view.processesNamed('khtest'), pid)).toMatchObject({
        env: { ETCD_NAME: 'a\nb', ETCD_PASSWORD: '<redacted>', ETCD_KEY_FILE: '/x.key', PLAIN: '1' },
      })
      expect(JSON.stringify(view.evidence)).not.toContain('canary')
    })

    it('cuts a huge argument list for that process alone', async () => {
      const large = await start(
        'khtest',
        Array.from({ length: 18 }, () => 'x'.repeat(100_000)),
      )
      const pid = await start('khother-long-name-of-a-binary', ['--v=2'])

      const view = collect(plan, { shell })

      expect(only(view.all('process'), large)).toMatchObject({ state: 'unavailable', reason: 'truncated' })
      expect(only(view.processesNamed('khother'), pid)).toMatchObject({
        comm: 'khother-long-na',
        state: 'observed',
      })
    })

    it('cuts millions of bytes of arguments, and keeps its neighbours', async () => {
      const many =
        'ulimit -s unlimited; a=$(printf %0100000d 0); exec "$@" $(for _ in {1..55}; do echo "$a"; done)'
      const large = await startProcess(
        { here, running },
        { name: 'khtest', through: ['bash', '-c', many, 'x'] },
      )
      const pid = await start('khother-long-name-of-a-binary', ['--v=2'])

      const view = collect(plan, { shell })

      expect(only(view.all('process'), large)).toMatchObject({ reason: 'truncated', name: 'khtest' })
      expect(only(view.processesNamed('khother'), pid)).toMatchObject({ state: 'observed' })
    })

    it('follows paths in arguments and variables', async () => {
      const path = here.put('conf.yaml', 'a: 1\n')
      const second = here.put('second.conf', 'b: 1\n')
      const certificate = here.put('c.crt', 'no certificate\n')
      await start('khtest', [`--config=${path}`, '--kubeconfig', second], { ETCD_CERT_FILE: certificate })

      const view = collect(plan, { shell })

      expect(view.content(path)).toMatchObject({ text: 'a: 1\n' })
      expect(view.content(second)).toMatchObject({ text: 'b: 1\n' })
      expect(view.content(certificate)).toMatchObject({ state: 'unavailable', reason: 'unparsable' })
    })
  },
)

describe('the process table', () => {
  it('is observed and empty of a name nothing carries', () => {
    const view = collect(
      planCollection([{ kind: 'process', name: 'none', binaries: ['khnobody'], env: [] }], sampleComponents),
    )

    expect(view.processes()).toMatchObject({ state: 'observed', pids: [] })
    expect(view.processesNamed('none')).toEqual([])
  })

  it('takes a process by the name of its program, not by a name it borrowed', async () => {
    const program = `${here.root}/khtest`
    copyFileSync('/bin/bash', program)
    const child = spawn(program, ['-c', 'echo up; read -r _'], {
      argv0: 'something-else',
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    running.push(child)
    await new Promise((up) => child.stdout?.once('data', up))

    const view = collect(plan)

    expect(only(view.all('process'), child.pid ?? 0)).toBeUndefined()
  })

  it('says when a process started, by the node clock', async () => {
    const pid = await start('khtest', [])

    const item = only(collect(plan).processesNamed('khtest'), pid)

    expect(item).toMatchObject({ uid: process.getuid?.() ?? -1, contained: false })
    expect(item?.state === 'observed' && Math.abs((item.startedAt ?? 0) - Date.now() / 1000) < 30).toBe(true)
  })
})
