import { describe, expect, it } from 'vitest'
import { clock, clockOffset } from '../../src/facts/clock.ts'
import { encryptionLayout } from '../../src/facts/encryption-layout.ts'
import { etcdMembership, memberNames } from '../../src/facts/etcd-membership.ts'
import { factKinds } from '../../src/facts/index.ts'
import { createNodeView } from '../../src/facts/node-view.ts'
import { trustRoots } from '../../src/facts/trust-roots.ts'
import type { NodeEvidence, RawItem } from '../../src/model/node-evidence.ts'
import { shippedComponents } from '../support/components.ts'
import {
  content,
  missing,
  nodeWith,
  noManifests,
  noUnits,
  plain,
  process,
  unit,
} from '../support/settings-node.ts'
import { certificateText, denied, key, kubeadmNode, withFlags } from './files/kubeadm-node.ts'

const knowledge = { components: shippedComponents() }
const fingerprint = expect.stringMatching(/^sha256:[0-9a-f]{64}$/)

describe('every fact that nodes are compared by', () => {
  it.each(['clock', 'encryption-layout', 'etcd-membership', 'trust-roots'])(
    '%s has the fields it promises',
    (name) => {
      const kind = factKinds[name]
      const fact = kind?.derive({ fact: name }, name === 'clock' ? at(evidence()) : kubeadmNode([]))
      expect(Object.keys(plain(fact) as object).sort()).toEqual(
        [...(kind?.fields({ fact: name }, knowledge) ?? [])].sort(),
      )
      expect(kind?.probes({ fact: name }, knowledge)).toBeDefined()
    },
  )
})

function evidence(parts: Partial<NodeEvidence> = {}): NodeEvidence {
  return {
    target: 'ssh://a',
    name: 'a',
    carrier: 'ssh2',
    offline: false,
    collectedAt: '2026-01-01T00:00:00.500Z',
    nodeClock: Date.UTC(2026, 0, 1) / 1000 + 10,
    clockRead: { fromMs: 200, toMs: 700 },
    uid: 0,
    scriptDigest: '',
    end: 'complete',
    items: [],
    ...parts,
  }
}

function at(one: NodeEvidence) {
  return { ...nodeWith([]), view: createNodeView(one) }
}

describe('the clock of a node', () => {
  it('is ahead by between two numbers: it was read in whole seconds, some time in the run', () => {
    expect(clockOffset(evidence())).toEqual([8.8, 10.3])
    expect(plain(clock.derive({ fact: 'clock' }, at(evidence())))).toEqual({ 'offset-seconds': [8.8, 10.3] })
  })

  it.each([
    ['an image has none', { offline: true }, 'offline'],
    ['older evidence does not tell when it was read', { clockRead: undefined }, 'not-collected'],
    ['the node did not say', { nodeClock: null, end: 'unreachable' }, 'unreachable'],
    ['the collecting machine did not', { collectedAt: 'soon' }, 'not-collected'],
  ])('is unknown: %s', (_, parts, reason) => {
    const one = evidence(parts as Partial<NodeEvidence>)
    expect(plain(clock.derive({ fact: 'clock' }, at(one)))).toEqual({ unavailable: reason })
  })
})

describe('the layout of the encryption configuration', () => {
  const path = '/etc/kubernetes/pki/enc.yaml'
  const layout = (text: string | RawItem) => {
    const file = typeof text === 'string' ? content(path, text) : text
    const items = [...withFlags('kube-apiserver', [`--encryption-provider-config=${path}`]), file]
    return plain(encryptionLayout.derive({ fact: 'encryption-layout' }, kubeadmNode(items)))
  }
  const configuration = (resources: string) =>
    `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: ${resources}\n`

  it('names resources, providers and keys in order, never what is secret', () => {
    const text = configuration(
      '[{resources: [secrets, configmaps], providers: [{aescbc: {keys: [{name: k2, secret: <redacted>}, {name: k1}, {}]}}, {identity: {}}]}, {resources: [events], providers: [{kms: {name: vault, apiVersion: v2}}, {secretbox: null}, {aesgcm: {keys: 7}}]}]',
    )
    expect(layout(text)).toEqual({
      layout:
        'configmaps, secrets: aescbc(k2, k1), then identity; events: kms(vault), then secretbox, then aesgcm',
    })
  })

  it('is nothing where none is configured, or no API server runs', () => {
    expect(plain(encryptionLayout.derive({ fact: '' }, kubeadmNode([])))).toEqual({ layout: undefined })
    expect(
      plain(encryptionLayout.derive({ fact: '' }, nodeWith([...noUnits, ...noManifests]))),
    ).toBeUndefined()
  })

  it.each([
    ['another document', 'apiVersion: v1\nkind: Pod\n'],
    ['resources that are no list', configuration('{}')],
    ['an entry without a list', configuration('[{resources: [secrets], providers: aescbc}]')],
    ['an entry with odd names', configuration('[{resources: 7, providers: []}]')],
  ])('is unknown for %s', (_, text) => {
    expect(layout(text)).toEqual({ layout: { unavailable: 'unparsable' } })
  })

  it('is unknown when it may not be read', () => {
    expect(layout(denied('content', path))).toEqual({ layout: { unavailable: 'permission-denied' } })
  })

  it('has a name for a provider without one', () => {
    expect(layout(configuration('[{resources: [secrets], providers: [{kms: {}}]}]'))).toEqual({
      layout: 'secrets: kms',
    })
  })
})

