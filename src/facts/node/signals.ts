import type { Role } from '../../model/check.ts'
import type { Signal } from '../../model/finding.ts'
import type { RancherProgram } from '../rancher/program.ts'

type Strength = Signal['strength']

/** What a node can show of the distribution it runs. */
export type SignalRule =
  /** A unit of this name: as strong as given while it is active, strong when it only waits for the next boot. */
  | (Rule & { readonly unit: string })
  /** K3s or RKE2 as a server or agent: its own process, under whatever unit. */
  | (Rule & { readonly service: RancherProgram })
  /** A process of this name. */
  | (Rule & { readonly process: string; readonly binaries: readonly string[] })
  /** A file or directory: it may be left over from an earlier installation. */
  | (Rule & { readonly path: string })
  /** A drop-in of the kubelet's unit, by file name. */
  | (Rule & { readonly kubeletDropIn: string })
  /** A file that the running kubelet was started with. */
  | (Rule & { readonly kubeletFile: string })
  /** An environment file of the kubelet's unit. */
  | (Rule & { readonly kubeletEnvironment: string })
  /** ID of os-release. */
  | (Rule & { readonly os: string })

interface Rule {
  readonly distribution: string
  readonly strength: Strength
  readonly role?: Role
}

const certain = 'certain'
const strong = 'strong'
const hint = 'hint'
const controlPlane = 'control-plane'
const worker = 'worker'

const rke2: readonly SignalRule[] = [
  { distribution: 'rke2', unit: 'rke2-server.service', strength: certain },
  { distribution: 'rke2', unit: 'rke2-agent.service', strength: certain },
  { distribution: 'rke2', service: 'rke2', strength: certain },
  { distribution: 'rke2', path: '/var/lib/rancher/rke2', strength: certain },
  { distribution: 'rke2', path: '/etc/rancher/rke2', strength: strong },
  { distribution: 'rke2', path: '/usr/bin/rke2', strength: strong },
  { distribution: 'rke2', path: '/usr/local/bin/rke2', strength: strong },
  { distribution: 'rke2', path: '/opt/rke2/bin/rke2', strength: strong },
]

const k3s: readonly SignalRule[] = [
  { distribution: 'k3s', unit: 'k3s.service', strength: certain },
  { distribution: 'k3s', unit: 'k3s-agent.service', strength: certain },
  { distribution: 'k3s', service: 'k3s', strength: certain },
  { distribution: 'k3s', path: '/etc/init.d/k3s', strength: certain },
  { distribution: 'k3s', path: '/etc/init.d/k3s-agent', strength: certain },
  { distribution: 'k3s', path: '/var/lib/rancher/k3s', strength: certain },
  { distribution: 'k3s', path: '/etc/rancher/k3s', strength: strong },
  { distribution: 'k3s', path: '/usr/local/bin/k3s', strength: strong },
  { distribution: 'k3s', path: '/opt/bin/k3s', strength: strong },
]

const kubeadm: readonly SignalRule[] = [
  { distribution: 'kubeadm', kubeletDropIn: '10-kubeadm.conf', strength: certain },
  { distribution: 'kubeadm', path: '/var/lib/kubelet/kubeadm-flags.env', strength: certain },
  { distribution: 'kubeadm', path: '/var/lib/kubelet/instance-config.yaml', strength: strong },
  { distribution: 'kubeadm', kubeletFile: '/etc/kubernetes/kubelet.conf', strength: strong },
  { distribution: 'kubeadm', path: '/etc/kubernetes/admin.conf', strength: strong },
  {
    distribution: 'kubeadm',
    path: '/etc/kubernetes/manifests/kube-apiserver.yaml',
    strength: strong,
    role: controlPlane,
  },
  { distribution: 'kubeadm', path: '/usr/bin/kubeadm', strength: hint },
]

const kubespray: readonly SignalRule[] = [
  { distribution: 'kubespray', path: '/etc/kubernetes/kubelet.env', strength: strong },
  { distribution: 'kubespray', path: '/etc/kubernetes/kubelet-config.yaml', strength: strong },
  { distribution: 'kubespray', kubeletFile: '/etc/kubernetes/kubelet-config.yaml', strength: certain },
  { distribution: 'kubespray', kubeletEnvironment: '/etc/kubernetes/kubelet.env', strength: certain },
  { distribution: 'kubespray', path: '/etc/kubernetes/ssl', strength: strong },
  { distribution: 'kubespray', path: '/etc/kubernetes/kubeadm-config.yaml', strength: strong },
  { distribution: 'kubespray', path: '/etc/etcd.env', strength: strong },
  { distribution: 'kubespray', path: '/etc/ssl/etcd/ssl', strength: strong },
  { distribution: 'kubespray', unit: 'k8s-certs-renew.timer', strength: strong },
]

