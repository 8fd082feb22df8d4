import type { FactKind } from '../fact-kind.ts'
import { anonymousAnswers } from './anonymous-answers.ts'
import { externalSecrets } from './external-secrets.ts'
import { imageVerification } from './image-verification.ts'
import { namespaceObjects } from './namespace-objects.ts'
import { networkEnforcement } from './network-enforcement.ts'
import { networkIsolation } from './network-isolation.ts'

const kinds: readonly FactKind[] = [anonymousAnswers, externalSecrets, imageVerification, namespaceObjects, networkEnforcement, networkIsolation]

/** Every kind of fact about a cluster that a check may name. */
export const clusterFactKinds: Readonly<Record<string, FactKind>> = Object.fromEntries(
  kinds.map((kind) => [kind.kind, kind]),
)
