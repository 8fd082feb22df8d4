import type { FactRequest } from '../../model/check.ts'
import { unavailable } from '../../model/evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { type Inspection, inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import { saidOf } from './pods/said.ts'
import { kubeletRequest } from './pods/seen-seccomp.ts'
import { askedOf, type Trait, traits } from './pods/traits.ts'
import { type Workload, workloadProbes, workloadsOf } from './pods/workloads.ts'
import { wordIn, wordsIn } from './request.ts'

function remark({ on }: Workload, because: string | undefined): readonly Remark[] {
  return because === undefined ? [] : [{ on, because }]
}

function inspect(trait: Trait, request: FactRequest, node: NodeContext): Inspection {
  const { all, gaps, source } = workloadsOf(node)
  const asked = askedOf(request, node)
  const system = new Set(wordsIn(request, 'system-namespaces'))
  const looked = all.filter(({ on, isMirror }) => !isMirror && !system.has(on.namespace))
  const here = new Set(all.map(({ on }) => on.namespace))
  return {
    lookedAt: looked.length,
    offending: looked.flatMap((one) =>
      remark(
        one,
        saidOf(one, (pod) => trait.offends(pod, asked)),
      ),
    ),
    noted: looked.flatMap((one) =>
      remark(
        one,
        saidOf(one, (pod) => trait.notes?.(pod, asked) ?? []),
      ),
    ),
    exempted: [
      ...[...system]
        .filter((name) => here.has(name))
        .map((name) => ({ on: { kind: 'Namespace', name }, because: 'a namespace of the cluster itself' })),
      ...all
        .filter(({ on, isMirror }) => isMirror && !system.has(on.namespace))
        .map(({ on }) => ({ on, because: 'made from a file on its node, not through the API' })),
    ],
    gaps,
    source,
  }
}

/** Workloads that have something they should not, whatever their namespace admits. */
export const workloadTraits: FactKind = {
  kind: 'workload-traits',
  about: 'cluster',
  asksNodes: [kubeletRequest],
  title: 'Workloads that have something they should not: Secrets in variables, no seccomp profile, …',
  parameters: {
    of: { means: `what: ${[...traits.keys()].join(', ')}` },
    'system-namespaces': {
      means: 'namespaces of the cluster itself, which are left out; exact names',
      optional: true,
    },
    'without-profile': {
      means:
        'for seccomp, what a container without a profile gets: RuntimeDefault, Unconfined, or what the kubelets of the same run show (seen)',
      optional: true,
    },
    complete: {
      means: 'for security-context: true wants every setting said, not only some',
      optional: true,
    },
  },
  fields: () => inspectionFields,
  faults: ({ of }) => (traits.has(String(of)) ? [] : [`workloads have no trait "${String(of)}"`]),
  probes: ({ of }) =>
    of === 'seccomp' ? [...workloadProbes, { kind: 'list', resource: 'v1/nodes' }] : workloadProbes,
  derive: (request, node) => {
    const trait = traits.get(wordIn(request, 'of'))
    return trait === undefined
      ? unavailable('not-collected', { items: [], at: [] }, 'nothing is known of it')
      : inspectionFact(inspect(trait, request, node))
  },
}