const kops: readonly SignalRule[] = [
  { distribution: 'kops', unit: 'kops-configuration.service', strength: certain },
  { distribution: 'kops', path: '/opt/kops/conf', strength: certain },
  { distribution: 'kops', path: '/opt/kops/bin', strength: certain },
  { distribution: 'kops', path: '/etc/kubernetes/pki/etcd-manager-main', strength: certain },
  { distribution: 'kops', path: '/etc/kubernetes/manifests/kube-apiserver.manifest', strength: strong },
  { distribution: 'kops', kubeletFile: '/var/lib/kubelet/kubelet.conf', strength: strong },
  { distribution: 'kops', path: '/srv/kubernetes', strength: strong },
]

const microk8s: readonly SignalRule[] = [
  { distribution: 'microk8s', unit: 'snap.microk8s.daemon-kubelite.service', strength: certain },
  { distribution: 'microk8s', process: 'kubelite', binaries: ['kubelite'], strength: certain },
  { distribution: 'microk8s', path: '/var/snap/microk8s/current/args', strength: certain },
]

const k0s: readonly SignalRule[] = [
  { distribution: 'k0s', unit: 'k0scontroller.service', strength: certain, role: controlPlane },
  { distribution: 'k0s', unit: 'k0sworker.service', strength: certain, role: worker },
  { distribution: 'k0s', process: 'k0s', binaries: ['k0s'], strength: certain },
  { distribution: 'k0s', path: '/var/lib/k0s', strength: certain },
  { distribution: 'k0s', path: '/etc/k0s', strength: strong },
  { distribution: 'k0s', path: '/usr/local/bin/k0s', strength: strong },
]

const managed: readonly SignalRule[] = [
  { distribution: 'eks', path: '/etc/kubernetes/kubelet/config.json', strength: certain },
  { distribution: 'eks', path: '/etc/kubernetes/kubelet/kubelet-config.json', strength: certain },
  { distribution: 'eks', unit: 'nodeadm-config.service', strength: certain },
  { distribution: 'eks', path: '/etc/eks', strength: strong },
  { distribution: 'eks', os: 'bottlerocket', strength: strong },
  { distribution: 'gke', path: '/home/kubernetes/kubelet-config.yaml', strength: certain },
  { distribution: 'gke', path: '/home/kubernetes/bin', strength: strong },
  // The Azure cloud provider of other distributions uses azure.json too.
  { distribution: 'aks', path: '/etc/kubernetes/azure.json', strength: strong },
  { distribution: 'aks', path: '/etc/kubernetes/certs/kubeletserver.crt', strength: strong },
  { distribution: 'aks', path: '/etc/default/kubeletconfig.json', strength: strong },
  { distribution: 'microshift', unit: 'microshift.service', strength: certain },
  { distribution: 'microshift', path: '/var/lib/microshift', strength: certain },
  { distribution: 'microshift', path: '/etc/microshift', strength: strong },
  { distribution: 'openshift', path: '/etc/machine-config-daemon', strength: certain },
  { distribution: 'openshift', os: 'rhcos', strength: strong },
  { distribution: 'talos', os: 'talos', strength: certain },
]

const hardway: readonly SignalRule[] = [
  { distribution: 'hardway', unit: 'kube-apiserver.service', strength: certain, role: controlPlane },
  { distribution: 'hardway', unit: 'kube-controller-manager.service', strength: certain, role: controlPlane },
  { distribution: 'hardway', unit: 'kube-scheduler.service', strength: certain, role: controlPlane },
  { distribution: 'hardway', unit: 'etcd.service', strength: strong },
  { distribution: 'hardway', unit: 'kube-proxy.service', strength: strong, role: worker },
  { distribution: 'hardway', kubeletFile: '/var/lib/kubelet/kubelet-config.yaml', strength: strong },
  { distribution: 'hardway', path: '/var/lib/kubernetes', strength: strong },
  { distribution: 'hardway', path: '/var/lib/kube-proxy', strength: strong },
  { distribution: 'hardway', path: '/etc/etcd', strength: hint },
  { distribution: 'hardway', path: '/usr/local/bin/kube-apiserver', strength: strong },
  { distribution: 'hardway', path: '/etc/kubernetes/config', strength: hint },
]

/** Everything khard looks at to tell distributions apart. */
export const signalRules: readonly SignalRule[] = [
  ...microk8s,
  ...rke2,
  ...k3s,
  ...k0s,
  ...managed,
  ...kubespray,
  ...kops,
  ...kubeadm,
  ...hardway,
]

/** Every distribution a person may name in place of what is detected. */
export const distributionNames: readonly string[] = [
  ...new Set(signalRules.map(({ distribution }) => distribution)),
].sort()

/** Of two that fit at once, the one that contains the other comes first. */
export const moreSpecific: readonly (readonly [string, string])[] = [
  ['kubespray', 'kubeadm'],
  ['microshift', 'openshift'],
  ['rke2', 'k3s'],
  ['aks', 'kubeadm'],
  ['kops', 'kubeadm'],
  ['kubeadm', 'hardway'],
  ['kubespray', 'hardway'],
  ['kops', 'hardway'],
]
