/** Distributions whose name is more than their id. */
const names: ReadonlyMap<string, string> = new Map([
  ['aks', 'AKS'],
  ['eks', 'EKS'],
  ['gke', 'GKE'],
  ['hardway', 'Kubernetes the hard way'],
  ['k3s', 'K3s'],
  ['kops', 'kOps'],
  ['kubespray', 'Kubespray'],
  ['microk8s', 'MicroK8s'],
  ['microshift', 'MicroShift'],
  ['none', 'no Kubernetes'],
  ['openshift', 'OpenShift'],
  ['rke2', 'RKE2'],
  ['talos', 'Talos Linux'],
])

/** What people call a distribution: `RKE2` for `rke2`. One that is not known keeps its id. */
export function distributionName(id: string): string {
  return names.get(id) ?? id
}
