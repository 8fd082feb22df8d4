import type { FactRequest } from '../../model/check.ts'
import { joinSources, unavailable } from '../../model/evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { type Inspection, inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import type { Gap } from './listed.ts'
import { type Enforcement, enforcementOf, enforcementParameters } from './pods/enforcement.ts'
import { type Feature, features } from './pods/features.ts'
import { type Guards, guardProbes, guardsOf } from './pods/guards.ts'
import { type Namespace, nameOfNamespace, namespaceParameters, namespacesOf } from './pods/namespaces.ts'
import { nodeVolumes, volumes } from './pods/node-volumes.ts'
import { saidOf } from './pods/said.ts'
import { defaultRequest, pluginsRequest } from './pods/seen-default.ts'
import { type Workload, workloadProbes, workloadsOf } from './pods/workloads.ts'
import { flagIn, wordIn, wordsIn } from './request.ts'

/** What is said of one namespace and the workloads in it. */
interface Told {
  readonly offending: readonly Remark[]
  readonly noted: readonly Remark[]
  readonly exempted: readonly Remark[]
}

const nothing: Told = { offending: [], noted: [], exempted: [] }

function admitting(namespace: Namespace, because: string, isOffence: boolean): Told {
  const remark = { on: nameOfNamespace(namespace), because }
  return isOffence ? { ...nothing, offending: [remark] } : { ...nothing, noted: [remark] }
}

/** Workloads that do it where it is admitted offend; where it is refused they are left from before. */
function ofWorkload(workload: Workload, feature: Feature, { kind, says }: Enforcement): Told {
  const used = saidOf(workload, feature.uses)
  const accepted = saidOf(workload, (pod) => feature.notes?.(pod) ?? [])
  const noted = accepted === undefined ? [] : [{ on: workload.on, because: accepted }]
  if (used === undefined) return { ...nothing, noted }
  if (workload.isMirror) {
    const because = `made from a file on its node, which admission does not see: ${used}`
    return { ...nothing, exempted: [{ on: workload.on, because }] }
  }
  if (kind === 'admitted') return { offending: [{ on: workload.on, because: used }], noted, exempted: [] }
  const why = kind === 'refused' ? `in a namespace that is set to refuse it (${says})` : says
  return { ...nothing, noted: [...noted, { on: workload.on, because: `${used}; ${why}` }] }
}

/** Where nobody can tell what a namespace refuses, a pod that runs there tells that it was let in. */
function ofRunning(workload: Workload, feature: Feature, enforcement: Enforcement): Told {
  const told = ofWorkload(workload, feature, enforcement)
  const used = workload.isMirror ? undefined : saidOf({ shapes: workload.running }, feature.uses)
  if (used === undefined) return told
  return { ...told, offending: [{ on: workload.on, because: used }], noted: [] }
}

function ofNamespace(
  namespace: Namespace,
  workloads: readonly Workload[],
  { feature, enforcement, request }: Question,
): Told {
  const tell = enforcement.kind === 'unknown' ? ofRunning : ofWorkload
  const told = workloads.map((workload) => tell(workload, feature, enforcement))
  const isUsed = told.some(({ offending }) => offending.length > 0)
  const place =
    enforcement.kind !== 'admitted'
      ? nothing
      : workloads.length === 0
        ? admitting(
            namespace,
            `nothing was seen in it, and it would admit ${feature.what}: ${enforcement.says}`,
            false,
          )
        : admitting(
            namespace,
            `it admits ${feature.what}: ${enforcement.says}`,
            isUsed || !flagIn(request, 'only-when-used'),
          )
  return joined([place, ...told])
}

interface Question {
  readonly feature: Feature
  readonly enforcement: Enforcement
  readonly request: FactRequest
}

function joined(told: readonly Told[]): Told {
  return {
    offending: told.flatMap(({ offending }) => offending),
    noted: told.flatMap(({ noted }) => noted),
    exempted: told.flatMap(({ exempted }) => exempted),
  }
}

function byNamespace(workloads: readonly Workload[]): ReadonlyMap<string, readonly Workload[]> {
  const grouped = new Map<string, Workload[]>()
  for (const workload of workloads) {
    const known = grouped.get(workload.on.namespace)
    if (known === undefined) grouped.set(workload.on.namespace, [workload])
    else known.push(workload)
  }
  return grouped
}

