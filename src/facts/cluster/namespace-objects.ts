import type { FactRequest } from '../../model/check.ts'
import type { Fact } from '../../model/evidence.ts'
import { unavailable } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { gapOf, sourceOf } from '../files/raw-source.ts'
import { builtIn } from './default-namespace/built-in.ts'
import { type Inspection, inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import { textAt } from './json.ts'
import { wordIn, wordsIn } from './request.ts'
import { namespacePrefix } from './resources.ts'

type Gaps = Inspection['gaps'][number][]

function keyOf(object: Json): string {
  return `${textAt(object, 'kind') ?? ''}/${textAt(object, 'name') ?? ''}`
}

/** Made by another object of the list: it goes where that goes. */
function comesWith(object: Json, known: ReadonlySet<string>): boolean {
  const owner = textAt(object, 'owner')
  if (owner !== undefined) return known.has(owner)
  return textAt(object, 'kind') === 'Endpoints' && known.has(`Service/${textAt(object, 'name') ?? ''}`)
}

function judge(objects: readonly Json[], namespace: string, accepted: ReadonlySet<string>) {
  const offending: Remark[] = []
  const exempted: Remark[] = []
  const known = new Set(objects.map(keyOf))
  for (const object of objects) {
    const kind = textAt(object, 'kind') ?? ''
    const name = textAt(object, 'name') ?? ''
    const on = { kind, namespace, name }
    const reason = builtIn(namespace, keyOf(object))
    if (reason !== undefined) exempted.push({ on, because: reason })
    else if (accepted.has(kind))
      exempted.push({ on, because: `objects of the kind ${kind} are accepted there` })
    else if (!comesWith(object, known))
      offending.push({ on, because: `stands in the namespace ${namespace}` })
  }
  return { offending, exempted }
}

function derive(request: FactRequest, { view }: NodeContext): Fact {
  const namespace = wordIn(request, 'of')
  const list = view.list(`${namespacePrefix}${namespace}`)
  const source = sourceOf(list)
  const gaps: Gaps = []
  if (list.state === 'unavailable') gaps.push(gapOf(list, `what is in ${namespace} could not be listed`))
  if (list.state === 'absent')
    gaps.push(unavailable('not-collected', source, `what is in ${namespace} was not listed`))
  const entries = list.state === 'observed' ? list.objects : []
  for (const entry of entries) {
    const reason = textAt(entry, 'unlisted')
    if (reason === undefined) continue
    const said = textAt(entry, 'detail') ?? ''
    gaps.push(unavailable(reason === 'forbidden' ? reason : 'server-failed', source, said))
  }
  const objects = entries.filter((entry) => textAt(entry, 'unlisted') === undefined)
  const found = judge(objects, namespace, new Set(wordsIn(request, 'accepted')))
  return inspectionFact({ lookedAt: objects.length, ...found, noted: [], gaps, source })
}

/** What stands in a namespace besides what the cluster itself puts there. */
export const namespaceObjects: FactKind = {
  kind: 'namespace-objects',
  about: 'cluster',
  title: 'Every object of a namespace, whatever its resource, that the cluster itself did not put there',
  parameters: {
    of: { means: 'name of the namespace' },
    accepted: { means: 'kinds whose objects are left out' },
  },
  fields: () => inspectionFields,
  probes: (request) => [{ kind: 'list', resource: `${namespacePrefix}${wordIn(request, 'of')}` }],
  derive,
}