describe('etcd membership', () => {
  const member = (...flags: readonly string[]) =>
    plain(
      etcdMembership.derive(
        { fact: 'etcd-membership' },
        nodeWith([
          ...noUnits,
          ...noManifests,
          process({ name: 'etcd', argv: ['etcd', ...flags], cgroup: '0::/system.slice/other.service' }),
        ]),
      ),
    )

  it('is what the member was told at its start', () => {
    const cluster =
      '--initial-cluster=cp-1=https://10.0.0.1:2380,cp-2=https://10.0.0.2:2380,cp-2=https://[fd00::2]:2380'
    expect(member('--name=cp-2', cluster)).toEqual({
      name: 'cp-2',
      'running-name': 'cp-2',
      members: ['cp-1', 'cp-2'],
    })
  })

  it('is itself alone when it was told nothing', () => {
    expect(member('--name=cp-1')).toMatchObject({ members: ['cp-1'] })
    expect(member()).toMatchObject({ name: 'default', members: ['default'] })
  })

  it('is unknown when that is not in the form of members', () => {
    expect(member('--name=cp-1', '--initial-cluster=cp-1')).toMatchObject({
      members: { unavailable: 'unparsable' },
    })
    expect(memberNames('a=b,c')).toBeNull()
    expect(memberNames(' a=b , c=d')).toEqual(['a', 'c'])
  })

  it('does not count a member that is down as running', () => {
    const fragment = '/etc/systemd/system/etcd.service'
    const stopped = [
      ...noUnits.filter(({ id }) => id !== 'unit:etcd.service'),
      ...noManifests,
      unit('etcd.service', {
        LoadState: 'loaded',
        ActiveState: 'inactive',
        UnitFileState: 'enabled',
        FragmentPath: fragment,
      }),
      content(fragment, '[Service]\nExecStart=/usr/bin/etcd --name=cp-1\n'),
    ]
    expect(plain(etcdMembership.derive({ fact: '' }, nodeWith(stopped)))).toMatchObject({
      name: 'cp-1',
      'running-name': undefined,
    })
    const unsure = stopped.map((item) =>
      item.id === 'unit:etcd.service'
        ? unit('etcd.service', {
            LoadState: 'loaded',
            ActiveState: 'active',
            SubState: 'running',
            UnitFileState: 'enabled',
            FragmentPath: fragment,
          })
        : item,
    )
    expect(plain(etcdMembership.derive({ fact: '' }, nodeWith(unsure)))).toMatchObject({
      'running-name': { unavailable: 'ambiguous' },
    })
  })

  it('is unknown when what it was told could not be read', () => {
    const configured = nodeWith([
      ...noUnits,
      ...noManifests,
      process({
        name: 'etcd',
        argv: ['etcd', '--config-file=/etc/etcd.yml'],
        cgroup: '0::/system.slice/x.service',
      }),
      denied('content', '/etc/etcd.yml'),
    ])
    expect(plain(etcdMembership.derive({ fact: '' }, configured))).toEqual({
      name: { unavailable: 'permission-denied' },
      'running-name': { unavailable: 'permission-denied' },
      members: { unavailable: 'permission-denied' },
    })
    const odd = nodeWith([
      ...noUnits,
      ...noManifests,
      process({
        name: 'etcd',
        argv: ['etcd', '--config-file=/etc/etcd.yml'],
        cgroup: '0::/system.slice/x.service',
      }),
      content('/etc/etcd.yml', 'name: cp-1\ninitial-cluster: { a: b }\n'),
    ])
    expect(plain(etcdMembership.derive({ fact: '' }, odd))).toMatchObject({
      name: 'cp-1',
      members: { unavailable: 'unparsable' },
    })
  })

  it('is absent where there is no etcd', () => {
    expect(plain(etcdMembership.derive({ fact: '' }, nodeWith([...noUnits, ...noManifests])))).toBeUndefined()
  })
})