/** Of a policy that is vouched for and could not be looked at, nobody knows whether it guards a namespace. */
function unsure(enforcement: Enforcement, guards: Guards, request: FactRequest): Enforcement {
  const [gap] = wordsIn(request, 'enforced-by').length === 0 ? [] : guards.gaps
  return gap === undefined || enforcement.kind !== 'admitted'
    ? enforcement
    : {
        kind: 'unknown',
        reason: gap.reason,
        says: `its policies could not be looked at: ${gap.detail ?? gap.reason}`,
      }
}

function inspect(feature: Feature, request: FactRequest, node: NodeContext): Inspection {
  const [namespaces, workloads, guards] = [namespacesOf(node, request), workloadsOf(node), guardsOf(node)]
  const source = joinSources(namespaces.source, workloads.source, guards.source)
  const inside = byNamespace(workloads.all)
  const gaps: Gap[] = [...namespaces.gaps, ...workloads.gaps]
  const known = new Set(namespaces.all.map(({ name }) => name))
  const told: Told[] = []
  for (const namespace of namespaces.all) {
    if (namespace.isLeftOut !== undefined) {
      told.push({ ...nothing, exempted: [{ on: nameOfNamespace(namespace), because: namespace.isLeftOut }] })
      continue
    }
    const rules = enforcementOf(namespace, feature, { guards: guards.all, request })
    const enforcement = unsure(rules, guards, request)
    const there = inside.get(namespace.name) ?? []
    if (enforcement.kind === 'unknown' && there.length > 0)
      gaps.push(
        unavailable(
          enforcement.reason ?? 'not-told',
          source,
          `Namespace ${namespace.name}: ${enforcement.says}`,
        ),
      )
    told.push(ofNamespace(namespace, there, { feature, enforcement, request }))
  }
  const stray = [...inside].filter(([name]) => !known.has(name))
  const says = 'its namespace was not seen'
  for (const [name, there] of stray) {
    // Without the list of namespaces that is a gap already; with it, the namespace came or went meanwhile.
    if (namespaces.gaps.length === 0)
      gaps.push(unavailable('changed-while-reading', source, `Namespace ${name}: ${says}`))
    told.push(joined(there.map((one) => ofWorkload(one, feature, { kind: 'unknown', says }))))
  }
  const looked = new Set(
    namespaces.all.filter(({ isLeftOut }) => isLeftOut === undefined).map(({ name }) => name),
  )
  const { offending, noted, exempted } = joined(told)
  const mounted = request.of === hostPath ? nodeVolumes(node, looked) : []
  return { lookedAt: looked.size, offending, noted: [...noted, ...mounted], exempted, gaps, source }
}

/** Directories of a node come in by PersistentVolumes as well. */
const hostPath = 'host-path'

/** Which namespaces admit something that pods should not have, and which workloads have it. */
export const podFeatures: FactKind = {
  kind: 'pod-features',
  about: 'cluster',
  asksNodes: [defaultRequest, pluginsRequest],
  title: 'Namespaces that admit something pods should not have, and the workloads there that have it',
  parameters: {
    of: { means: `what: ${[...features.keys()].join(', ')}` },
    ...namespaceParameters,
    ...enforcementParameters,
    'only-when-used': {
      means: 'true accepts a namespace that admits it while nothing there has it',
      optional: true,
    },
  },
  fields: () => inspectionFields,
  faults: ({ of }) => (features.has(String(of)) ? [] : [`pods have no feature "${String(of)}"`]),
  probes: ({ of }) => [
    { kind: 'list', resource: 'v1/namespaces' },
    ...workloadProbes,
    ...guardProbes,
    ...(of === hostPath ? [{ kind: 'list', resource: volumes } as const] : []),
  ],
  derive: (request, node) => {
    const feature = features.get(wordIn(request, 'of'))
    return feature === undefined
      ? unavailable('not-collected', { items: [], at: [] }, 'nothing is known of it')
      : inspectionFact(inspect(feature, request, node))
  },
}
