import { describe, expect, it } from 'vitest'
import type { RawProcess } from '../../../src/model/node-evidence.ts'
import type { Probe } from '../../../src/model/probe.ts'
import { hear, pour, type Word } from '../node-words.ts'

const kubelet: Probe = { kind: 'process', name: 'kubelet', binaries: ['kubelet'], env: ['TZ', 'KUBE_*'] }
const start = 'start 1 uid=0 clock=1700000000 uptime=100.50'
const status = 'Name:\tkubelet\nState:\tS (sleeping)\nUid:\t0\t0\t0\t0\nVmSize:\t 1 kB\n'
const stat = `7 (kubelet) S ${'0 '.repeat(18)}500 0`
const cgroup = '0::/system.slice/kubelet.service\n'

interface Given {
  readonly stat?: Part
  readonly status?: Part
  readonly cgroup?: Part
  readonly cmdline?: Part
  /** Words before and after the parts. */
  readonly words?: readonly Word[]
  readonly start?: string
  /** How the process is announced. */
  readonly told?: string
}
type Part = Parameters<typeof pour>[1][string]

const listen = (given: Given, probes: readonly Probe[] = [kubelet]) =>
  hear(probes, [
    given.start ?? start,
    ['processes ok', '7\n'],
    given.told ?? 'process 7 own no -',
    ...pour('process', {
      '/proc/7/stat': given.stat ?? stat,
      '/proc/7/status': given.status ?? status,
      '/proc/7/cgroup': given.cgroup ?? cgroup,
      '/proc/7/cmdline': given.cmdline ?? '/usr/bin/kubelet\u0001--v=2\u0001',
    }),
    ...(given.words ?? []),
  ])

/** The process a node speaks of in these words. */
const processOf = (given: Given, probes?: readonly Probe[]): RawProcess | undefined =>
  listen(given, probes).all('process')[0]

describe('a process', () => {
  it('is what it says, to the second it started', () => {
    expect(processOf({})).toMatchObject({
      state: 'observed',
      comm: 'kubelet',
      argv: ['/usr/bin/kubelet', '--v=2'],
      uid: 0,
      startedAt: 1_699_999_905,
      cgroup: '0::/system.slice/kubelet.service',
      contained: false,
    })
  })

  it.each([
    ['clock', 'start 1 uid=0 clock= uptime=100.50'],
    ['clock of its own form', 'start 1 uid=0 clock=soon uptime=100.50'],
    ['clock of sane length', `start 1 uid=0 clock=${'9'.repeat(400)} uptime=100.50`],
    ['uptime', 'start 1 uid=0 clock=1700000000 uptime='],
    ['uptime at all', 'start 1 uid=0 clock=1700000000'],
  ])('of a node without a %s started nobody knows when', (_name, words) => {
    expect(processOf({ start: words })).toMatchObject({ state: 'observed', startedAt: null })
  })

  it('whose kernel line is cut has no name of the kernel and no start', () => {
    expect(processOf({ stat: '7 (kube' })).toMatchObject({ comm: '', startedAt: null })
  })

  it('may have a kernel name that holds brackets', () => {
    expect(processOf({ stat: `7 (a) (b)) S ${'0 '.repeat(18)}500 0` })).toMatchObject({
      comm: 'a) (b)',
      startedAt: 1_699_999_905,
    })
  })

  it('that wrote its own title needs no end of its arguments', () => {
    expect(processOf({ cmdline: 'kubelet' })).toMatchObject({ argv: ['kubelet'] })
    expect(processOf({ cmdline: 'kubelet\u0001--v=2' })).toMatchObject({ argv: ['kubelet', '--v=2'] })
    expect(processOf({ cmdline: 'kubelet\u0001\u0001' })).toMatchObject({ argv: ['kubelet', ''] })
  })

  it.each<[string, Given, object]>([
    [
      'arguments that are not text',
      { cmdline: Buffer.from([...Buffer.from('kubelet\u0001--x='), 0xff, 1]) },
      { reason: 'not-text', detail: 'arguments of kubelet' },
    ],
    ['arguments without an end', { cmdline: { arrives: '\u0001kubelet' } }, { reason: 'unparsable' }],
    ['a status that is gone', { status: '' }, { reason: 'changed-while-reading' }],
    ['a status without an end', { status: { arrives: 'x' } }, { reason: 'changed-while-reading' }],
    [
      'a user id nobody has',
      { status: status.replace('Uid:\t0\t0', `Uid:\t0\t${'9'.repeat(400)}`) },
      { reason: 'changed-while-reading' },
    ],
  ])('with %s is known to be there and no more', (_name, given, expected) => {
    expect(processOf(given)).toMatchObject({ pid: 7, name: 'kubelet', state: 'unavailable', ...expected })
  })

  it.each<[string, Part]>([
    ['is gone', ''],
    ['is dead', status.replace('S (sleeping)', 'Z (zombie)')],
    ['is being taken away', status.replace('S (sleeping)', 'X (dead)')],
    ['is a thread of the kernel', status.replace(/VmSize.*\n/, '')],
  ])('without arguments that %s is nobody’s component', (_name, given) => {
    const view = listen({ cmdline: '', status: given })

    expect(view.all('process')).toEqual([])
    expect(view.processes()).toMatchObject({ state: 'observed', pids: [] })
  })

  it.each<[string, Part]>([
    ['lives', status],
    ['may live', { arrives: 'x' }],
  ])('without arguments that %s may still become one', (_name, given) => {
    expect(processOf({ cmdline: '', status: given })).toMatchObject({
      name: 'kubelet',
      reason: 'changed-while-reading',
    })
  })

  it('that is none of those asked for is left out', () => {
    expect(processOf({ cmdline: '/opt/other\u0001' })).toBeUndefined()
  })

  it('is called nothing where its kernel name may mean two', () => {
    const both: readonly Probe[] = ['kube-controller-manager', 'kube-controller-manage2'].map((name) => ({
      kind: 'process',
      name,
      binaries: [name],
      env: [],
    }))
    const item = processOf({ stat: '7 (kube-controller) S', cmdline: { arrives: 'x' } }, both)

    expect(item).toMatchObject({ reason: 'unparsable' })
    expect(item).not.toHaveProperty('name')
  })
})

