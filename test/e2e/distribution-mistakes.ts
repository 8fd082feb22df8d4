import type { Verdict } from '../../src/model/verdict.ts'

type Distribution = 'rke2' | 'k3s' | 'kubeadm' | 'hardway' | 'kubespray' | 'kops'

/** Checks a hardened node of the distribution fails for a reason nobody can do anything about on it. */
export const beyondHardening: Readonly<Record<Distribution, Readonly<Record<string, string>>>> = {
  rke2: {},
  k3s: {},
  kubeadm: {},
  hardway: {},
  kubespray: {
    'systemd.etcd-own-user': 'the unit of Kubespray runs etcd as root',
    'certificates.lifetime-bounded': 'one variable holds the hundred years of etcd’s authority and leaves',
    'certificates.authority-lifetime-bounded':
      'one variable holds the hundred years of etcd’s authority and leaves',
  },
  kops: {
    'certificates.no-masters-clients':
      'nodeup writes kubectl a kubeconfig of system:masters on control-plane nodes',
  },
}

/** What is wrong with the broken node, as its profile in the lab lists it, the check that sees it, and what that says. */
type Mistake = readonly [mistake: string, check: string, verdict: Verdict]

const rke2: readonly Mistake[] = [
  ['the administrator’s kubeconfig is 644', 'kubeconfig.admin-mode', 'fail'],
  ['a service account key is 644', 'pki.key-mode', 'fail'],
  ['the profile in config.yaml is not in force', 'kube-apiserver.manifest-mode', 'fail'],
  ['KillMode has a comment behind it', 'systemd.rke2-kill-mode-process', 'fail'],
  ['Delegate has a comment behind it', 'systemd.rke2-delegates-controllers', 'fail'],
  ['TasksMax has a comment behind it', 'systemd.rke2-tasks-max-infinity', 'fail'],
  ['lines are read differently from what they say', 'systemd.rke2-unit-file-clean', 'fail'],
  ['the scheduler’s client certificate has expired', 'certificates.valid-now', 'fail'],
  ['the controller manager’s key is another one', 'certificates.keys-match', 'fail'],
  ['a later file of the kubelet’s directory wins', 'kubelet.anonymous-auth-off', 'fail'],
  ['containerd and init disagree', 'node.cgroup-driver-fits-init', 'fail'],
  ['identity is the first provider', 'kube-apiserver.encryption-provider-strong', 'fail'],
  ['what the audit policy links to is gone', 'kube-apiserver.audit-policy-records-events', 'error'],
  ['the second plugin list adds AlwaysAdmit', 'kube-apiserver.always-admit-off', 'fail'],
]

const k3s: readonly Mistake[] = [
  ['k3s.yaml is 644', 'kubeconfig.admin-mode', 'fail'],
  ['the plugin list replaced the default', 'kube-apiserver.node-restriction-on', 'fail'],
  ['an argument undoes the kubelet’s drop-in', 'kubelet.anonymous-auth-off', 'fail'],
  ['an argument undoes the kubelet’s drop-in', 'kubelet.authorization-webhook', 'fail'],
  ['an argument opens the port', 'kubelet.read-only-port-closed', 'fail'],
  ['the audit policy is empty', 'kube-apiserver.audit-policy-records-events', 'error'],
  ['secrets-encryption is in config.yaml and not in force', 'kube-apiserver.encryption-configured', 'fail'],
  ['the kubelet’s client certificate has expired', 'certificates.valid-now', 'fail'],
  ['the API server’s key is another one', 'certificates.keys-match', 'fail'],
  [
    'the kubelet’s drop-in names another driver; what containerd answers counts',
    'node.cgroup-drivers-agree',
    'pass',
  ],
  ['KillMode has a comment behind it', 'systemd.k3s-kill-mode-process', 'fail'],
  ['Delegate has a comment behind it', 'systemd.k3s-delegates-controllers', 'fail'],
  ['TasksMax has a comment behind it', 'systemd.k3s-tasks-max-infinity', 'fail'],
  ['the controller manager’s kubeconfig is gone', 'kube-controller-manager.kubeconfig-mode', 'error'],
]

