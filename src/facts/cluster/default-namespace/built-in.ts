const own = 'the control plane makes it by itself'
const openshift = 'the control plane of OpenShift makes it by itself'
const joining = 'kubeadm publishes with it what a joining node needs'

/** Objects the control plane makes in every namespace. */
const everywhere = new Map([
  ['ServiceAccount/default', own],
  ['ConfigMap/kube-root-ca.crt', own],
  ['ConfigMap/openshift-service-ca.crt', openshift],
])

/** Objects a fresh cluster has in one of its namespaces, by kind and exact name. */
const here: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  default: new Map([
    ['Service/kubernetes', own],
    ['Endpoints/kubernetes', own],
    ['EndpointSlice/kubernetes', own],
  ]),
  'kube-public': new Map([
    ['Role/system:controller:bootstrap-signer', own],
    ['RoleBinding/system:controller:bootstrap-signer', own],
    ['ConfigMap/cluster-info', joining],
    ['Role/kubeadm:bootstrap-signer-clusterinfo', joining],
    ['RoleBinding/kubeadm:bootstrap-signer-clusterinfo', joining],
  ]),
}

/** Why an object of a namespace is the cluster's own; undefined for anybody else's. */
export function builtIn(namespace: string, key: string): string | undefined {
  return everywhere.get(key) ?? here[namespace]?.get(key)
}
