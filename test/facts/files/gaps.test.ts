import { describe, expect, it } from 'vitest'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { sourceOf } from '../../../src/facts/files/raw-source.ts'
import type { FactRequest } from '../../../src/model/check.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { content, directory, missing, process, unit } from '../../support/settings-node.ts'
import {
  certificateText,
  contextOf,
  denied,
  factOf,
  key,
  kubeadmNode,
  publicKeyOf,
  stat,
  withFlags,
} from './kubeadm-node.ts'

const all: readonly FactRequest[] = [
  ...['static-pod-manifest', 'unit', 'configuration', 'kubeconfig', 'client-ca-file', 'data-directory'].map(
    (which) => ({ fact: 'component-files', of: 'kubelet', which }),
  ),
  ...['certificate', 'private-key', 'any'].map((holds) => ({ fact: 'pki-files', holds })),
  { fact: 'certificates' },
  { fact: 'certificates', purposes: 'client' },
  { fact: 'cni-files' },
  { fact: 'trust-overlap', first: 'etcd.trusted-ca-file', second: 'kube-apiserver.client-ca-file' },
  ...['encryption-at-rest', 'audit-policy', 'anonymous-access', 'authorizers', 'admission-plugins'].map(
    (fact) => ({ fact }),
  ),
]

/** A node of which nothing but the names was brought back. */
function blind(): NodeContext {
  const node = contextOf([])
  const unseen: RawItem = {
    kind: 'processes',
    id: 'processes',
    state: 'unavailable',
    reason: 'permission-denied',
  }
  return { ...node, view: { ...node.view, processes: () => unseen } }
}

describe('a node of which nothing could be seen', () => {
  it.each(all)('gives no answer to %j, and none that looks like one', (request) => {
    const answer = factOf(request, blind())
    const entries = Array.isArray(answer) ? answer : [answer]

    expect(entries.length).toBeGreaterThan(0)
    expect(entries.every((entry) => entry?.unavailable !== undefined)).toBe(true)
  })
})

describe('a kubelet whose configuration cannot be read', () => {
  const node = kubeadmNode([denied('content', '/var/lib/kubelet/config.yaml')])

  it('leaves its CA open, where it is and what it is', () => {
    expect(factOf({ fact: 'component-files', of: 'kubelet', which: 'client-ca-file' }, node)).toEqual([
      { unavailable: 'permission-denied' },
    ])
    expect(factOf({ fact: 'certificates', of: 'kubelet' }, node)).toContainEqual({
      unavailable: 'permission-denied',
    })
    expect(factOf({ fact: 'certificates', of: 'etcd' }, node)).not.toContainEqual({
      unavailable: 'permission-denied',
    })
    expect(factOf({ fact: 'pki-files', holds: 'any' }, node)).toContainEqual({
      unavailable: 'permission-denied',
    })
  })
})

