import { describe, expect, it } from 'vitest'
import { createNodeView } from '../../../src/facts/node-view.ts'
import { detectShownNode } from '../../../src/facts/through-api/shown-node.ts'
import { ofKubeadm, type Shown, shownNode } from './a-shown-node.ts'

const detect = (shown: Shown, given?: string) => detectShownNode(createNodeView(shownNode(shown)), given)

describe('a node seen through the API', () => {
  it('is what it is marked as, in the roles of its labels', () => {
    expect(detect({ node: ofKubeadm })).toMatchObject({
      distribution: 'kubeadm',
      roles: ['control-plane', 'worker'],
      held: { kind: 'observed' },
      version: 'v1.34.2',
    })
  })

  it('has the roles its static pods show', () => {
    const { roles } = detect({
      node: { annotated: ofKubeadm.annotated },
      pods: { 'etcd-cp-1': {}, 'kube-apiserver-cp-1': {} },
    })
    expect(roles).toEqual(['control-plane', 'etcd', 'worker'])
  })

  it('may be more than a worker where a control plane need not show', () => {
    expect(detect({})).toMatchObject({
      distribution: 'unknown',
      roles: ['worker'],
      held: { kind: 'unavailable', reason: 'not-shown' },
    })
  })

  it('is what a person says it is', () => {
    expect(detect({}, 'k3s')).toMatchObject({ distribution: 'k3s', isGiven: true })
  })

  it('is nothing for certain where it is marked as two', () => {
    expect(detect({ node: { annotated: ['k3s.io/node-args', 'rke2.io/node-args'] } }).distribution).toBe(
      'unknown',
    )
  })

  it('tells its kernel and system', () => {
    expect(detect({ node: { kernel: '6.1.0', osImage: 'Debian 12' } }).os).toEqual({
      kernel: '6.1.0',
      name: 'Debian 12',
    })
  })
})