describe('what a process knows of its surroundings', () => {
  it.each([
    ['a line that names a container', '5:x:/y\n0::/kubepods/pod1/a\n', '0::/kubepods/pod1/a'],
    ['else the line of the new hierarchy', '5:x:/y\n0::/z\n', '0::/z'],
    ['else the first', '5:x:/y\n4:x:/z\n', '5:x:/y'],
    ['else nothing', '', ''],
  ])('is told by %s', (_name, text, line) => {
    expect(processOf({ cgroup: text })).toMatchObject({ cgroup: line })
  })

  it.each([
    ['process 7 own yes -', '0::/x', true],
    ['process 7 own no -', '0::/kubepods/x', false],
    ['process 7 own unknown -', '0::/kubepods/x', true],
    ['process 7 own unknown -', '0::/system.slice/x', false],
    ['process 7', '0::/docker/x', true],
    ['process', '0::/docker/x', true],
  ])('by the words "%s" and %s is in a container: %s', (told, text, contained) => {
    expect(processOf({ told, cgroup: text, status: inPids(7) })).toMatchObject({ contained })
  })

  const inPids = (...pids: readonly number[]): string => `${status}NSpid:\t${pids.join('\t')}\n`
  const unknown = 'process 7 own yes unknown'
  const pod = '0::/kubepods/x'
  it.each<[string, Given, true | undefined]>([
    ['of this node', { status: inPids(7) }, undefined],
    ['of this node, whatever it says', { status: inPids(7, 5, 5) }, undefined],
    ['started by an init', { told: 'process 7 own yes systemd', status: inPids(7, 5) }, true],
    [
      'of a container’s own program',
      { told: 'process 7 own yes pause', status: inPids(7, 5), cgroup: pod },
      undefined,
    ],
    ['in a container in a container', { told: unknown, status: inPids(7, 5, 3), cgroup: pod }, true],
    ['that is a unit in a container', { told: unknown, status: inPids(7, 5) }, true],
    ['that is the first of its container', { told: unknown, status: inPids(7, 1) }, undefined],
    ['that is no unit in its container', { told: unknown, status: inPids(7, 5), cgroup: pod }, undefined],
    ['in the only namespace there is', { told: unknown, status: inPids(7) }, undefined],
    [
      'that is the first of a container, and a unit here',
      { told: unknown, status: inPids(7, 1), cgroup: '0::/system.slice/k.service' },
      undefined,
    ],
    ['nobody told of', { told: 'process 8 own no -', status: inPids(7, 5) }, true],
  ])('one %s belongs to another node or not', (_name, given, nested) => {
    const item = processOf(given)

    expect(item?.state === 'observed' && item.nested).toBe(nested)
  })
})