describe('what the trust of a node rests on', () => {
  const roots = (...changes: readonly RawItem[]) =>
    plain(trustRoots.derive({ fact: 'trust-roots' }, kubeadmNode(changes))) as Record<string, unknown>

  it('is told by the keys of its authorities', () => {
    const found = roots()
    expect(found).toEqual({
      'client-ca': [fingerprint],
      'server-ca': [fingerprint],
      'etcd-ca': [fingerprint],
      'kubelet-issuer': fingerprint,
      'service-account-keys': [fingerprint],
    })
    expect(found['client-ca']).toEqual(found['server-ca'])
    expect(found['client-ca']).toEqual([found['kubelet-issuer']])
    expect(found['client-ca']).not.toEqual(found['etcd-ca'])
  })

  it('is another where another authority is trusted', () => {
    const other = roots(content('/etc/kubernetes/pki/ca.crt', certificateText('front-proxy-ca')))
    expect(other['client-ca']).not.toEqual(roots()['client-ca'])
    expect(other['kubelet-issuer']).toBe('an authority the kubelet does not accept')
  })

  it('counts an authority that is listed twice once', () => {
    const twice = content('/etc/kubernetes/pki/ca.crt', certificateText('ca') + certificateText('ca'))
    expect(roots(twice)['client-ca']).toEqual(roots()['client-ca'])
  })

  it('is unknown where a file could not be read', () => {
    expect(roots(denied('content', '/etc/kubernetes/pki/ca.crt'))).toMatchObject({
      'client-ca': { unavailable: 'permission-denied' },
      'kubelet-issuer': { unavailable: 'permission-denied' },
    })
    expect(roots(denied('content', '/etc/kubernetes/kubelet.conf'))).toMatchObject({
      'server-ca': { unavailable: 'permission-denied' },
      'kubelet-issuer': { unavailable: 'permission-denied' },
    })
  })

  it('follows paths a kubeconfig names', () => {
    const pem = '/var/lib/kubelet/pki/kubelet-client-current.pem'
    const kubeconfig = (ca: string) =>
      content(
        '/etc/kubernetes/kubelet.conf',
        `apiVersion: v1\nkind: Config\nusers: [{name: n, user: {client-certificate: ${pem}, client-key: ${pem}}}]\nclusters: [{name: c, cluster: {certificate-authority: ${ca}}}]\n`,
      )
    const client = content(pem, certificateText('apiserver-kubelet-client'))
    const file: RawItem = {
      kind: 'file',
      id: `file:${pem}`,
      path: pem,
      state: 'observed',
      stat: { type: 'file', mode: 0o600, uid: 0, gid: 0, size: 1, mtime: 1 },
    }
    const known = roots(kubeconfig('/etc/kubernetes/pki/ca.crt'), client, file)
    expect(known).toMatchObject({ 'server-ca': roots()['client-ca'], 'kubelet-issuer': fingerprint })
    const keyOnly = content(pem, '-----BEGIN X-----\nAA==\n-----END X-----\n')
    expect(roots(kubeconfig('/etc/kubernetes/pki/ca.crt'), keyOnly, file)['kubelet-issuer']).toBeUndefined()
    const lost = [denied('file', '/srv/ca.crt'), denied('content', '/srv/ca.crt')]
    expect(roots(kubeconfig('/srv/ca.crt'), client, file, ...lost)['server-ca']).toEqual({
      unavailable: 'permission-denied',
    })
  })

  it('is nothing where the kubelet shows a token, or there is none', () => {
    const token = content(
      '/etc/kubernetes/kubelet.conf',
      'apiVersion: v1\nkind: Config\nusers: []\nclusters: []\n',
    )
    expect(roots(token)).toMatchObject({ 'server-ca': undefined, 'kubelet-issuer': undefined })
    const bare = plain(trustRoots.derive({ fact: '' }, nodeWith([...noUnits, ...noManifests])))
    expect(bare).toEqual({
      'client-ca': undefined,
      'server-ca': undefined,
      'etcd-ca': undefined,
      'kubelet-issuer': undefined,
      'service-account-keys': undefined,
    })
  })

  it('is unknown while it is not known what the kubelet was told', () => {
    const blind: RawItem = {
      kind: 'processes',
      id: 'processes',
      state: 'unavailable',
      reason: 'permission-denied',
    }
    const node = nodeWith([blind, ...noUnits, ...noManifests, missing('file', '/x'), key('/y', 'z')])
    expect(plain(trustRoots.derive({ fact: '' }, node))).toMatchObject({
      'server-ca': { unavailable: 'permission-denied' },
    })
  })
})
