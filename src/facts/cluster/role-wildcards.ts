import type { FactKind } from '../fact-kind.ts'
import { inspectionFact, inspectionFields } from './inspection.ts'
import { rbacLists, readRbac } from './rbac/read-rbac.ts'
import { weighWildcards } from './rbac/wildcards.ts'

/** Roles that say `*` where they could name what is meant. */
export const roleWildcards: FactKind = {
  kind: 'role-wildcards',
  about: 'cluster',
  title: 'Roles with wildcards: those somebody is given, those nobody has, and the built-in ones',
  parameters: {},
  fields: () => inspectionFields,
  probes: () => rbacLists.map((resource) => ({ kind: 'list', resource }) as const),
  derive: (_request, node) => {
    const rbac = readRbac(node)
    const { roles, gaps, source } = rbac
    return inspectionFact({ lookedAt: roles.length, ...weighWildcards(rbac), gaps, source })
  },
}
