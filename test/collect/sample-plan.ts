import type { CollectionPlan } from '../../src/collect/plan.ts'
import { planCollection } from '../../src/collect/plan.ts'
import type { ComponentSpec, PathClass, SettingSpec } from '../../src/model/component.ts'
import type { Probe } from '../../src/model/probe.ts'

function path(flag: string, holds: PathClass, more: Partial<SettingSpec> = {}): SettingSpec {
  return { name: flag, flags: [flag], type: 'path', repeats: 'last', holds, defaults: [], ...more }
}

function component(id: string, settings: readonly SettingSpec[]): [string, ComponentSpec] {
  return [
    id,
    {
      id,
      title: id,
      binaries: [id],
      units: [`${id}.service`],
      readsEnvironment: id === 'etcd',
      modes: [],
      settings,
    },
  ]
}

/** Path settings as the real component descriptions have them; enough to follow a kubeadm node. */
export const sampleComponents: ReadonlyMap<string, ComponentSpec> = new Map([
  component('kubelet', [
    path('config', 'configuration'),
    path('kubeconfig', 'kubeconfig'),
    path('bootstrap-kubeconfig', 'kubeconfig'),
    path('client-ca-file', 'certificate', { key: 'authentication.x509.clientCAFile' }),
    path('tls-cert-file', 'certificate', { key: 'tlsCertFile' }),
    path('tls-private-key-file', 'private-key', { key: 'tlsPrivateKeyFile' }),
    path('pod-manifest-path', 'manifest-directory', { key: 'staticPodPath' }),
    path('cert-dir', 'directory'),
  ]),
  component('kube-apiserver', [
    path('etcd-cafile', 'certificate'),
    path('etcd-certfile', 'certificate'),
    path('etcd-keyfile', 'private-key'),
    path('kubelet-client-certificate', 'certificate'),
    path('kubelet-client-key', 'private-key'),
    path('proxy-client-cert-file', 'certificate'),
    path('proxy-client-key-file', 'private-key'),
    path('requestheader-client-ca-file', 'certificate'),
    path('service-account-key-file', 'public-key'),
    path('service-account-signing-key-file', 'private-key'),
    path('admission-control-config-file', 'configuration'),
    path('encryption-provider-config', 'configuration'),
    path('token-auth-file', 'file'),
  ]),
  component('kube-controller-manager', [
    path('authentication-kubeconfig', 'kubeconfig'),
    path('authorization-kubeconfig', 'kubeconfig'),
    path('cluster-signing-cert-file', 'certificate'),
    path('cluster-signing-key-file', 'private-key'),
    path('root-ca-file', 'certificate'),
    path('service-account-private-key-file', 'private-key'),
  ]),
  component('kube-scheduler', []),
  component('kube-proxy', []),
  component('etcd', [
    path('cert-file', 'certificate', { env: 'ETCD_CERT_FILE' }),
    path('key-file', 'private-key', { env: 'ETCD_KEY_FILE' }),
    path('trusted-ca-file', 'certificate', { env: 'ETCD_TRUSTED_CA_FILE' }),
    path('peer-cert-file', 'certificate'),
    path('peer-key-file', 'private-key'),
    path('peer-trusted-ca-file', 'certificate'),
    path('data-dir', 'directory'),
  ]),
])

const processes: readonly Probe[] = [...sampleComponents.keys(), 'containerd'].map((name) => ({
  kind: 'process',
  name,
  binaries: [name],
  env: name === 'etcd' ? ['ETCD_*'] : [],
  versionArgument: '--version',
}))

/** What a control-plane audit asks, more or less. */
export const sampleProbes: readonly Probe[] = [
  ...processes,
  { kind: 'unit', name: 'kubelet.service' },
  { kind: 'unit', name: 'containerd.service' },
  { kind: 'unit', name: 'no-such.service' },
  { kind: 'glob', pattern: '/etc/kubernetes/manifests/*.yaml', holds: 'configuration' },
  { kind: 'path', path: '/etc/kubernetes/admin.conf', holds: 'kubeconfig' },
  { kind: 'path', path: '/etc/kubernetes/super-admin.conf', holds: 'kubeconfig' },
  { kind: 'path', path: '/var/lib/kubelet/config.yaml', holds: 'configuration' },
  { kind: 'path', path: '/etc/containerd/config.toml', holds: 'configuration' },
  { kind: 'path', path: '/etc/os-release', holds: 'text' },
  { kind: 'path', path: '/no/such/file', holds: 'text' },
  { kind: 'tree', path: '/etc/kubernetes/pki', depth: 3 },
  { kind: 'tree', path: '/etc/cni/net.d', depth: 1 },
  { kind: 'kernel', pattern: '/proc/swaps' },
  { kind: 'kernel', pattern: '/proc/sys/net/ipv4/ip_forward' },
  { kind: 'kernel', pattern: '/sys/class/dmi/id/product_uuid' },
]

export const samplePlan: CollectionPlan = planCollection(sampleProbes, sampleComponents)
