import type { FactKind } from '../fact-kind.ts'
import { addOnSpread } from './add-on-spread.ts'
import { anonymousAnswers } from './anonymous-answers.ts'
import { apiServerNodes } from './api-server-nodes.ts'
import { defaultServiceAccounts } from './default-service-accounts.ts'
import { deprecatedRequests } from './deprecated-requests.ts'
import { externalSecrets } from './external-secrets.ts'
import { imageVerification } from './image-verification.ts'
import { mastersGroup } from './masters-group.ts'
import { namespaceLimits } from './namespace-limits.ts'
import { namespaceObjects } from './namespace-objects.ts'
import { namespaceUse } from './namespace-use.ts'
import { networkEnforcement } from './network-enforcement.ts'
import { networkIsolation } from './network-isolation.ts'
import { nodeSystems } from './node-systems.ts'
import { podAdmission } from './pod-admission.ts'
import { podFeatures } from './pod-features.ts'
import { rbacGrants } from './rbac-grants.ts'
import { roleWildcards } from './role-wildcards.ts'
import { tokenMounts } from './token-mounts.ts'
import { upkeep } from './upkeep.ts'
import { webhookRisks } from './webhook-risks.ts'
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
  addOnSpread,
  deprecatedRequests,
  namespaceLimits,
  upkeep,
  webhookRisks,
  externalSecrets,
  imageVerification,
  namespaceObjects,
  networkEnforcement,
  networkIsolation,
]

/** Every kind of fact about a cluster that a check may name. */
export const clusterFactKinds: Readonly<Record<string, FactKind>> = Object.fromEntries(
  kinds.map((kind) => [kind.kind, kind]),
)
