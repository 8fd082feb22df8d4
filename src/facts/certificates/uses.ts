import type { Purpose } from './certificate.ts'

/** A setting of a component, by name. */
export interface SettingRef {
  readonly component: string
  readonly setting: string
}

/** A certificate setting, the key that belongs to it, and which settings name the CA that must have signed it. */
export interface CertificateUse {
  readonly component: string
  readonly setting: string
  readonly purpose: Purpose
  readonly key?: string
  /** A switch that makes the server show it as a client too (etcd's gRPC gateway does, to its own server). */
  readonly alsoClientIf?: string
  /** Who decides: the side that checks this certificate. Proves and disproves. */
  readonly trustedBy?: readonly SettingRef[]
  /** Usually the same CA, known on this node: proves, and never disproves. */
  readonly likely?: readonly SettingRef[]
  /** A kubeconfig whose authority is usually the same: proves, and never disproves. */
  readonly likelyIn?: SettingRef
}

function ref(component: string, setting: string): SettingRef {
  return { component, setting }
}

const apiServerClients = [ref('kube-apiserver', 'client-ca-file')]
const nodeClients = [ref('kubelet', 'client-ca-file')]
const clusterRoot = [ref('kube-controller-manager', 'root-ca-file')]

function authority(component: string, setting: string, key?: string): CertificateUse {
  return { component, setting, purpose: 'ca', ...(key === undefined ? {} : { key }) }
}

/** Every setting that names a certificate, by component; flag names of Kubernetes 1.29 to 1.36 and etcd 3.5, 3.6. */
export const certificateUses: readonly CertificateUse[] = [
  {
    component: 'kube-apiserver',
    setting: 'tls-cert-file',
    key: 'tls-private-key-file',
    purpose: 'serving',
    trustedBy: clusterRoot,
    likely: [...apiServerClients, ...nodeClients],
  },
  {
    component: 'kube-apiserver',
    setting: 'kubelet-client-certificate',
    key: 'kubelet-client-key',
    purpose: 'client',
    trustedBy: nodeClients,
    likely: apiServerClients,
  },
  {
    component: 'kube-apiserver',
    setting: 'etcd-certfile',
    key: 'etcd-keyfile',
    purpose: 'client',
    trustedBy: [ref('etcd', 'trusted-ca-file')],
    likely: [ref('kube-apiserver', 'etcd-cafile')],
  },
  {
    component: 'kube-apiserver',
    setting: 'proxy-client-cert-file',
    key: 'proxy-client-key-file',
    purpose: 'client',
    trustedBy: [ref('kube-apiserver', 'requestheader-client-ca-file')],
  },
  { component: 'kube-apiserver', setting: 'service-account-key-file', purpose: 'service-account' },
  authority('kube-apiserver', 'client-ca-file'),
  authority('kube-apiserver', 'etcd-cafile'),
  authority('kube-apiserver', 'requestheader-client-ca-file'),
  authority('kube-apiserver', 'kubelet-certificate-authority'),
  authority('kube-apiserver', 'oidc-ca-file'),
  authority('kube-apiserver', 'peer-ca-file'),
  {
    component: 'kube-controller-manager',
    setting: 'tls-cert-file',
    key: 'tls-private-key-file',
    purpose: 'serving',
    likely: [...clusterRoot, ref('kube-controller-manager', 'client-ca-file')],
  },
  authority('kube-controller-manager', 'client-ca-file'),
  authority('kube-controller-manager', 'root-ca-file'),
  authority('kube-controller-manager', 'requestheader-client-ca-file'),
  authority('kube-controller-manager', 'cluster-signing-cert-file', 'cluster-signing-key-file'),
  ...['kube-apiserver-client', 'kubelet-client', 'kubelet-serving', 'legacy-unknown'].map((signer) =>
    authority(
      'kube-controller-manager',
      `cluster-signing-${signer}-cert-file`,
      `cluster-signing-${signer}-key-file`,
    ),
  ),
  {
    component: 'kube-scheduler',
    setting: 'tls-cert-file',
    key: 'tls-private-key-file',
    purpose: 'serving',
    likely: [...clusterRoot, ref('kube-scheduler', 'client-ca-file')],
  },
  authority('kube-scheduler', 'client-ca-file'),
  authority('kube-scheduler', 'requestheader-client-ca-file'),
  {
    component: 'kubelet',
    setting: 'tls-cert-file',
    key: 'tls-private-key-file',
    purpose: 'serving',
    trustedBy: [ref('kube-apiserver', 'kubelet-certificate-authority')],
    likely: nodeClients,
    likelyIn: ref('kubelet', 'kubeconfig'),
  },
  authority('kubelet', 'client-ca-file'),
  {
    component: 'etcd',
    setting: 'cert-file',
    key: 'key-file',
    purpose: 'serving',
    alsoClientIf: 'client-cert-auth',
    trustedBy: [ref('kube-apiserver', 'etcd-cafile')],
    likely: [ref('etcd', 'trusted-ca-file')],
  },
  {
    component: 'etcd',
    setting: 'peer-cert-file',
    key: 'peer-key-file',
    purpose: 'peer',
    trustedBy: [ref('etcd', 'peer-trusted-ca-file')],
  },
  authority('etcd', 'trusted-ca-file'),
  authority('etcd', 'peer-trusted-ca-file'),
]

/** Settings that name a kubeconfig, whose client certificate and CA are in use. */
export const kubeconfigUses: readonly SettingRef[] = [
  ref('kube-controller-manager', 'kubeconfig'),
  ref('kube-controller-manager', 'authentication-kubeconfig'),
  ref('kube-controller-manager', 'authorization-kubeconfig'),
  ref('kube-scheduler', 'kubeconfig'),
  ref('kube-scheduler', 'authentication-kubeconfig'),
  ref('kube-scheduler', 'authorization-kubeconfig'),
  ref('kubelet', 'kubeconfig'),
  ref('kube-proxy', 'kubeconfig'),
]

/** Who checks the client certificate of a kubeconfig. */
export const kubeconfigTrust: Required<Pick<CertificateUse, 'trustedBy' | 'likely'>> = {
  trustedBy: apiServerClients,
  likely: nodeClients,
}
