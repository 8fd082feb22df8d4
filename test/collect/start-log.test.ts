import { type ChildProcess, execFileSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import type { NodeView, RawProcess } from '../../src/model/node-evidence.ts'
import type { Probe } from '../../src/model/probe.ts'
import { shippedComponents } from '../support/components.ts'
import type { Fixture, Run } from './node-script.ts'
import { collect, fixture, shells, startProcess } from './node-script.ts'

let here: Fixture
const running: ChildProcess[] = []
beforeEach(() => {
  here = fixture()
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  here.remove()
})

const program = 'khlogger'
const probe: Probe = { kind: 'process', name: program, binaries: [program], env: [], startLog: true }
const plan = planCollection([probe], shippedComponents())

const said = (message: string): string => `time="2026-11-21T10:00:00Z" level=info msg="${message}"`
const server = [
  said('Starting k3s v1.34.1+k3s1 (24fc436e)'),
  said('Running kube-apiserver --anonymous-auth=false --token=hunter22 --client-ca-file=CA'),
  'I1121 10:00:00.1 1 serving.go:1] "Running kube-nothing"',
  said('Running kubelet --config-dir=/no/such --v=2'),
  said('Running kube-proxy --proxy-mode=iptables'),
  said('Running kube-scheduler --said=after the last'),
]

/** A journalctl that answers with these lines as the journal prints them. */
function journal(lines: readonly string[], ending = 'exit 0'): Run {
  here.put('answer', `${lines.join('\n')}\n`)
  const tool = here.put(
    'tools/journalctl',
    `#!/bin/sh\necho "$@" >${here.root}/asked\nwhile read -r line; do printf '%s\\n' "$line"; done <${here.root}/answer\n${ending}\n`,
  )
  chmodSync(tool, 0o755)
  here.put('systemd/mark', '')
  const systemd = { mark: `${here.root}/systemd`, unitPlaces: [] }
  return { toolDirectories: [`${here.root}/tools`, '/usr/bin', '/bin'], systemd }
}

/** Seconds since boot, as the journal counts them. */
const uptime = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])

const entry = (pid: number, message: string, at = uptime()): string =>
  `[${at.toFixed(6).padStart(12)}] node k3s[${pid}]: ${message}`

const logOf = (view: NodeView): unknown => {
  const found = view.all('process').find((item): item is Extract<RawProcess, { state: 'observed' }> => {
    return item.state === 'observed' && item.name === program
  })
  return found?.startLog
}

const start = (): Promise<number> => startProcess({ here, running }, { name: program })

describe.each(shells)('what a program logged when it started, asked by %s', (...shell) => {
  it('is what the journal has of that process since then, secrets replaced, up to the last line of a start', async () => {
    const pid = await start()
    const ca = here.put('ca.crt', 'x')
    const run = journal(server.map((line) => entry(pid, line.replace('CA', ca))))

    const view = collect(plan, { ...run, shell })

    expect(logOf(view)).toEqual({
      state: 'observed',
      from: 'journal',
      lines: [
        server[0],
        server[1]?.replace('hunter22', '<redacted>').replace('CA', ca),
        server[3],
        server[4],
      ],
    })
    expect(readFileSync(`${here.root}/asked`, 'utf8').trim()).toBe(
      `-b -q --no-pager -o short-monotonic _PID=${pid}`,
    )
    expect(view.file(ca).state).toBe('observed')
  })
})

