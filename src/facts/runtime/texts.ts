import type { Evidence, Fact } from '../../model/evidence.ts'

/** What a list setting says, item by item with its place; nothing when it says nothing, or something else. */
export function textsOf(list: Fact): readonly Extract<Evidence<string>, { kind: 'observed' }>[] {
  const items = list.kind === 'observed' && Array.isArray(list.fact) ? list.fact : []
  return items.flatMap((item) =>
    item.kind === 'observed'
      ? [{ kind: 'observed' as const, fact: String(item.fact), source: item.source }]
      : [],
  )
}
