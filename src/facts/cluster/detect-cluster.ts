import type { Signal } from '../../model/finding.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import { textAt, textsAt, wordsAt } from './json.ts'

/** What is found out about a cluster before its checks are chosen. */
export interface ClusterDetection {
  /** `kubeadm`, `rke2`, …; `unknown` when the signals do not decide. */
  readonly distribution: string
  readonly signals: readonly Signal[]
  /** Version of the API server, `v1.34.2`. */
  readonly version?: string
}

const nodes = 'v1/nodes'

/** What detection asks a cluster, besides what the facts of the selected checks ask. */
export const clusterDetectionProbes: readonly Probe[] = [{ kind: 'list', resource: nodes }]

interface Mark {
  readonly distribution: string
  readonly says: string
}

/** Builds of the API server that only one distribution ships. */
const builds: readonly (readonly [RegExp, string])[] = [
  [/\+rke2r[0-9]+/, 'rke2'],
  [/\+k3s[0-9]+/, 'k3s'],
  [/\+k0s/, 'k0s'],
  [/-eks-/, 'eks'],
  [/-gke\./, 'gke'],
]

/** Labels and annotations of nodes that only one distribution sets. */
const nodeMarks: readonly (readonly [string, string])[] = [
  ['kubeadm.alpha.kubernetes.io/cri-socket', 'kubeadm'],
  ['rke2.io/node-args', 'rke2'],
  ['k3s.io/node-args', 'k3s'],
  ['kops.k8s.io/instancegroup', 'kops'],
  ['eks.amazonaws.com/nodegroup', 'eks'],
  ['cloud.google.com/gke-nodepool', 'gke'],
  ['kubernetes.azure.com/cluster', 'aks'],
  ['microk8s.io/cluster', 'microk8s'],
  ['node.openshift.io/os_id', 'openshift'],
]

/** What only one distribution does, as far as it shows in the version of the API server and on nodes. */
export function marksOf(
  view: NodeView,
  version: string | undefined,
): readonly (Mark & { readonly at: string })[] {
  const built = builds
    .filter(([pattern]) => version !== undefined && pattern.test(version))
    .map(([, distribution]) => ({
      distribution,
      says: `the API server is a ${distribution} build`,
      at: 'GET /version',
    }))
  const listed = view.list(nodes)
  const objects = listed.state === 'observed' ? listed.objects : []
  const named = nodeMarks
    .filter(([mark]) =>
      objects.some(
        (node) => Object.hasOwn(wordsAt(node, 'labels'), mark) || textsAt(node, 'annotated').includes(mark),
      ),
    )
    .map(([mark, distribution]) => ({ distribution, says: `nodes carry ${mark}`, at: nodes }))
  return [...built, ...named]
}

/** Which distribution a cluster is, from what its API server and its nodes say of themselves. */
export function detectCluster(view: NodeView, given?: string): ClusterDetection {
  const answer = view.answer('GET /version')
  const version = answer.state === 'observed' ? textAt(answer.body, 'gitVersion') : undefined
  const marks = marksOf(view, version)
  const found = [...new Set(marks.map(({ distribution }) => distribution))]
  const [only] = found
  return {
    distribution: given ?? (only !== undefined && found.length === 1 ? only : 'unknown'),
    signals: marks.map(({ says, at }) => ({ says, strength: 'certain', at })),
    ...(version === undefined || version === '' ? {} : { version }),
  }
}
