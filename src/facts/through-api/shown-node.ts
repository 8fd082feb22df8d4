import type { Role } from '../../model/check.ts'
import { type Evidence, observed, type Source, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { marksOf } from '../cluster/detect-cluster.ts'
import { textAt, wordsAt } from '../cluster/json.ts'
import { sourceOf } from '../files/raw-source.ts'
import type { Detection, HeldRoles } from '../node/detection.ts'
import { staticPodList } from './kept.ts'
import { nodeObject } from './node-object.ts'

/** Distributions whose control plane is static pods: what has no mirror there does not run. */
const ofStaticPods = ['kubeadm', 'kubespray', 'rke2', 'kops']

/** Distributions that label every server, and those whose control plane is on no node of the cluster. */
const labelled = [...ofStaticPods, 'k3s', 'eks', 'gke', 'aks']

const roleLabels: { readonly [role in Exclude<Role, 'worker'>]: readonly string[] } = {
  'control-plane': ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'],
  etcd: ['node-role.kubernetes.io/etcd'],
}

function distributionOf(view: NodeView): string | undefined {
  const found = [...new Set(marksOf(view, undefined).map(({ distribution }) => distribution))]
  return found.length === 1 ? found[0] : undefined
}

/** True for a node of a distribution whose control plane shows as static pods. */
export function hasStaticPods(view: NodeView): boolean {
  return ofStaticPods.includes(distributionOf(view) ?? '')
}

function rolesOf(view: NodeView, distribution: string): HeldRoles {
  const listed = view.list('v1/nodes')
  const source: Source = sourceOf(listed)
  const labels = wordsAt(nodeObject(view), 'labels')
  const has = (role: Exclude<Role, 'worker'>): boolean =>
    roleLabels[role].some((label) => Object.hasOwn(labels, label)) || runsOne(view, role)
  const roles: readonly Role[] = [
    ...(['control-plane', 'etcd'] as const).filter(has),
    // Every node that the API shows runs a kubelet.
    'worker',
  ]
  const held: Evidence<readonly Role[]> = labelled.includes(distribution)
    ? observed(roles, source)
    : unavailable('not-shown', source, 'whether a control plane runs beside the kubelet is not shown')
  return {
    roles,
    held: roles.includes('control-plane') && roles.includes('etcd') ? observed(roles, source) : held,
  }
}

const telling: { readonly [role in Exclude<Role, 'worker'>]: string } = {
  'control-plane': 'kube-apiserver-',
  etcd: 'etcd-',
}

function runsOne(view: NodeView, role: Exclude<Role, 'worker'>): boolean {
  const pods = view.list(staticPodList)
  return (
    pods.state === 'observed' &&
    pods.objects.some((pod) => textAt(pod, 'name')?.startsWith(telling[role]) === true)
  )
}

/** What the API says of a node: its distribution, roles, version and system. */
export function detectShownNode(view: NodeView, given?: string): Detection {
  const object = nodeObject(view)
  const distribution = given ?? distributionOf(view) ?? 'unknown'
  const version = textAt(object, 'kubelet')
  const kernel = textAt(object, 'kernel')
  const name = textAt(object, 'osImage')
  return {
    distribution,
    isGiven: given !== undefined,
    ...rolesOf(view, distribution),
    signals: [
      { says: 'the node was seen through the API only', strength: 'hint', at: 'v1/nodes' },
      ...marksOf(view, undefined).map(({ says, at }) => ({ says, strength: 'certain' as const, at })),
    ],
    ...(version === undefined ? {} : { version }),
    os: { ...(name === undefined ? {} : { name }), ...(kernel === undefined ? {} : { kernel }) },
  }
}
