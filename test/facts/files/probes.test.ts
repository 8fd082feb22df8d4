import { describe, expect, it } from 'vitest'
import type { FactRequest } from '../../../src/model/check.ts'
import type { Probe } from '../../../src/model/probe.ts'
import { shippedComponents } from '../../support/components.ts'
import { factKinds } from './kubeadm-node.ts'

const components = shippedComponents()
const probes = (request: FactRequest, known = components): readonly Probe[] =>
  factKinds[request.fact]?.probes(request, { components: known }) ?? []
const processes = (request: FactRequest): readonly string[] =>
  probes(request).flatMap((probe) => (probe.kind === 'process' ? [probe.name] : []))
const paths = (request: FactRequest): readonly string[] =>
  probes(request).flatMap((probe) => (probe.kind === 'path' || probe.kind === 'tree' ? [probe.path] : []))

describe('what file and certificate facts ask a node', () => {
  it.each([
    [{ fact: 'component-files', of: 'etcd', which: 'data-directory' }],
    [{ fact: 'pki-files', holds: 'any' }],
    [{ fact: 'cni-files' }],
    [{ fact: 'admin-kubeconfigs' }],
  ])('%j asks for the names of owners', (request) => {
    expect(paths(request)).toEqual(expect.arrayContaining(['/etc/passwd', '/etc/group']))
  })

  it('asks the kubelet where static pods come from', () => {
    expect(
      processes({ fact: 'component-files', of: 'kube-apiserver', which: 'static-pod-manifest' }),
    ).toEqual(['kube-apiserver', 'k3s', 'kubelet', 'k3s'])
  })

  it('asks for the paths that hold when a setting is not given', () => {
    expect(paths({ fact: 'component-files', of: 'kubelet', which: 'data-directory' })).toContain(
      '/var/lib/kubelet',
    )
    expect(paths({ fact: 'component-files', of: 'kubelet', which: 'cert-dir' })).toContain(
      '/var/lib/kubelet/pki',
    )
  })

  it('asks every component of the cluster for its certificates', () => {
    const all = [
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kubelet',
      'kube-proxy',
      'etcd',
    ]

    const own = (names: readonly string[]): readonly string[] =>
      names.filter((name) => name !== 'k3s' && name !== 'rke2')
    expect(own(processes({ fact: 'certificates' }))).toEqual(all)
    expect(own(processes({ fact: 'pki-files', holds: 'any' }))).toEqual(all)
    expect(paths({ fact: 'certificates' })).toContain('/etc/kubernetes/admin.conf')
  })

  it('looks into the PKI directories installers use, also when nothing runs', () => {
    expect(paths({ fact: 'pki-files', holds: 'any' })).toEqual(
      expect.arrayContaining([
        '/etc/kubernetes/pki',
        '/etc/kubernetes/ssl',
        '/var/lib/rancher/rke2/server/tls',
      ]),
    )
  })

  it('asks both sides of an overlap', () => {
    const request = {
      fact: 'trust-overlap',
      first: 'etcd.trusted-ca-file',
      second: 'kube-apiserver.client-ca-file',
    }

    expect(processes(request)).toEqual(expect.arrayContaining(['etcd', 'kube-apiserver']))
  })

  it.each(['encryption-at-rest', 'audit-policy', 'anonymous-access', 'authorizers', 'admission-plugins'])(
    '%s asks the API server',
    (fact) => {
      expect(processes({ fact })).toEqual(['kube-apiserver', 'k3s', 'kubelet', 'k3s'])
    },
  )

  it('asks nothing of components nobody described', () => {
    expect(probes({ fact: 'component-files', of: 'nothing', which: 'unit' })).toEqual([])
    expect(probes({ fact: 'authorizers' }, new Map())).toEqual([])
  })

  it('tells the author of a check what pki-files can hold', () => {
    expect(
      factKinds['pki-files']?.faults?.({ fact: 'pki-files', holds: 'keys' }, { components }),
    ).toHaveLength(1)
    expect(factKinds['pki-files']?.faults?.({ fact: 'pki-files', holds: 'any' }, { components })).toEqual([])
  })
})