const kubeadm: readonly Mistake[] = [
  ['manifests are 644', 'kube-apiserver.manifest-mode', 'fail'],
  ['admin.conf is 644', 'kubeconfig.admin-mode', 'fail'],
  ['the data is 755', 'etcd.data-directory-mode', 'fail'],
  ['the authority’s key is 644', 'pki.key-mode', 'fail'],
  ['the drop-in was edited', 'systemd.kubelet-no-reload-pending', 'fail'],
  ['config.yaml was hardened after the start', 'kubelet.seccomp-default-on', 'unknown'],
  ['a flag undoes the configuration', 'kubelet.anonymous-auth-off', 'fail'],
  ['the policy the API server sees is not the host’s', 'kube-apiserver.audit-policy-records-events', 'fail'],
  ['a client certificate has expired', 'certificates.valid-now', 'fail'],
  ['a key is another one', 'certificates.keys-match', 'fail'],
  ['containerd has its default', 'node.cgroup-drivers-agree', 'fail'],
  ['Restart has a comment behind it', 'systemd.kubelet-restarts', 'fail'],
  ['the encryption configuration cannot be parsed', 'kube-apiserver.encryption-configured', 'error'],
  ['etcd takes every client', 'etcd.client-certificates-required', 'fail'],
  ['etcd trusts the cluster’s authority', 'etcd.own-ca', 'fail'],
  ['the list ends in AlwaysAllow', 'kube-apiserver.always-allow-off', 'fail'],
]

const hardway: readonly Mistake[] = [
  ['a private key is 644', 'pki.key-mode', 'fail'],
  ['Restart has a comment behind it', 'systemd.kubelet-restarts', 'fail'],
  ['the variable is empty', 'kube-controller-manager.bind-address-loopback', 'fail'],
  ['kubelet-config.yaml cannot be parsed any more', 'kubelet.anonymous-auth-off', 'error'],
  ['kube-scheduler.yaml is empty', 'kube-scheduler.profiling-off', 'error'],
  ['kube-proxy’s kubeconfig is gone', 'kube-proxy.kubeconfig-mode', 'error'],
  ['the service account keys are no pair', 'kube-apiserver.service-account-keys-fit', 'fail'],
  ['identity is the first provider', 'kube-apiserver.encryption-provider-strong', 'fail'],
  ['there is a token file', 'kube-apiserver.token-auth-file-unset', 'fail'],
  ['the list starts with AlwaysAllow', 'kube-apiserver.always-allow-off', 'fail'],
  ['etcd speaks plain HTTP', 'etcd.client-tls-on', 'fail'],
  ['a unit in /run hides the package’s', 'containerd.kill-mode-process', 'fail'],
]

const kubespray: readonly Mistake[] = [
  ['etcd’s keys are 700', 'pki.key-mode', 'fail'],
  ['etcd was started before its file was corrected', 'etcd.client-certificates-required', 'fail'],
  ['a comment became arguments', 'systemd.kubelet-unit-file-clean', 'fail'],
  ['the kubelet reads another file', 'kubelet.anonymous-auth-off', 'fail'],
  ['the policy the API server sees is not the host’s', 'kube-apiserver.audit-policy-records-events', 'fail'],
  ['the API server’s client certificate for etcd has expired', 'certificates.valid-now', 'fail'],
  ['a key is another one', 'certificates.keys-match', 'fail'],
  ['kubescheduler-config.yaml is empty', 'kube-scheduler.profiling-off', 'error'],
  ['the kubelet follows containerd, init does not', 'node.cgroup-driver-fits-init', 'fail'],
  ['the plugin list replaced the default', 'kube-apiserver.node-restriction-on', 'fail'],
  ['configmaps are encrypted, secrets are not', 'kube-apiserver.encryption-configured', 'fail'],
  ['profiling is True', 'kube-apiserver.profiling-off', 'fail'],
]

const kops: readonly Mistake[] = [
  ['the scheduler’s kubeconfig is 644', 'kube-scheduler.kubeconfig-mode', 'fail'],
  ['the service account key is 644', 'pki.key-mode', 'fail'],
  ['the data of one etcd is 755', 'etcd.data-directory-mode', 'fail'],
  ['the list ends in AlwaysAllow', 'kube-apiserver.always-allow-off', 'fail'],
  ['the API server’s certificate has expired', 'certificates.valid-now', 'fail'],
  ['a key is another one', 'certificates.keys-match', 'fail'],
  ['kubelet.conf is empty', 'kubelet.streaming-idle-timeout-set', 'error'],
  ['DAEMON_ARGS were corrected after the start', 'kubelet.anonymous-auth-off', 'fail'],
  ['the manifest was corrected after the start', 'kube-controller-manager.profiling-off', 'fail'],
  ['one of two etcds takes every client', 'etcd.client-certificates-required', 'fail'],
  ['what the audit policy links to is gone', 'kube-apiserver.audit-policy-records-events', 'error'],
  ['the kubelet follows containerd, init does not', 'node.cgroup-driver-fits-init', 'fail'],
  ['lines are read differently from what they say', 'systemd.kubelet-unit-file-clean', 'fail'],
  ['there is a token file', 'kube-apiserver.token-auth-file-unset', 'fail'],
]

export const findable: Readonly<Record<Distribution, readonly Mistake[]>> = {
  rke2,
  k3s,
  kubeadm,
  hardway,
  kubespray,
  kops,
}
