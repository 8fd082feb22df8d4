import type { FactRequest } from '../../model/check.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { type Inspection, inspectionFact, inspectionFields, nameOf, type Remark } from './inspection.ts'
import { isAsked, wordsOf } from './pods/request.ts'
import { type Workload, workloadProbes, workloadsOf } from './pods/workloads.ts'

/** Namespaces every cluster begins with that are not for the workloads of people. */
const initial: readonly string[] = ['default', 'kube-public', 'kube-node-lease']

function remarks(workloads: readonly Workload[], because: string): readonly Remark[] {
  return workloads.map(({ on }) => ({ on, because }))
}

/** All that people run in one place: no boundary is drawn. */
function onlyOne(own: readonly Workload[]): readonly Remark[] {
  const names = [...new Set(own.map(({ on }) => on.namespace))]
  const [name] = names
  if (name === undefined || names.length > 1 || own.length === 1) return []
  return [{ on: { kind: 'Namespace', name }, because: 'it holds everything that people run' }]
}

function inspect(request: FactRequest, node: NodeContext): Inspection {
  const { all, gaps, source } = workloadsOf(node)
  const system = wordsOf(request, 'system-workloads')
  const mirrors = all.filter(({ isMirror }) => isMirror)
  const known = all.filter(({ on, isMirror }) => !isMirror && system.includes(nameOf(on)))
  const others = all.filter(({ on, isMirror }) => !isMirror && !system.includes(nameOf(on)))
  const misplaced = others.filter(({ on }) => initial.includes(on.namespace))
  const own = others.filter(({ on }) => on.namespace !== 'kube-system')
  const single = onlyOne(own.filter(({ on }) => !initial.includes(on.namespace)))
  const isStrict = isAsked(request, 'several')
  return {
    lookedAt: own.length,
    offending: [
      ...misplaced.map(({ on }) => ({ on, because: `it runs in ${on.namespace}` })),
      ...(isStrict ? single : []),
    ],
    noted: [
      ...(isStrict ? [] : single),
      ...remarks(
        others.filter(({ on }) => on.namespace === 'kube-system'),
        'it runs in kube-system, and nothing says that it belongs to the cluster itself',
      ),
    ],
    exempted: [
      ...remarks(mirrors, 'made from a file on its node'),
      ...remarks(known, 'a part of the cluster itself'),
    ],
    gaps,
    source,
  }
}

/** Whether people keep what they run in namespaces of their own. */
export const namespaceUse: FactKind = {
  kind: 'namespace-use',
  about: 'cluster',
  title: 'Workloads of people in the namespaces every cluster begins with',
  parameters: {
    'system-workloads': {
      means: 'parts of the cluster itself: Deployment kube-system/coredns; exact names',
      optional: true,
    },
    several: {
      means: 'true wants more than one namespace where people run more than one workload',
      optional: true,
    },
  },
  fields: () => inspectionFields,
  probes: () => workloadProbes,
  derive: (request, node) => inspectionFact(inspect(request, node)),
}
