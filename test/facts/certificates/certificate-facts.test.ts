import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FactRequest } from '../../../src/model/check.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import { content, missing, process } from '../../support/settings-node.ts'
import {
  atMs,
  certificateText,
  denied,
  factKinds,
  factOf,
  key,
  kubeadmNode,
  publicKeyOf,
  stat,
  withFlags,
} from '../files/kubeadm-node.ts'
import { opensslPki } from './openssl.ts'

type Entry = Record<string, unknown>
const pki = '/etc/kubernetes/pki'
const entries = (node = kubeadmNode(), more: Partial<FactRequest> = {}): readonly Entry[] =>
  (factOf({ fact: 'certificates', ...more } as FactRequest, node) as readonly Entry[] | undefined) ?? []
const entry = (path: string, node = kubeadmNode()): Entry | undefined =>
  entries(node).find((one) => one.path === path)

function embeddedCertificate(path: string): string {
  const item = kubeadmNode().view.content(path)
  const text = item.state === 'observed' ? item.text : ''
  return Buffer.from(/client-certificate-data: (\S+)/.exec(text)?.[1] ?? '', 'base64').toString('latin1')
}

describe('certificates of a kubeadm node', () => {
  it('all match their keys, chain to the CA that is trusted, and fit their use', () => {
    const leaves = entries(kubeadmNode(), { purposes: ['serving', 'client', 'peer'], stored: 'file' })

    expect(leaves.map((one) => one.path)).toEqual(
      [
        'apiserver-etcd-client',
        'apiserver-kubelet-client',
        'apiserver',
        'etcd/peer',
        'etcd/server',
        'front-proxy-client',
      ].map((name) => `${pki}/${name}.crt`),
    )
    expect(
      leaves.every(
        (one) => one['key-matches'] === true && one['chain-verifies'] === true && one['fits-use'] === true,
      ),
    ).toBe(true)
  })

  it('says who uses a certificate, once a file', () => {
    expect(entry(`${pki}/etcd/ca.crt`)).toMatchObject({
      'used-by': 'kube-apiserver etcd-cafile, etcd trusted-ca-file, etcd peer-trusted-ca-file',
      purposes: ['ca'],
      'is-ca': true,
      'key-matches': undefined,
    })
  })

  it('counts days from the given moment, not from now', () => {
    expect(entry(`${pki}/apiserver.crt`)).toMatchObject({
      'days-left': 184,
      'valid-now': true,
      'lifetime-days': 365,
      'not-after': '2027-11-21T06:16:39.000Z',
    })
    expect(entry(`${pki}/apiserver.crt`, { ...kubeadmNode(), atMs: atMs + 400 * 86_400_000 })).toMatchObject({
      'days-left': -216,
      'valid-now': false,
    })
    expect(entry(`${pki}/apiserver.crt`, { ...kubeadmNode(), atMs: 0 })).toMatchObject({ 'valid-now': false })
  })

  it('reads certificates that kubeconfigs embed', () => {
    expect(entry('/etc/kubernetes/kubelet.conf (user system:node:cp-1)')).toMatchObject({
      organizations: ['system:nodes'],
      purposes: ['client'],
      'chain-verifies': true,
      'key-matches': { unavailable: 'not-collected' },
    })
  })

  it('match the keys of kubeconfigs by the public half the node derived of each', () => {
    const user = 'system:node:cp-1'
    const matches = (publicKey: string): unknown =>
      entry(
        `/etc/kubernetes/kubelet.conf (user ${user})`,
        kubeadmNode([key(`/etc/kubernetes/kubelet.conf#${user}`, publicKey)]),
      )?.['key-matches']
    const own = embeddedCertificate('/etc/kubernetes/kubelet.conf')

    expect(matches(publicKeyOf(own))).toBe(true)
    expect(matches(publicKeyOf(certificateText('ca')))).toBe(false)
  })

  it("reads administrators' certificates too, and matches their keys", () => {
    const path = '/etc/kubernetes/super-admin.conf'
    const admin = entry(`${path} (user kubernetes-super-admin)`)
    const own = key(`${path}#kubernetes-super-admin`, publicKeyOf(embeddedCertificate(path)))
    const derived = entry(`${path} (user kubernetes-super-admin)`, kubeadmNode([own]))

    expect(admin).toMatchObject({
      'used-by': 'administrators',
      organizations: ['system:masters'],
      'chain-verifies': true,
      'fits-use': true,
    })
    expect(admin?.['key-matches']).toEqual({ unavailable: 'not-collected' })
    expect(derived?.['key-matches']).toBe(true)
  })

  it('takes the service account public key for what it is: no certificate', () => {
    expect(entries(kubeadmNode(), { purposes: ['service-account'] })).toEqual([])
    expect(JSON.stringify(entries())).not.toContain('sa.pub')
  })

  it('takes a service account key kept as a certificate for one', () => {
    const path = `${pki}/sa.pub`

    expect(entry(path, kubeadmNode([content(path, certificateText('front-proxy-client'))]))).toMatchObject({
      purposes: ['service-account'],
      'chain-verifies': undefined,
    })
  })

  it('can be asked for those that have a private key on the node', () => {
    const used = entries(kubeadmNode(), { of: 'etcd', keyed: true }).map((one) => one.path)
    const broken = content(`${pki}/etcd/server.crt`, 'rubbish')

    expect(used).toEqual([`${pki}/etcd/peer.crt`, `${pki}/etcd/server.crt`])
    expect(entries(kubeadmNode([broken]), { of: 'etcd', keyed: true })).toContainEqual({
      unavailable: 'unparsable',
    })
  })

  it('can be asked for one component', () => {
    const used = entries(kubeadmNode(), { of: 'etcd' }).map((one) => one.path)

    expect(used).toEqual([`${pki}/etcd/ca.crt`, `${pki}/etcd/peer.crt`, `${pki}/etcd/server.crt`])
  })

  it('tells the author of a check about words it does not know', () => {
    const faults = factKinds['certificates']?.faults?.(
      {
        fact: 'certificates',
        purposes: ['server'],
        of: 'etdc',
        stored: 'disk',
        renewed: 'never',
        keyed: false,
      },
      { components: shippedComponents() },
    )

    expect(faults).toHaveLength(5)
  })
})

