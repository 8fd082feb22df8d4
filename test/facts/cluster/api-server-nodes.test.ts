import { describe, expect, it } from 'vitest'
import { apiServerNodes, apiServersPath } from '../../../src/facts/cluster/api-server-nodes.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { answered, clusterOf, listed } from './a-cluster.ts'

const derive = (...items: readonly RawItem[]) =>
  apiServerNodes.derive({ fact: 'api-server-nodes' }, clusterOf(...items))
const served = (...addresses: readonly string[]) => answered(`GET ${apiServersPath}`, addresses)
const nodes = listed('v1/nodes', [{ name: 'a', addresses: ['10.0.0.1', 'a'] }])

describe('the machines API servers run on', () => {
  it('were seen where each is a node', () => {
    expect(derive(served('10.0.0.1'), nodes)).toMatchObject({ fact: { offending: { kind: 'absent' } } })
  })

  it('were not all seen where one is no node: a server without an agent', () => {
    expect(derive(served('10.0.0.1', '10.0.0.11'), nodes)).toMatchObject({
      fact: {
        offending: { kind: 'unavailable', reason: 'not-shown', detail: expect.stringContaining('10.0.0.11') },
      },
    })
  })

  it('are the provider’s where it runs the control plane', () => {
    const eks = listed('v1/nodes', [{ name: 'a', labels: { 'eks.amazonaws.com/nodegroup': 'x' } }])
    expect(derive(served('10.0.0.9'), eks)).toMatchObject({ kind: 'absent' })
  })

  it('are not known where the API does not say or may not be asked', () => {
    expect(derive(nodes)).toMatchObject({ kind: 'unavailable', reason: 'not-collected' })
    expect(derive(served('10.0.0.1'))).toMatchObject({ kind: 'unavailable' })
    const path = `GET ${apiServersPath}`
    expect(
      derive({ kind: 'answer', id: `answer:${path}`, question: path, state: 'absent' }, nodes),
    ).toMatchObject({ kind: 'absent' })
  })
})
