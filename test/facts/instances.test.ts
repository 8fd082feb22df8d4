import { expect, it } from 'vitest'
import { instancesOf, managedPeerPorts } from '../../src/facts/instances.ts'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { nodeWith, noManifests, noUnits, process } from '../support/settings-node.ts'

const env = { ETCD_LISTEN_PEER_URLS: 'https://0.0.0.0:2381,https://[::]:2382/' }
const managed = process({ name: 'etcd', argv: ['/opt/etcd-v3.5.21/etcd'], env, pid: 7 })
const unread: RawItem = {
  kind: 'process',
  id: 'process:8',
  pid: 8,
  name: 'etcd',
  state: 'unavailable',
  reason: 'permission-denied',
}

it('etcds of etcd-manager say at which ports they have peers; others and unread ones say nothing', () => {
  const own = process({ name: 'etcd', argv: ['etcd'], env, pid: 9 })
  expect(managedPeerPorts(nodeWith([managed, unread, own]).view)).toEqual([2381, 2382])
})

it('an etcd without the manifest of an etcd-manager is the only one of its node', () => {
  expect(instancesOf(nodeWith([...noUnits, ...noManifests, managed]))).toEqual([])
  expect(instancesOf({ ...nodeWith([managed]), components: new Map() })).toEqual([])
})
