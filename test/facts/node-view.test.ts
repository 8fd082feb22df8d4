import { describe, expect, it } from 'vitest'
import { createNodeView } from '../../src/facts/node-view.ts'
import type { NodeEvidence, RawItem } from '../../src/model/node-evidence.ts'

const evidence = (items: readonly RawItem[], end: NodeEvidence['end'] = 'complete'): NodeEvidence => ({
  target: 't',
  name: 't',
  carrier: 'local',
  offline: false,
  collectedAt: '',
  nodeClock: 0,
  uid: 0,
  scriptDigest: '',
  end,
  items,
})
const listed: RawItem = {
  kind: 'directory',
  id: 'directory:/d',
  path: '/d',
  state: 'observed',
  entries: ['/d/a'],
}
const denied: RawItem = {
  kind: 'directory',
  id: 'directory:/e',
  path: '/e',
  state: 'unavailable',
  reason: 'permission-denied',
}
const gone: RawItem = { kind: 'directory', id: 'directory:/g', path: '/g', state: 'absent' }

describe('a node view', () => {
  it('answers not-collected for everything that was never asked', () => {
    const view = createNodeView(evidence([]))

    const answers = [
      view.file('/x'),
      view.content('/x'),
      view.directory('/x'),
      view.key('/x'),
      view.unit('u'),
      view.command(['c']),
      view.processes(),
    ]

    expect(answers.map((item) => item.state === 'unavailable' && item.reason)).toEqual(
      answers.map(() => 'not-collected'),
    )
    expect(view.processesNamed('x')).toEqual([])
  })

  it('answers with the reason the collection ended early', () => {
    const view = createNodeView(evidence([], 'timed-out'))

    expect(view.file('/x')).toMatchObject({ state: 'unavailable', reason: 'timed-out' })
    expect(view.unit('x')).toMatchObject({ state: 'unavailable', reason: 'timed-out' })
  })

  it('answers with the words the collection ended with, where there are any', () => {
    const view = createNodeView({ ...evidence([], 'unreachable'), endDetail: 'connection refused' })

    expect(view.command(['c'])).toMatchObject({ reason: 'unreachable', detail: 'connection refused' })
  })

  it('answers with what was collected', () => {
    const items: readonly RawItem[] = [
      { kind: 'command', id: 'command:a b', argv: ['a', 'b'], state: 'observed', text: 'x', exitCode: 0 },
      { kind: 'directory', id: 'directory:/', path: '/', state: 'observed', entries: ['/etc'] },
    ]
    const view = createNodeView(evidence(items))

    expect(view.command(['a', 'b'])).toBe(items[0])
    expect(view.file('/other').state).toBe('absent')
    expect(view.file('/etc').state).toBe('unavailable')
  })

  it('knows a path is absent where its directory was listed or is not there, and only there', () => {
    const view = createNodeView(evidence([listed, denied, gone]))

    expect(view.file('/d/b').state).toBe('absent')
    expect(view.file('/d/a').state).toBe('unavailable')
    expect(view.file('/d/a/deep').state).toBe('unavailable')
    expect(view.file('/e/b').state).toBe('unavailable')
    expect(view.file('/g/b').state).toBe('absent')
  })

  it('names the processes of this node alone, and keeps those of nodes inside containers', () => {
    const process = (pid: number, nested: boolean): RawItem => ({
      kind: 'process',
      id: `process:${pid}`,
      pid,
      state: 'observed',
      comm: 'kubelet',
      name: 'kubelet',
      argv: ['kubelet'],
      env: {},
      uid: 0,
      startedAt: null,
      cgroup: '0::/',
      contained: nested,
      ...(nested ? { nested } : {}),
    })

    const view = createNodeView(evidence([process(1, true), process(2, false)]))

    expect(view.processesNamed('kubelet').map(({ pid }) => pid)).toEqual([2])
    expect(view.all('process').map(({ pid }) => pid)).toEqual([1, 2])
  })
})
