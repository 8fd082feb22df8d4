import type { FactKind } from '../fact-kind.ts'
import { addOnSpread } from './add-on-spread.ts'
import { anonymousAnswers } from './anonymous-answers.ts'
import { deprecatedRequests } from './deprecated-requests.ts'
import { externalSecrets } from './external-secrets.ts'
import { imageVerification } from './image-verification.ts'
import { namespaceLimits } from './namespace-limits.ts'
import { namespaceObjects } from './namespace-objects.ts'
import { networkEnforcement } from './network-enforcement.ts'
import { networkIsolation } from './network-isolation.ts'
import { upkeep } from './upkeep.ts'
import { webhookRisks } from './webhook-risks.ts'

const kinds: readonly FactKind[] = [
  anonymousAnswers,
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
