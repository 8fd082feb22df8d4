import { describe, expect, it } from 'vitest'
import { apiEndpoint } from '../../src/facts/certificates/api-endpoint.ts'
import { clusterIdentity } from '../../src/facts/cluster-identity.ts'
import type { NodeContext } from '../../src/facts/fact-kind.ts'
import { trustRoots } from '../../src/facts/trust-roots.ts'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { shippedComponents } from '../support/components.ts'
import { content, nodeWith, noManifests, noUnits, plain } from '../support/settings-node.ts'
import { certificateText, denied, kubeadmNode } from './files/kubeadm-node.ts'
import { k3s } from './rancher/k3s-node.ts'

const identityOf = (node: NodeContext) =>
  plain(clusterIdentity.derive({ fact: 'cluster-identity' }, node)) as Record<string, unknown>
const identity = (...changes: readonly RawItem[]) => identityOf(kubeadmNode(changes))
const kubeconfig = (cluster: string) =>
  content(
    '/etc/kubernetes/kubelet.conf',
    `kind: Config\nusers: []\nclusters: [{name: c, cluster: {${cluster}}}]\n`,
  )
const caFile = '/etc/kubernetes/pki/ca.crt'

describe('what tells the cluster of a node', () => {
  it('has the fields it promises, and asks for what it needs', () => {
    const knowledge = { components: shippedComponents() }
    expect(Object.keys(identity())).toEqual(clusterIdentity.fields({ fact: 'cluster-identity' }, knowledge))
    expect(clusterIdentity.probes({ fact: 'cluster-identity' }, knowledge)).toContainEqual(
      expect.objectContaining({ name: 'rke2' }),
    )
  })

  it('is the authority its kubelet and API server trust, each once', () => {
    const roots = plain(trustRoots.derive({ fact: 'trust-roots' }, kubeadmNode([]))) as Record<
      string,
      unknown
    >
    expect(identity()).toMatchObject({ authorities: roots['client-ca'] })
  })

  it('is all of them while they rotate', () => {
    const both = content(caFile, certificateText('ca') + certificateText('front-proxy-ca'))
    expect(identity(both)['authorities']).toHaveLength(2)
  })

  it('is what can be seen of it', () => {
    expect(identity(denied('content', caFile))['authorities']).toEqual(identity()['authorities'])
    const nothing = identity(denied('content', caFile), denied('content', '/etc/kubernetes/kubelet.conf'))
    expect(nothing).toMatchObject({
      authorities: { unavailable: 'permission-denied' },
      endpoints: { unavailable: 'permission-denied' },
    })
  })

  it('is where the kubelet reaches its API server', () => {
    expect(identity(kubeconfig('server: "https://10.0.0.10:6443"'))).toMatchObject({
      endpoints: ['10.0.0.10:6443'],
    })
    expect(identity(kubeconfig('server: "https://127.0.0.1:6443"'))['endpoints']).toBeUndefined()
    expect(identity(kubeconfig(''))['endpoints']).toBeUndefined()
  })

  it('is the server a K3s node joined', () => {
    const joined = k3s({ configuration: 'server: https://10.99.0.11:6443' })
    expect(identityOf(nodeWith(joined))).toMatchObject({ endpoints: ['10.99.0.11:6443'] })
    const first = k3s({ configuration: 'selinux: true' })
    expect(identityOf(nodeWith(first))['endpoints']).not.toEqual(['10.99.0.11:6443'])
  })

  it('is nothing where there is no Kubernetes', () => {
    expect(identityOf(nodeWith([...noUnits, ...noManifests]))).toEqual({
      authorities: undefined,
      endpoints: undefined,
    })
  })
})

describe('where an API server is reached', () => {
  it.each([
    ['https://10.0.0.10:6443', '10.0.0.10:6443'],
    ['https://API.example.org', 'api.example.org:443'],
    ['https://api.example.org.:6443/', 'api.example.org:6443'],
    ['http://api.example.org', 'api.example.org:80'],
    ['https://[2001:db8::1]:6443', '[2001:db8::1]:6443'],
    ['https://127.example.org:6443', '127.example.org:6443'],
    ['https://notlocal.example:6443', 'notlocal.example:6443'],
  ])('%s is known beyond the node', (url, endpoint) => {
    expect(apiEndpoint(url)).toBe(endpoint)
  })

  it.each([
    'https://127.0.0.1:6443',
    'https://127.0.1.1:6443',
    'https://0.0.0.0:6443',
    'https://[::1]:6443',
    'https://[::]:6443',
    'https://localhost:6443',
    'https://api.localhost:6443',
    // Names that installation guides and Kubespray have nodes look up in their own hosts file.
    'https://cluster-endpoint:6443',
    'https://server.kubernetes.local:6443',
    'https://lb-apiserver.kubernetes.local:8443',
    'https://kubernetes.default.svc',
    '10.0.0.10:6443',
    'unix:///run/apiserver.sock',
    '',
  ])('%s says nothing beyond it', (url) => {
    expect(apiEndpoint(url)).toBeNull()
  })
})