describe('certificates that are wrong', () => {
  it('do not match a key of another certificate', () => {
    const node = kubeadmNode([key(`${pki}/apiserver.key`, publicKeyOf(certificateText('ca')))])

    expect(entry(`${pki}/apiserver.crt`, node)).toMatchObject({
      'key-matches': false,
      'chain-verifies': true,
    })
  })

  it('leave the match open when the key could not be looked at', () => {
    const path = `${pki}/apiserver.key`
    const item: RawItem = {
      kind: 'key',
      id: `key:${path}`,
      path,
      state: 'unavailable',
      reason: 'permission-denied',
    }

    expect(entry(`${pki}/apiserver.crt`, kubeadmNode([item]))).toMatchObject({
      'key-matches': { unavailable: 'permission-denied' },
      'chain-verifies': true,
    })
  })

  it('do not chain when they come from another CA', () => {
    const node = kubeadmNode([
      content(`${pki}/apiserver-kubelet-client.crt`, certificateText('apiserver-etcd-client')),
    ])

    expect(entry(`${pki}/apiserver-kubelet-client.crt`, node)).toMatchObject({ 'chain-verifies': false })
  })

  it('leave the chain open when the CA could not be read', () => {
    const node = kubeadmNode([denied('content', `${pki}/front-proxy-ca.crt`)])

    expect(entry(`${pki}/front-proxy-client.crt`, node)).toMatchObject({
      'chain-verifies': { unavailable: 'permission-denied' },
    })
  })

  it('do not fit a use they were not issued for', () => {
    const node = kubeadmNode([content(`${pki}/apiserver.crt`, certificateText('apiserver-kubelet-client'))])

    expect(entry(`${pki}/apiserver.crt`, node)).toMatchObject({ 'fits-use': false })
  })

  it.each([
    ['text', 'hello'],
    ['nothing', ''],
    ['a key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
    ['a damaged block', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('are an entry of their own when they are none: %s', (_, text) => {
    const node = kubeadmNode([content(`${pki}/apiserver.crt`, text)])

    expect(entry(`${pki}/apiserver.crt`, node)).toBeUndefined()
    expect(entries(node)).toContainEqual({ unavailable: 'unparsable' })
  })

  it('are an entry of their own when they do not exist', () => {
    const path = `${pki}/apiserver.crt`

    expect(entries(kubeadmNode([missing('content', path), missing('file', path)]))).toContainEqual({
      unavailable: 'ambiguous',
    })
  })

  it('of a huge bundle are read up to a bound, and the rest is said', () => {
    const path = `${pki}/front-proxy-ca.crt`
    const node = kubeadmNode([content(path, certificateText('front-proxy-ca').repeat(300))])

    expect(entries(node).filter((one) => one.path === path)).toHaveLength(256)
    expect(entries(node)).toContainEqual({ unavailable: 'truncated' })
    expect(entry(`${pki}/front-proxy-client.crt`, node)).toMatchObject({
      'chain-verifies': { unavailable: 'truncated' },
    })
  })

  it('of a CA bundle are judged one by one: an old one does not hide behind a new one', () => {
    const path = `${pki}/ca.crt`
    const node = kubeadmNode([content(path, certificateText('ca') + certificateText('front-proxy-ca'))])

    expect(
      entries(node)
        .filter((one) => one.path === path)
        .map((one) => [one.position, one.subject]),
    ).toEqual([
      [1, 'CN=kubernetes'],
      [2, 'CN=front-proxy-ca'],
    ])
  })

  it('judge the leaf of a file that holds its chain, not the CA with ten years', () => {
    const path = `${pki}/apiserver.crt`
    const node = kubeadmNode([content(path, certificateText('apiserver') + certificateText('ca'))])

    expect(entries(node).filter((one) => one.path === path)).toMatchObject([
      { position: 1, 'lifetime-days': 365 },
    ])
  })
})

describe("the kubelet's own certificates", () => {
  const openssl = opensslPki()
  let selfSigned = ''
  beforeAll(() => {
    selfSigned = openssl.issue({
      name: 'kubelet',
      subject: '/CN=cp-1@1',
      extensions: ['subjectAltName=DNS:cp-1', 'extendedKeyUsage=serverAuth'],
    })
  })
  afterAll(() => openssl.remove())
  const path = '/var/lib/kubelet/pki/kubelet.crt'
  const serving = (): readonly RawItem[] => [
    stat(path, { mode: 0o644, holds: ['certificate'] }),
    content(path, selfSigned),
    key('/var/lib/kubelet/pki/kubelet.key', openssl.publicKey('kubelet')),
    stat('/var/lib/kubelet/pki/kubelet.key', { holds: ['private-key'] }),
  ]

  it('include the serving certificate nobody configured, which chains to no CA of the cluster', () => {
    expect(entry(path, kubeadmNode(serving()))).toMatchObject({
      'used-by': 'kubelet tls-cert-file',
      'self-signed': true,
      'key-matches': true,
      'chain-verifies': false,
      'fits-use': true,
    })
  })

  it('read certificate and key out of one file', () => {
    const bundle = '/var/lib/kubelet/pki/kubelet-client-current.pem'
    const client = certificateText('apiserver-kubelet-client')
    const kubeconfig = `apiVersion: v1\nkind: Config\nusers: [{name: n, user: {client-certificate: ${bundle}, client-key: ${bundle}}}]\nclusters: []\n`
    const node = kubeadmNode([
      content('/etc/kubernetes/kubelet.conf', kubeconfig),
      stat(bundle, { holds: ['certificate', 'private-key'] }),
      content(bundle, client),
      key(bundle, publicKeyOf(client)),
    ])

    expect(entry(bundle, node)).toMatchObject({
      'key-matches': true,
      'chain-verifies': true,
      purposes: ['client'],
    })
  })

  it('leave the chain of a client open where the CA that decides is on another machine', () => {
    const own = openssl.issue({ name: 'stranger', subject: '/CN=stranger', issuer: 'kubelet' })
    const node = kubeadmNode(
      [
        content(`${pki}/apiserver-etcd-client.crt`, own),
        process({
          name: 'kube-apiserver',
          pid: 101,
          contained: true,
          argv: ['kube-apiserver', `--etcd-certfile=${pki}/apiserver-etcd-client.crt`],
        }),
      ],
      [
        'content:/etc/kubernetes/manifests/etcd.yaml',
        'file:/etc/kubernetes/manifests/etcd.yaml',
        'process:100',
      ],
    )
    expect(entry(`${pki}/apiserver-etcd-client.crt`, node)?.['chain-verifies']).toEqual({
      unavailable: 'not-collected',
    })
  })
})

describe('trust-overlap', () => {
  const overlap = (node = kubeadmNode()): unknown =>
    factOf(
      { fact: 'trust-overlap', first: 'etcd.trusted-ca-file', second: 'kube-apiserver.client-ca-file' },
      node,
    )

  it('is empty where etcd has a CA of its own', () => {
    expect(overlap()).toEqual({ overlaps: false, count: 0, shared: [] })
  })

  it('names a CA both trust, also behind others and under another file name', () => {
    const node = kubeadmNode([
      content(`${pki}/etcd/ca.crt`, certificateText('etcd/ca') + certificateText('ca')),
    ])

    expect(overlap(node)).toEqual({ overlaps: true, count: 1, shared: ['CN=kubernetes'] })
  })

  it('says nothing when a bundle holds something that cannot be read', () => {
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

    expect(
      overlap(kubeadmNode([content(`${pki}/etcd/ca.crt`, certificateText('etcd/ca') + damaged)])),
    ).toEqual({ unavailable: 'unparsable' })
    expect(overlap(kubeadmNode([denied('content', `${pki}/ca.crt`)]))).toEqual({
      unavailable: 'permission-denied',
    })
  })

  it('is absent when a side trusts no bundle of its own', () => {
    expect(overlap(kubeadmNode(withFlags('etcd', [], ['trusted-ca-file'])))).toBeUndefined()
  })

  it('tells the author of a check about a setting there is not', () => {
    const faults = factKinds['trust-overlap']?.faults?.(
      { fact: 'trust-overlap', first: 'etcd.trusted-ca', second: 'kube-apiserver.client-ca-file' },
      { components: shippedComponents() },
    )

    expect(faults).toHaveLength(1)
  })
})
