import type { Source } from '../../../model/evidence.ts'
import { joinSources } from '../../../model/evidence.ts'
import type { Json } from '../../../model/finding.ts'
import type { Probe } from '../../../model/probe.ts'
import type { NodeContext } from '../../fact-kind.ts'
import type { ObjectName } from '../inspection.ts'
import { flagAt, nameAt, textAt } from '../json.ts'
import { type Gap, type Listed, listed, listedAlways } from '../listed.ts'
import { type PodShape, shapeOf } from './shape.ts'

/** What people run: a Deployment with its pods, a pod that stands alone. */
export interface Workload {
  readonly on: ObjectName & { readonly namespace: string }
  /** Its template and its pods, each form once. */
  readonly shapes: readonly PodShape[]
  /** Those of its pods alone: what was let in. */
  readonly running: readonly PodShape[]
  /** Made by a kubelet for a file on its node. */
  readonly isMirror: boolean
}

/** Every workload of a cluster. */
export interface Workloads {
  readonly all: readonly Workload[]
  readonly gaps: readonly Gap[]
  readonly source: Source
}

/** Lists whose objects hold a template, and the kind of those objects. */
const templates = [
  ['apps/v1/deployments', 'Deployment'],
  ['apps/v1/statefulsets', 'StatefulSet'],
  ['apps/v1/daemonsets', 'DaemonSet'],
  ['apps/v1/replicasets', 'ReplicaSet'],
  ['batch/v1/jobs', 'Job'],
  ['batch/v1/cronjobs', 'CronJob'],
  ['v1/replicationcontrollers', 'ReplicationController'],
  ['v1/podtemplates', 'PodTemplate'],
] as const

/** What has to be asked to know the workloads of a cluster. */
export const workloadProbes: readonly Probe[] = ['v1/pods', ...templates.map(([resource]) => resource)].map(
  (resource) => ({ kind: 'list', resource }) as const,
)

type Place = Workload['on']

const keyOf = ({ kind, namespace, name }: Place): string => `${namespace}/${kind}/${name}`

interface Entry {
  readonly on: Place
  readonly owner?: Place
  readonly object: Json
  readonly isPod?: true
}

function ownerOf(object: Json, namespace: string): Place | undefined {
  const [kind, name] = [textAt(object, 'owner', 'kind'), textAt(object, 'owner', 'name')]
  return kind === undefined || name === undefined ? undefined : { kind, namespace, name }
}

function templateEntry(object: Json, kind: string): Entry {
  const namespace = nameAt(object, 'namespace')
  const on = { kind, namespace, name: nameAt(object, 'name') }
  const owner = ownerOf(object, namespace)
  // These two are made by others; what else has an owner (an operator's StatefulSet) is called by its own name.
  const isPart = kind === 'ReplicaSet' || kind === 'Job'
  return { on, object, ...(isPart && owner !== undefined ? { owner } : {}) }
}

function podEntry(object: Json): Entry {
  const namespace = nameAt(object, 'namespace')
  const [kind, name] = [nameAt(object, 'owner', 'kind'), nameAt(object, 'owner', 'name')]
  return { on: { kind, namespace, name }, object, isPod: true }
}

/** The first one of a chain of owners; a ReplicaSet of a Deployment, a Job of a CronJob. */
function topOf(on: Place, owners: ReadonlyMap<string, Place>): Place {
  // Each step is to another kind of object: chains are short, and one that goes in a circle ends.
  let top = on
  for (let step = 0; step < 4; step++) top = owners.get(keyOf(top)) ?? top
  return top
}

function merged(entries: readonly Entry[]): readonly Workload[] {
  const owners = new Map(entries.flatMap(({ on, owner }) => (owner ? [[keyOf(on), owner] as const] : [])))
  const all = new Map<string, { on: Place; shapes: PodShape[]; running: PodShape[]; isMirror: boolean }>()
  for (const { on, object, isPod } of entries) {
    const top = topOf(on, owners)
    const known = all.get(keyOf(top)) ?? { on: top, shapes: [], running: [], isMirror: false }
    const shape = shapeOf(object)
    known.shapes.push(shape)
    if (isPod === true) known.running.push(shape)
    known.isMirror ||= flagAt(object, 'isMirror') === true
    all.set(keyOf(top), known)
  }
  return [...all.values()]
}

function readAll(node: NodeContext): Workloads {
  const pods = listedAlways(node.view, 'v1/pods')
  const others = templates.map(([resource, kind]) => [listed(node.view, resource), kind] as const)
  const lists: readonly Listed[] = [pods, ...others.map(([list]) => list)]
  const entries = [
    ...others.flatMap(([list, kind]) => list.objects.map((object) => templateEntry(object, kind))),
    ...pods.objects.map(podEntry),
  ]
  return {
    all: merged(entries),
    gaps: lists.flatMap(({ gaps }) => gaps),
    source: joinSources(...lists.map(({ source }) => source)),
  }
}

/** Every workload: pods and templates together, under the name of what stands at their top. */
export function workloadsOf(node: NodeContext): Workloads {
  return node.memo('cluster workloads', () => readAll(node))
}
