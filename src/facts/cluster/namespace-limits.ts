import type { FactRequest } from '../../model/check.ts'
import type { Fact } from '../../model/evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { objectName } from './health/inspect.ts'
import { inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import { flagAt, textAt } from './json.ts'
import { listedAlways, sourceOfAll } from './listed.ts'
import { wordIn, wordsIn } from './request.ts'

const limits: Readonly<Record<string, string>> = {
  ResourceQuota: 'v1/resourcequotas#names',
  LimitRange: 'v1/limitranges#names',
}

function derive(request: FactRequest, { view }: NodeContext): Fact {
  const kind = wordIn(request, 'of')
  const exempt = new Set(wordsIn(request, 'exempt'))
  const spaces = listedAlways(view, 'v1/namespaces#labels')
  const pods = listedAlways(view, 'v1/pods#labels')
  const found = listedAlways(view, limits[kind] ?? '')
  const limited = new Set(found.objects.map((object) => textAt(object, 'namespace')))
  const used = new Set(
    pods.objects
      .filter((group) => flagAt(group, 'finished') !== true)
      .map((group) => textAt(group, 'namespace')),
  )
  const offending: Remark[] = []
  const exempted: Remark[] = []
  let lookedAt = 0
  for (const space of spaces.objects) {
    const name = textAt(space, 'name')
    const on = objectName('Namespace', space)
    if (exempt.has(name ?? '')) exempted.push({ on, because: 'it is named as a namespace of the system' })
    else if (used.has(name)) {
      lookedAt += 1
      if (!limited.has(name) && found.gaps.length === 0)
        offending.push({ on, because: `has pods and no ${kind}` })
    } else if (pods.gaps.length === 0) exempted.push({ on, because: 'it has no running pods' })
  }
  const lists = [spaces, pods, found]
  const gaps = lists.flatMap((list) => list.gaps)
  return inspectionFact({ lookedAt, offending, noted: [], exempted, gaps, source: sourceOfAll(lists) })
}

/** Namespaces whose pods may take what they like. */
export const namespaceLimits: FactKind = {
  kind: 'namespace-limits',
  about: 'cluster',
  title: 'Namespaces with pods and without a ResourceQuota (a LimitRange)',
  parameters: {
    of: { means: 'ResourceQuota or LimitRange' },
    exempt: { means: 'names of namespaces that are left out' },
  },
  fields: () => inspectionFields,
  faults: (request) =>
    Object.hasOwn(limits, wordIn(request, 'of')) ? [] : ['"of" is ResourceQuota or LimitRange'],
  probes: (request) =>
    ['v1/namespaces#labels', 'v1/pods#labels', ...(limits[wordIn(request, 'of')]?.split(' ') ?? [])].map(
      (resource) => ({ kind: 'list', resource }),
    ),
  derive,
}
