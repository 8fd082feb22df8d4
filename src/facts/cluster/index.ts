import type { FactKind } from '../fact-kind.ts'
import { anonymousAnswers } from './anonymous-answers.ts'
import { namespaceUse } from './namespace-use.ts'
import { nodeSystems } from './node-systems.ts'
import { podAdmission } from './pod-admission.ts'
import { podFeatures } from './pod-features.ts'
import { workloadTraits } from './workload-traits.ts'

const kinds: readonly FactKind[] = [
  anonymousAnswers,
  podAdmission,
  podFeatures,
  workloadTraits,
  namespaceUse,
  nodeSystems,
]

/** Every kind of fact about a cluster that a check may name. */
export const clusterFactKinds: Readonly<Record<string, FactKind>> = Object.fromEntries(
  kinds.map((kind) => [kind.kind, kind]),
)
