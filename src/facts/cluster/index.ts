import type { FactKind } from '../fact-kind.ts'
import { anonymousAnswers } from './anonymous-answers.ts'
import { defaultServiceAccounts } from './default-service-accounts.ts'
import { mastersGroup } from './masters-group.ts'
import { rbacGrants } from './rbac-grants.ts'
import { roleWildcards } from './role-wildcards.ts'
import { tokenMounts } from './token-mounts.ts'

const kinds: readonly FactKind[] = [
  anonymousAnswers,
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
