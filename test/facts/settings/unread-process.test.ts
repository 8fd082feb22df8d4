import { describe, expect, it } from 'vitest'
import { component } from '../../../src/facts/component.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { nodeWith, noManifests, noUnits, plain, process } from '../../support/settings-node.ts'

const base = [...noUnits, ...noManifests]
const unread = (name?: string): RawItem => ({
  kind: 'process',
  id: 'process:7',
  pid: 7,
  ...(name === undefined ? {} : { name }),
  state: 'unavailable',
  reason: 'truncated',
  detail: 'more than 131072 bytes of arguments',
})

function componentOf(of: string, ...items: readonly RawItem[]): unknown {
  return plain(component.derive({ fact: 'component', of }, nodeWith([...base, ...items])))
}

describe('a process whose arguments could not be read', () => {
  it('is not taken for a component that does not run', () => {
    expect(componentOf('kubelet', unread('kubelet'))).toEqual({ unavailable: 'truncated' })
  })

  it('may be any component when not even its name is known', () => {
    expect(componentOf('etcd', unread())).toEqual({ unavailable: 'truncated' })
  })

  it('says nothing of other components', () => {
    expect(componentOf('etcd', unread('kubelet'))).toBeUndefined()
  })

  it("does not hide the node's own, and is not covered up by one that only bears the name", () => {
    const own = process({ name: 'kubelet', argv: ['kubelet'], cgroup: '0::/system.slice/kubelet.service' })
    const other = process({ name: 'kubelet', argv: ['kubelet'], cgroup: '0::/' })

    expect(componentOf('kubelet', own, unread('kubelet'))).toMatchObject({ running: true })
    expect(componentOf('kubelet', other, unread('kubelet'))).toEqual({ unavailable: 'truncated' })
  })

  it('is not forgotten when only its number was brought back', () => {
    const table: RawItem = { kind: 'processes', id: 'processes', state: 'observed', pids: [7] }

    expect(componentOf('etcd', table)).toEqual({ unavailable: 'not-collected' })
  })
})
