import { describe, expect, it } from 'vitest'
import { openWaiting } from '../../src/cli/join-nodes.ts'
import type { NodeEvidence } from '../../src/model/node-evidence.ts'
import { shownNode } from '../facts/through-api/a-shown-node.ts'

function ownEvidence(name: string, machine?: string): NodeEvidence {
  const id = { kind: 'content', id: 'content:/etc/machine-id', path: '/etc/machine-id' } as const
  return {
    ...shownNode({}),
    name,
    uid: 0,
    carrier: 'ssh2',
    items: machine === undefined ? [] : [{ ...id, state: 'observed', text: `${machine}\n` }],
  }
}

function named(name: string, machineId: string): NodeEvidence {
  return { ...shownNode({ node: { name, machineId } }), name }
}

describe('a node seen both ways', () => {
  it('is one by its machine id, whatever it is called', () => {
    const waiting = openWaiting()
    waiting.add(named('ip-10-0-0-1.internal', 'abc'))

    const joined = waiting.joined(ownEvidence('cp-1', 'abc'))

    expect(joined.carrier).toBe('ssh2')
    expect(joined.items.map(({ kind }) => kind)).toContain('answer')
    expect(waiting.rest()).toEqual([])
  })

  it('is one by its name where its machine id is not known', () => {
    const waiting = openWaiting()
    waiting.add(named('cp-1.example', 'abc'))
    expect(waiting.joined(ownEvidence('CP-1')).items).not.toEqual([])
  })

  it('is two where the machine ids differ', () => {
    const waiting = openWaiting()
    waiting.add(named('cp-1', 'abc'))
    const own = ownEvidence('cp-1', 'def')
    expect(waiting.joined(own)).toBe(own)
    expect(waiting.rest()).toHaveLength(1)
  })

  it('is told from its clones by its name', () => {
    const waiting = openWaiting()
    waiting.add(named('a', 'abc'))
    waiting.add(named('b', 'abc'))
    waiting.joined(ownEvidence('b', 'abc'))
    expect(waiting.rest().map(({ name }) => name)).toEqual(['a'])
  })

  it('is not told twice where its own evidence came first', () => {
    const waiting = openWaiting()
    waiting.joined(ownEvidence('a', 'abc'))
    waiting.add(named('a', 'abc'))
    expect(waiting.rest()).toEqual([])
  })

  it('is no other of the same first name', () => {
    const waiting = openWaiting()
    waiting.add(named('cp-1.prod', 'abc'))
    const own = ownEvidence('cp-1.staging')
    expect(waiting.joined(own)).toBe(own)
    expect(waiting.rest()).toHaveLength(1)
  })

  it('is told by its whole address', () => {
    const waiting = openWaiting()
    waiting.add(named('10.0.0.1', 'abc'))
    waiting.add(named('10.0.0.2', 'def'))
    waiting.joined(ownEvidence('10.99.99.99'))
    expect(waiting.rest()).toHaveLength(2)
    waiting.joined(ownEvidence('10.0.0.2'))
    expect(waiting.rest().map(({ name }) => name)).toEqual(['10.0.0.1'])
  })

  it('is not dropped for one that did not answer, nor for an image', () => {
    const waiting = openWaiting()
    waiting.add(named('vm', 'abc'))
    waiting.joined({ ...ownEvidence('vm.staging'), uid: null, end: 'unreachable' })
    waiting.joined({ ...ownEvidence('vm', 'abc'), offline: true })
    expect(waiting.rest().map(({ name }) => name)).toEqual(['vm'])
  })
})
