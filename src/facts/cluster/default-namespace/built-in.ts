const own = 'the control plane makes it by itself'

/** Objects that a fresh cluster has in its default namespace, by kind and exact name. */
export const builtIn: ReadonlyMap<string, string> = new Map([
  ['Service/kubernetes', own],
  ['Endpoints/kubernetes', own],
  ['EndpointSlice/kubernetes', own],
  ['ServiceAccount/default', own],
  ['ConfigMap/kube-root-ca.crt', own],
  ['ConfigMap/openshift-service-ca.crt', 'the control plane of OpenShift makes it by itself'],
])
