import type { Fact } from '../../model/evidence.ts'
import { absent, isFactRecord, observed } from '../../model/evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { inspectionFact, type Remark } from './inspection.ts'
import { textAt } from './json.ts'
import { listed, sourceOfAll } from './listed.ts'
import { sealed, secretStoreResources, secretStores } from './secrets/stores.ts'

function derive({ view }: NodeContext): Fact {
  const stores = secretStores.map(({ id, kind, what }) => ({ kind, what, list: listed(view, id) }))
  const locked = listed(view, sealed.id)
  const source = sourceOfAll([...stores.map(({ list }) => list), locked])
  const counted = new Map<string, number>()
  for (const { kind, what, list } of stores)
    if (list.objects.length > 0) {
      const key = `${kind}\n${what}`
      counted.set(key, Math.max(counted.get(key) ?? 0, list.objects.length))
    }
  const noted: Remark[] = [...counted].map(([key, count]) => {
    const [kind = '', what = ''] = key.split('\n')
    return { on: { kind, name: 'objects' }, because: `${count} bring secrets through ${what}` }
  })
  for (const object of locked.objects) {
    const namespace = textAt(object, 'namespace')
    const on = { kind: sealed.kind, name: textAt(object, 'name') ?? '' }
    noted.push({
      on: namespace === undefined ? on : { ...on, namespace },
      because: 'becomes an ordinary Secret of the cluster: it is no outside store',
    })
  }
  const gaps = stores.flatMap(({ list }) => list.gaps)
  const lookedAt = [...counted.values()].reduce((sum, count) => sum + count, 0)
  const fact = inspectionFact({ lookedAt, offending: [], noted, exempted: [], gaps, source })
  const names = [...new Set([...counted.keys()].map((key) => key.split('\n')[1] ?? ''))]
  const [gap] = gaps
  const inUse: Fact =
    names.length > 0 ? observed(names.join(', '), source) : gap === undefined ? absent(source) : gap
  const fields = fact.kind === 'observed' && isFactRecord(fact.fact) ? fact.fact : {}
  return observed({ ...fields, 'in-use': inUse }, source)
}

/** Stores outside the cluster that secrets come from. */
export const externalSecrets: FactKind = {
  kind: 'external-secrets',
  about: 'cluster',
  title: 'Stores outside the cluster that secrets are brought from, by objects in use',
  parameters: {},
  fields: () => ['in-use', 'noted'],
  probes: () => [
    ...secretStoreResources.map((resource) => ({ kind: 'list', resource }) as const),
    { kind: 'answer', question: 'GET /apis' },
  ],
  derive: (_request, node) => derive(node),
}
