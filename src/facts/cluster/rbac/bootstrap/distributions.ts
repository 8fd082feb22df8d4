/** Bindings that an installer makes in every cluster of its own, in the form of the API server's. */
export const distributionBindings: { readonly [maker: string]: string } = {
  kubeadm: `
kubeadm:cluster-admins ClusterRole cluster-admin
  Group kubeadm:cluster-admins
`,
  'RKE2 and K3s': `
kube-apiserver-kubelet-admin ClusterRole system:kubelet-api-admin
  User kube-apiserver
`,
}
