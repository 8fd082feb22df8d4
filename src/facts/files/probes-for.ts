import type { Probe } from '../../model/probe.ts'
import type { Knowledge } from '../fact-kind.ts'
import { componentProbes } from '../settings/probes.ts'

/** Components that hold certificates, keys and kubeconfigs on a Kubernetes node. */
export const clusterComponents = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'etcd',
] as const

/** What a node is asked about several components; those nobody described are left out. */
export function probesFor({ components }: Knowledge, ids: readonly string[]): readonly Probe[] {
  return ids.flatMap((id) => {
    const spec = components.get(id)
    return spec === undefined ? [] : componentProbes(spec)
  })
}
