/** Programs that make a machine a node of Kubernetes. */
export const nodeComponents = [
  'kubelet',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'etcd',
] as const
