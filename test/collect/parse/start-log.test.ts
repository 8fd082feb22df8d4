import { describe, expect, it } from 'vitest'
import type { RawProcess } from '../../../src/model/node-evidence.ts'
import type { Probe } from '../../../src/model/probe.ts'
import { hear, pour, type Word } from '../node-words.ts'

const probe: Probe = { kind: 'process', name: 'k3s', binaries: ['k3s'], env: [], startLog: true }
const status = 'Name:\tk3s\nState:\tS (sleeping)\nUid:\t0\t0\t0\t0\nVmSize:\t 1 kB\n'
/** 5 seconds after boot. */
const stat = `7 (k3s-server) S ${'0 '.repeat(18)}500 0`
const message = 'time="2026-11-21T10:00:00Z" level=info msg="Running kubelet --v=2"'

const processOf = (
  words: readonly Word[],
  about: {
    readonly cgroup?: string
    readonly told?: string
    readonly stat?: string
    readonly uid?: string
  } = {},
): Extract<RawProcess, { state: 'observed' }> | undefined => {
  const view = hear(
    [probe],
    [
      `start 1 uid=${about.uid ?? '0'} clock=1700000000 uptime=100.50`,
      ['processes ok', '7\n'],
      about.told ?? 'process 7 own no -',
      ...pour('process', {
        '/proc/7/stat': about.stat ?? stat,
        '/proc/7/status': status,
        '/proc/7/cgroup': about.cgroup ?? '0::/system.slice/k3s.service\n',
        '/proc/7/cmdline': '/usr/local/bin/k3s server\u0001\u0001\u0001\u0001',
      }),
      ...words,
    ],
  )
  const found = view.all('process')[0]
  return found?.state === 'observed' ? found : undefined
}
const logOf = (...words: readonly Word[]): unknown => processOf(words)?.startLog

const ran = (name: string, ...lines: readonly string[]): Word => [
  'programs 0',
  [`khard:program ${name}`, ...lines, '', 'khard:program status 0', ''].join('\n'),
]

describe('a program that hides its arguments', () => {
  it('is known by the title it puts in their place', () => {
    expect(processOf([])).toMatchObject({ name: 'k3s', argv: ['/usr/local/bin/k3s server'] })
  })

  it('is a node of its own where a container runs it, and not where a session does', () => {
    const told = 'process 7 own yes entrypoint'

    const boxed = processOf([], { told, cgroup: '0::/system.slice/docker-0a1b.scope\n' })
    expect(boxed).not.toHaveProperty('startLog')
    expect(boxed).toMatchObject({
      nested: true,
    })
    expect(processOf([], { told, cgroup: '0::/user.slice/k3s-rootless.service\n' })).not.toHaveProperty(
      'nested',
    )
    expect(processOf([], { cgroup: '0::/system.slice/docker-0a1b.scope\n' })).not.toHaveProperty('nested')
  })

  it('has no log where its start is not known', () => {
    expect(processOf([], { stat: '7 (k3s' })).not.toHaveProperty('startLog')
  })
})

describe('what a process said when it started', () => {
  it.each<[string, string, readonly string[]]>([
    ['since then', `[    5.500000] node k3s[7]: ${message}`, [message]],
    ['by a clock that is a little behind', `[    4.100000] node k3s[7]: ${message}`, [message]],
    ['before', `[    3.900000] node k3s[7]: ${message}`, []],
    ['under another number', `[    5.500000] node k3s[77]: ${message}`, []],
    ['without a number', `[    5.500000] node k3s: ${message}`, []],
    ['in no form of the journal', message, []],
  ])('is what the journal has of it %s', (_name, line, lines) => {
    expect(logOf(ran('log journal', line, '', 'khard:log 0'))).toEqual({
      state: 'observed',
      from: 'journal',
      lines,
    })
  })

  it('is all that its log file has', () => {
    expect(logOf(ran('log file /var/log/a b.log', message, '', 'khard:log 0'))).toEqual({
      state: 'observed',
      from: '/var/log/a b.log',
      lines: [message],
    })
  })

  it('is said to be cut', () => {
    expect(logOf(ran('log journal', 'khard:log cut'))).toMatchObject({ lines: [], cut: true })
  })

  it.each<[string, readonly Word[], string]>([
    ['nothing reads it', ['log no-tool'], 'tool-missing'],
    ['its file is not there', ['log absent'], 'not-collected'],
    ['its file is closed', ['log denied'], 'permission-denied'],
    ['its reader failed', [ran('log journal', '', 'khard:log 1')], 'tool-failed'],
    ['its reader gave no answer', [ran('version 7', 'v1')], 'tool-failed'],
    ['nothing was run', ['programs no-tool'], 'tool-missing'],
    ['time ran out before it', [['programs 124', 'khard:program version 7\nv1\n']], 'timed-out'],
    [
      'time ran out in it',
      [['programs 124', `khard:program log journal\n[    5.5] node k3s[7]: ${message}\n`]],
      'timed-out',
    ],
    ['the node did not get there', [], 'not-collected'],
  ])('is not known where %s', (_name, words, reason) => {
    expect(logOf(...words)).toMatchObject({ state: 'unavailable', reason })
  })

  it('is not known to an account that sees its own journal only', () => {
    expect(processOf([ran('log journal', 'khard:log 0')], { uid: '1000' })?.startLog).toMatchObject({
      reason: 'permission-denied',
    })
  })
})