describe('kubeconfigs', () => {
  const path = '/etc/kubernetes/scheduler.conf'
  const certificates = (text: string, more: readonly RawItem[] = []): unknown =>
    factOf({ fact: 'certificates', of: 'kube-scheduler' }, kubeadmNode([content(path, text), ...more]))

  it('that cannot be read leave their certificates open', () => {
    const node = kubeadmNode([denied('content', path)])

    expect(factOf({ fact: 'certificates', of: 'kube-scheduler' }, node)).toContainEqual({
      unavailable: 'permission-denied',
    })
    expect(factOf({ fact: 'pki-files', holds: 'certificate' }, node)).toContainEqual({
      unavailable: 'permission-denied',
    })
  })

  it('that do not exist although a component was told to use them are a contradiction', () => {
    const node = kubeadmNode([missing('content', path), missing('file', path)])

    expect(factOf({ fact: 'certificates', of: 'kube-scheduler' }, node)).toEqual([
      { unavailable: 'ambiguous' },
    ])
  })

  it('with a certificate and no key have nothing to match', () => {
    const data = Buffer.from(certificateText('apiserver-kubelet-client')).toString('base64')

    expect(
      certificates(`kind: Config\nusers: [{name: u, user: {client-certificate-data: ${data}}}]`),
    ).toMatchObject([{ path: `${path} (user u)`, 'key-matches': undefined, 'chain-verifies': true }])
  })

  it('whose embedded key the node derived are matched', () => {
    const data = Buffer.from(certificateText('apiserver-kubelet-client')).toString('base64')
    const text = `kind: Config\nusers: [{name: u, user: {client-certificate-data: ${data}, client-key-data: <redacted>}}]`
    const derived = key(`${path}#u`, publicKeyOf(certificateText('apiserver-kubelet-client')))

    expect(certificates(text, [derived])).toMatchObject([{ 'key-matches': true }])
  })

  it('that name files add the directories of those files to the PKI', () => {
    const text =
      'kind: Config\nusers: [{name: u, user: {client-certificate: /srv/keys/u.pem, client-key: /srv/keys/u-key.pem}}]'
    const node = kubeadmNode([
      process({
        name: 'kubelet',
        pid: 99,
        cgroup: '0::/system.slice/kubelet.service',
        argv: ['/usr/bin/kubelet', '--kubeconfig=/srv/kubelet.conf'],
      }),
      content('/srv/kubelet.conf', text),
      stat('/srv/kubelet.conf'),
      stat('/srv/keys', { type: 'directory', mode: 0o777 }),
      directory('/srv/keys', 'u.pem', 'u-key.pem', 'sub'),
      stat('/srv/keys/sub', { type: 'directory' }),
      stat('/srv/keys/u.pem', { mode: 0o644, holds: ['certificate'] }),
      stat('/srv/keys/u-key.pem', { mode: 0o640, holds: ['private-key'] }),
    ])

    expect(factOf({ fact: 'pki-files', holds: 'private-key' }, node)).toContainEqual(
      expect.objectContaining({ path: '/srv/keys/u-key.pem', mode: 0o640 }),
    )
    expect(factOf({ fact: 'pki-files', holds: 'any' }, node)).toContainEqual(
      expect.objectContaining({ path: '/srv/keys', mode: 0o777 }),
    )
  })

  it('that name a file which is missing say so', () => {
    const text =
      'kind: Config\nusers: [{name: u, user: {client-certificate: /srv/u.pem, client-key: /srv/u-key.pem}}]'
    const node = kubeadmNode([
      process({
        name: 'kubelet',
        pid: 99,
        cgroup: '0::/system.slice/kubelet.service',
        argv: ['/usr/bin/kubelet', '--kubeconfig=/srv/kubelet.conf'],
      }),
      content('/srv/kubelet.conf', text),
      stat('/srv/kubelet.conf'),
      directory('/srv', 'kubelet.conf'),
    ])

    expect(factOf({ fact: 'pki-files', holds: 'private-key' }, node)).toContainEqual({
      unavailable: 'ambiguous',
    })
    expect(factOf({ fact: 'certificates', of: 'kubelet' }, node)).toContainEqual({ unavailable: 'ambiguous' })
  })
})

describe("the kubelet's serving certificate", () => {
  it('is the rotated one when it asks the cluster for it', () => {
    const text = kubeadmNode().view.content('/var/lib/kubelet/config.yaml')
    const config = `${text.state === 'observed' ? text.text : ''}\nserverTLSBootstrap: true\n`
    const path = '/var/lib/kubelet/pki/kubelet-server-current.pem'
    const node = kubeadmNode([
      content('/var/lib/kubelet/config.yaml', config),
      stat(path, { holds: ['certificate', 'private-key'] }),
      content(path, certificateText('apiserver')),
      key(path, publicKeyOf(certificateText('apiserver'))),
    ])

    expect(factOf({ fact: 'certificates', of: 'kubelet', purposes: ['serving'] }, node)).toMatchObject([
      { path, 'key-matches': true, 'chain-verifies': true },
    ])
  })

  it('matches nothing when its derived key is no key', () => {
    const path = '/var/lib/kubelet/pki/kubelet'
    const node = kubeadmNode([
      stat(`${path}.crt`),
      content(`${path}.crt`, certificateText('apiserver')),
      stat(`${path}.key`),
      key(`${path}.key`, 'rubbish'),
    ])

    expect(factOf({ fact: 'certificates', of: 'kubelet', purposes: ['serving'] }, node)).toMatchObject([
      { 'key-matches': { unavailable: 'unparsable' } },
    ])
  })
})

