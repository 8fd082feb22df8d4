import type { FactRequest } from '../../model/check.ts'
import { joinSources, unavailable } from '../../model/evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { type Inspection, inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import type { Gap } from './listed.ts'
import { anyEnforcement, enforcementParameters } from './pods/enforcement.ts'
import { guardProbes, guardsOf } from './pods/guards.ts'
import { nameOfNamespace, namespaceParameters, namespacesOf } from './pods/namespaces.ts'
import { defaultRequest, pluginsRequest, seenExemptions } from './pods/seen-default.ts'
import { flagIn, wordsIn } from './request.ts'

function inspect(request: FactRequest, node: NodeContext): Inspection {
  const [namespaces, guards] = [namespacesOf(node, request), guardsOf(node)]
  const source = joinSources(namespaces.source, guards.source)
  const [offending, noted, exempted]: [Remark[], Remark[], Remark[]] = [[], [...seenExemptions(node)], []]
  const gaps: Gap[] = [...namespaces.gaps]
  const vouched = wordsIn(request, 'enforced-by')
  let lookedAt = 0
  for (const namespace of namespaces.all) {
    const on = nameOfNamespace(namespace)
    if (namespace.isLeftOut !== undefined) {
      exempted.push({ on, because: namespace.isLeftOut })
      continue
    }
    lookedAt += 1
    const enforcement = anyEnforcement(namespace, { guards: guards.all, request })
    const { kind, says, by } = enforcement
    const isWatched = namespace.isWatched && flagIn(request, 'accept-warnings')
    // A policy that could not be listed may be what guards it.
    if (kind !== 'refused' && guards.gaps.length > 0) gaps.push(...guards.gaps)
    else if (enforcement.kind === 'unknown')
      gaps.push(unavailable(enforcement.reason ?? 'not-told', source, `Namespace ${on.name}: ${says}`))
    else if (kind === 'admitted') {
      const because = `${says}${namespace.isWatched ? '; it only warns or records' : ''}`
      if (isWatched) noted.push({ on, because })
      else offending.push({ on, because })
    } else if (by !== undefined && !vouched.includes(by.name))
      noted.push({ on, because: `${says}; what it refuses was not looked at` })
  }
  return { lookedAt, offending, noted, exempted, gaps: [...new Set(gaps)], source }
}

/** Which namespaces take any pod at all. */
export const podAdmission: FactKind = {
  kind: 'pod-admission',
  about: 'cluster',
  asksNodes: [defaultRequest, pluginsRequest],
  title:
    'Namespaces where nothing is asked before a pod is made: no pod security level, no admission policy, no policy engine',
  parameters: {
    ...namespaceParameters,
    ...enforcementParameters,
    'accept-warnings': {
      means: 'true accepts a namespace whose pod security only warns and records',
      optional: true,
    },
  },
  fields: () => inspectionFields,
  probes: () => [{ kind: 'list', resource: 'v1/namespaces' }, ...guardProbes],
  derive: (request, node) => inspectionFact(inspect(request, node)),
}
