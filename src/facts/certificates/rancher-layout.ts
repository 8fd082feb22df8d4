import type { PathClass } from '../../model/component.ts'
import type { Probe } from '../../model/probe.ts'

const server = 'server/tls'
const signers: readonly (readonly [signer: string, authority: string])[] = [
  ['kube-apiserver-client', 'client-ca'],
  ['kubelet-client', 'client-ca'],
  ['kubelet-serving', 'server-ca'],
  ['legacy-unknown', 'server-ca'],
]

function kubeconfigs(component: string, path: string): readonly (readonly [string, string])[] {
  return ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map((setting) => [
    `${component} ${setting}`,
    path,
  ])
}

/**
 * Where K3s keeps what it starts its components with, below its data directory, by `component setting`
 * (k3s pkg/daemons/control/deps, pkg/agent/config).
 */
const layout: ReadonlyMap<string, string> = new Map([
  ['kube-apiserver client-ca-file', `${server}/client-ca.crt`],
  ['kube-apiserver tls-cert-file', `${server}/serving-kube-apiserver.crt`],
  ['kube-apiserver tls-private-key-file', `${server}/serving-kube-apiserver.key`],
  ['kube-apiserver kubelet-certificate-authority', `${server}/server-ca.crt`],
  ['kube-apiserver kubelet-client-certificate', `${server}/client-kube-apiserver.crt`],
  ['kube-apiserver kubelet-client-key', `${server}/client-kube-apiserver.key`],
  ['kube-apiserver etcd-cafile', `${server}/etcd/server-ca.crt`],
  ['kube-apiserver etcd-certfile', `${server}/etcd/client.crt`],
  ['kube-apiserver etcd-keyfile', `${server}/etcd/client.key`],
  ['kube-apiserver proxy-client-cert-file', `${server}/client-auth-proxy.crt`],
  ['kube-apiserver proxy-client-key-file', `${server}/client-auth-proxy.key`],
  ['kube-apiserver requestheader-client-ca-file', `${server}/request-header-ca.crt`],
  ['kube-apiserver service-account-key-file', `${server}/service.key`],
  ['kube-apiserver service-account-signing-key-file', `${server}/service.current.key`],
  ['kube-controller-manager root-ca-file', `${server}/server-ca.crt`],
  ['kube-controller-manager service-account-private-key-file', `${server}/service.current.key`],
  ['kube-controller-manager tls-cert-file', `${server}/kube-controller-manager/kube-controller-manager.crt`],
  [
    'kube-controller-manager tls-private-key-file',
    `${server}/kube-controller-manager/kube-controller-manager.key`,
  ],
  ...signers.flatMap(([signer, authority]): readonly (readonly [string, string])[] => [
    [`kube-controller-manager cluster-signing-${signer}-cert-file`, `${server}/${authority}.nochain.crt`],
    [`kube-controller-manager cluster-signing-${signer}-key-file`, `${server}/${authority}.key`],
  ]),
  ...kubeconfigs('kube-controller-manager', 'server/cred/controller.kubeconfig'),
  ['kube-scheduler tls-cert-file', `${server}/kube-scheduler/kube-scheduler.crt`],
  ['kube-scheduler tls-private-key-file', `${server}/kube-scheduler/kube-scheduler.key`],
  ...kubeconfigs('kube-scheduler', 'server/cred/scheduler.kubeconfig'),
  ['kubelet client-ca-file', 'agent/client-ca.crt'],
  ['kubelet tls-cert-file', 'agent/serving-kubelet.crt'],
  ['kubelet tls-private-key-file', 'agent/serving-kubelet.key'],
  ['kubelet kubeconfig', 'agent/kubelet.kubeconfig'],
  ['kube-proxy kubeconfig', 'agent/kubeproxy.kubeconfig'],
])

/** The path below the data directory that K3s gives a setting of a component; undefined where it gives none. */
export function usualPath(component: string, setting: string): string | undefined {
  return layout.get(`${component} ${setting}`)
}

function classOf(path: string): PathClass {
  if (path.endsWith('.kubeconfig')) return 'kubeconfig'
  return path.endsWith('.key') ? 'private-key' : 'certificate'
}

/** What is asked because the log of K3s, which names these files, may be gone. */
export const layoutProbes: readonly Probe[] = [...new Set(layout.values())].map((path) => ({
  kind: 'path',
  path: `/var/lib/rancher/k3s/${path}`,
  holds: classOf(path),
}))