describe('a process whose namespace may not be seen', () => {
  it.each<[string, string, string]>([
    ['the kernel does not tell its pids', status, cgroup],
    [
      'another program started it, in no container that is known',
      `${status}NSpid:\t7\t5\n`,
      '0::/lxc.payload.a',
    ],
  ])('is not called ours where %s', (_why, text, group) => {
    expect(processOf({ told: 'process 7 own yes unknown', status: text, cgroup: group })).toMatchObject({
      state: 'unavailable',
      reason: 'permission-denied',
      name: 'kubelet',
      detail: 'whose kubelet it is could not be seen',
    })
  })
})

describe('the environment of a process', () => {
  const env = (...words: readonly Word[]) => {
    const item = processOf({ words })
    return item?.state === 'observed' ? item.env : undefined
  }

  it('is what was asked for and nothing else, line breaks given back', () => {
    const lines = 'TZ=UTC\nKUBE_A=1\u00012\nTZX=no\n=none\nTZ\nAKUBE_=no\n__proto__=x\n'

    expect(env(['environment 7', lines])).toEqual({ TZ: 'UTC', KUBE_A: '1\n2' })
  })

  it.each<[string, readonly Word[]]>([
    ['was denied', ['environment-denied 7']],
    ['was not reached', []],
    ['is not text', [['environment 7', Buffer.from([84, 90, 61, 255])]]],
  ])('that %s is not known, which is not empty', (_name, words) => {
    expect(env(...words)).toBeNull()
  })
})

describe('the version of a process', () => {
  const version = (...words: readonly Word[]) => {
    const item = processOf({ words })
    return item?.state === 'observed' ? item.version : 'none at all'
  }

  it.each<[string, Word, string | undefined]>([
    [
      'Kubernetes v1.31.4',
      ['programs 0', 'khard:program version 7\nKubernetes v1.31.4\n'],
      'Kubernetes v1.31.4',
    ],
    ['too long to be one', ['programs 0', `khard:program version 7\n${'v'.repeat(5000)}`], 'v'.repeat(1024)],
    ['an error', ['programs 1', 'khard:program version 7\nunknown flag'], undefined],
    ['nothing, with no line of its own', ['programs 0', 'khard:program version 7'], undefined],
    ['bytes', ['programs 0', Buffer.from([...Buffer.from('khard:program version 7\n'), 255])], undefined],
    ['of another process', ['programs 0', 'khard:program version 8\nv1'], undefined],
    ['an answer without a status', ['programs soon', 'khard:program version 7\nv1'], undefined],
  ])('that it prints is: %s', (_name, word, expected) => {
    expect(version(word)).toBe(expected)
  })
})

describe('the process table', () => {
  it.each<[string, readonly Word[], object]>([
    ['hides others', ['processes denied'], { reason: 'permission-denied' }],
    ['could not be searched', ['processes no-tool'], { reason: 'tool-missing' }],
    ['was searched in vain', ['processes failed'], { reason: 'tool-failed', detail: /grep/ }],
    ['is not there', ['processes no-proc'], { reason: 'tool-failed', detail: /not mounted/ }],
    ['holds too many', [['processes ok', '7'], 'processes cut'], { reason: 'truncated' }],
    ['was not read to its end', [['processes ok', '7']], { reason: 'not-collected' }],
    ['was not asked', [], { reason: 'not-collected' }],
    ['is spoken of in no known word', ['processes'], { reason: 'not-collected' }],
    ['is spoken of in a word of the language', ['processes constructor'], { reason: 'not-collected' }],
  ])('that %s is not known', (_name, words, expected) => {
    const { detail, ...rest } = { detail: /^/, ...expected }
    const table = hear([kubelet], words).processes()

    expect(table).toMatchObject({ state: 'unavailable', ...rest })
    expect('detail' in table ? table.detail : '').toMatch(detail)
  })

  it('names every process once, and nothing that is no process', () => {
    const pids = `7\n7\n-3\n1e3\n 8\n0x9\n${'1'.repeat(400)}\n10.5\nself\n`
    const view = hear([kubelet], [['processes ok', pids]])

    expect(view.all('process').map(({ id }) => id)).toEqual(['process:7'])
  })
})
