import type { FactRequest } from '../../model/check.ts'
import { nearest } from '../../model/nearest.ts'
import type { FactKind } from '../fact-kind.ts'
import { inspectionFact, inspectionFields } from './inspection.ts'
import { grantsOf } from './rbac/holdings.ts'
import { authorizersRequest, openServers } from './rbac/open-servers.ts'
import { powerNamed, powers } from './rbac/powers.ts'
import { rbacLists, readRbac } from './rbac/read-rbac.ts'
import { danglingBindings, weighGrants } from './rbac/weigh.ts'
import { wordsIn } from './request.ts'

function powerOf({ of }: FactRequest) {
  return powerNamed(typeof of === 'string' ? of : '')
}

/** Who holds a power through RBAC, with aggregated roles resolved and the built-in grants left out by their content. */
export const rbacGrants: FactKind = {
  kind: 'rbac-grants',
  about: 'cluster',
  asksNodes: [authorizersRequest],
  title:
    'Who may do something through RBAC: those who should not, those within limits, and those it is built in for',
  parameters: {
    of: { means: `the power: ${Object.keys(powers).join(', ')}` },
    trusted: { means: 'who may hold it: User alice, Group ops, ServiceAccount ns/name', optional: true },
    'within-namespaces': { means: 'true when a grant in one namespace counts as well', optional: true },
  },
  fields: () => inspectionFields,
  faults: (request) => {
    if (powerOf(request) !== undefined) return []
    const [near] = nearest(String(request.of), Object.keys(powers))
    return [`unknown power "${String(request.of)}"${near === undefined ? '' : `; did you mean ${near}?`}`]
  },
  probes: () => rbacLists.map((resource) => ({ kind: 'list', resource }) as const),
  derive: (request, node) => {
    const power = powerOf(request) ?? powers['cluster-admin']
    const rbac = readRbac(node)
    const { offending, noted, exempted } = weighGrants(power, grantsOf(power, rbac), {
      rbac,
      trusted: new Set(wordsIn(request, 'trusted')),
      isNamespacedCounted: request['within-namespaces'] === true,
    })
    return inspectionFact({
      lookedAt: rbac.bindings.length,
      offending: [...openServers(node), ...offending],
      noted: request.of === 'cluster-admin' ? [...noted, ...danglingBindings(rbac)] : noted,
      exempted,
      gaps: rbac.gaps,
      source: rbac.source,
    })
  },
}
