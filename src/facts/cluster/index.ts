import type { FactKind } from '../fact-kind.ts'
import { anonymousAnswers } from './anonymous-answers.ts'
import { apiServerNodes } from './api-server-nodes.ts'
import { defaultServiceAccounts } from './default-service-accounts.ts'
import { mastersGroup } from './masters-group.ts'
import { namespaceUse } from './namespace-use.ts'
import { nodeSystems } from './node-systems.ts'
import { podAdmission } from './pod-admission.ts'
import { podFeatures } from './pod-features.ts'
import { rbacGrants } from './rbac-grants.ts'
import { roleWildcards } from './role-wildcards.ts'
import { tokenMounts } from './token-mounts.ts'
import { workloadTraits } from './workload-traits.ts'

const kinds: readonly FactKind[] = [
  anonymousAnswers,
  apiServerNodes,
  podAdmission,
  podFeatures,
  workloadTraits,
  namespaceUse,
  nodeSystems,
  rbacGrants,
  roleWildcards,
  defaultServiceAccounts,
  mastersGroup,
  tokenMounts,
]

/** Every kind of fact about a cluster that a check may name. */
export const clusterFactKinds: Readonly<Record<string, FactKind>> = Object.fromEntries(
  kinds.map((kind) => [kind.kind, kind]),
)