describe('what a program logged when it started', () => {
  it('never is what another process, or an earlier one of its number, logged', async () => {
    const pid = await start()
    const lines = [
      entry(pid, said('Running kubelet --v=1'), 1),
      entry(pid + 1, said('Running kubelet --v=3')),
    ]

    expect(logOf(collect(plan, journal(lines)))).toEqual({ state: 'observed', from: 'journal', lines: [] })
  })

  it('is cut where the journal is longer than is read', async () => {
    const pid = await start()
    const lines = [entry(pid, said('Running kubelet --v=1')), ...Array(20_000).fill(entry(pid, 'chatter'))]

    expect(logOf(collect(plan, journal(lines)))).toMatchObject({
      cut: true,
      lines: [said('Running kubelet --v=1')],
    })
  })

  it('is not known where the journal cannot be asked', async () => {
    await start()
    const run = journal([], 'exit 1')

    expect(logOf(collect(plan, run))).toMatchObject({ state: 'unavailable', reason: 'tool-failed' })
    const withoutTool = { ...run, toolDirectories: [here.root, '/nowhere'] }
    for (const tool of ['head', 'sed', 'tr', 'grep', 'stat', 'readlink', 'sh'])
      execFileSync('ln', ['-s', `/usr/bin/${tool}`, `${here.root}/${tool}`])
    expect(logOf(collect(plan, withoutTool))).toMatchObject({ reason: 'tool-missing' })
  })

  it('is asked of nobody else: no other program is started', async () => {
    const run = journal(server)
    await startProcess({ here, running }, { name: 'khother' })
    const other = planCollection([probe, { ...probe, name: 'khother', binaries: ['khother'] }], new Map())
    collect(
      planCollection([{ kind: 'process', name: 'khother', binaries: ['khother'], env: [] }], new Map()),
      run,
    )
    expect(() => readFileSync(`${here.root}/asked`)).toThrow()
    expect(other.processes.map(({ startLog }) => startLog)).toEqual([true, true])
  })
})

describe('what K3s and RKE2 keep below a directory of their own', () => {
  const questions: readonly Probe[] = [
    { kind: 'path', path: '/var/lib/rancher/k3s/server/db/etcd/config', holds: 'text' },
    { kind: 'glob', pattern: '/var/lib/rancher/k3s/agent/*.crt', holds: 'file' },
    { kind: 'tree', path: '/var/lib/rancher/k3s/server/tls', depth: 3 },
    { kind: 'path', path: '/var/lib/rancher/rke2/agent', holds: 'file' },
  ]
  const image = (configuration: string): NodeView => {
    here.put('etc/rancher/k3s/config.yaml', configuration)
    here.put('srv/k3s/server/db/etcd/config', 'a: 1')
    here.put('srv/k3s/agent/a.crt', '')
    here.put('srv/k3s/server/tls/etcd/x.crt', '')
    return collect(planCollection(questions, new Map()), { root: here.root })
  }

  it.each([
    ['plain', 'data-dir: /srv/k3s\n'],
    ['quoted, with a slash and a comment', 'a: 1\ndata-dir: "/srv/k3s/" # moved'],
    ['last of two', "data-dir: /nowhere\ndata-dir: '/srv/k3s'\r\n"],
  ])('is asked for there as well, the name %s', (_name, configuration) => {
    const view = image(configuration)

    expect(view.content('/srv/k3s/server/db/etcd/config')).toMatchObject({ text: 'a: 1' })
    expect(view.file('/srv/k3s/agent/a.crt').state).toBe('observed')
    expect(view.file('/srv/k3s/server/tls/etcd/x.crt').state).toBe('observed')
    expect(view.file('/var/lib/rancher/k3s/server/db/etcd/config').state).toBe('absent')
    expect(view.evidence.end).toBe('complete')
  })

  it('may be named by a drop-in', () => {
    here.put('etc/rancher/k3s/config.yaml.d/10.yaml', 'data-dir: /srv/k3s\n')

    expect(image('data-dir: /other\n').file('/srv/k3s/agent/a.crt').state).toBe('observed')
  })

  it.each([
    '',
    'data-dir: /var/lib/rancher/k3s/\n',
    'data-dir: relative\n',
    '  data-dir: /srv/k3s\n',
    'data-dir:\n',
  ])('is where it always is with %j', (configuration) => {
    const view = image(configuration)

    expect(view.file('/srv/k3s/agent/a.crt')).toMatchObject({ reason: 'not-collected' })
    expect(view.evidence.end).toBe('complete')
  })
})