describe('units', () => {
  const kubelet = (properties: Record<string, string>): NodeContext =>
    kubeadmNode([unit('kubelet.service', properties)])

  it('that systemd has not loaded give no files', () => {
    expect(
      factOf({ fact: 'component-files', of: 'kubelet', which: 'unit' }, kubelet({ LoadState: 'not-found' })),
    ).toBeUndefined()
  })

  it('that could not be asked about are a gap', () => {
    const item: RawItem = {
      kind: 'unit',
      id: 'unit:kubelet.service',
      name: 'kubelet.service',
      state: 'unavailable',
      reason: 'timed-out',
    }
    const files = ['/usr/lib/systemd/system/kubelet.service'].flatMap((path) => [
      `file:${path}`,
      `content:${path}`,
    ])

    expect(
      factOf({ fact: 'component-files', of: 'kubelet', which: 'unit' }, kubeadmNode([item], files)),
    ).toEqual([{ unavailable: 'timed-out' }])
  })
})

describe('runtime configuration', () => {
  const containerd = process({
    name: 'containerd',
    pid: 50,
    argv: ['/usr/bin/containerd'],
    cgroup: '0::/system.slice/containerd.service',
  })

  it('is the default file when no flag names one, and nothing when that does not exist', () => {
    const path = '/etc/containerd/config.toml'
    const request = { fact: 'component-files', of: 'containerd', which: 'configuration' }

    expect(
      factOf(request, kubeadmNode([containerd, content(path, 'version = 2\n'), stat(path, { mode: 0o644 })])),
    ).toMatchObject([{ path, mode: 0o644 }])
    expect(
      factOf(request, kubeadmNode([containerd, missing('content', path), missing('file', path)])),
    ).toBeUndefined()
  })

  it('that cannot be read leaves open where network plugins are configured', () => {
    expect(
      factOf(
        { fact: 'cni-files' },
        kubeadmNode([containerd, denied('content', '/etc/containerd/config.toml')]),
      ),
    ).toContainEqual({
      unavailable: 'permission-denied',
    })
  })

  it('has an entry for a network file that could not be looked at', () => {
    expect(
      factOf({ fact: 'cni-files' }, kubeadmNode([denied('file', '/etc/cni/net.d/10-flannel.conflist')])),
    ).toEqual([{ unavailable: 'permission-denied' }])
  })

  it('has an entry for a PKI file that could not be looked at', () => {
    expect(
      factOf(
        { fact: 'pki-files', holds: 'any' },
        kubeadmNode([denied('file', '/etc/kubernetes/pki/sa.pub')]),
      ),
    ).toContainEqual({
      unavailable: 'permission-denied',
    })
  })
})

describe('limits inside the admission configuration', () => {
  it('count as limits', () => {
    const path = '/etc/kubernetes/pki/admission.yaml'
    const text =
      'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: [{name: EventRateLimit, configuration: {apiVersion: eventratelimit.admission.k8s.io/v1alpha1, kind: Configuration, limits: [{type: Server, qps: 5, burst: 9}]}}]'
    const node = kubeadmNode([
      ...withFlags('kube-apiserver', [`--admission-control-config-file=${path}`]),
      content(path, text),
    ])

    expect(factOf({ fact: 'admission-plugins' }, node)).toMatchObject({ 'event-rate-limit-configured': true })
  })

  it('are open when the configuration cannot be read', () => {
    const path = '/etc/kubernetes/pki/admission.yaml'
    const node = kubeadmNode([
      ...withFlags('kube-apiserver', [`--admission-control-config-file=${path}`]),
      denied('content', path),
    ])

    expect(factOf({ fact: 'admission-plugins' }, node)).toMatchObject({
      enabled: ['NodeRestriction'],
      'event-rate-limit-configured': { unavailable: 'permission-denied' },
    })
  })
})

describe('a source', () => {
  it.each([
    [process({ name: 'etcd', argv: ['etcd'], pid: 7 }), { kind: 'process-argument', at: 'process 7' }],
    [unit('a.service', {}), { kind: 'command', at: 'systemctl show a.service' }],
    [
      { kind: 'processes', id: 'processes', state: 'absent' },
      { kind: 'command', at: 'process table' },
    ],
    [
      { kind: 'command', id: 'command:a b', argv: ['a', 'b'], state: 'absent' },
      { kind: 'command', at: 'a b' },
    ],
    [stat('/x'), { kind: 'file', at: '/x' }],
  ] as const)('names the place of %j', (item, place) => {
    expect(sourceOf(item)).toEqual({ items: [item.id], at: [place] })
  })
})
