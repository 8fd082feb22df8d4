import type { Fact, FactValue } from '../model/evidence.ts'
import { isFactList, isFactRecord } from '../model/evidence.ts'
import type { Json } from '../model/finding.ts'

/** Something a check needed and that could not be looked at. */
export type Missing = Extract<Fact, { kind: 'unavailable' }>

function plainValue(value: FactValue, missing: Missing[]): Json {
  if (isFactList(value)) return value.map((item) => plainPart(item, missing))
  if (!isFactRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plainPart(field, missing)]))
}

function plainPart(fact: Fact, missing: Missing[]): Json {
  if (fact.kind === 'absent') return null
  if (fact.kind === 'observed') return plainValue(fact.fact, missing)
  missing.push(fact)
  return null
}

/** A fact as plain JSON, absent as null, and every part of it that could not be looked at. */
export function plainFact(fact: Fact): { readonly value: Json; readonly missing: readonly Missing[] } {
  const missing: Missing[] = []
  return { value: plainPart(fact, missing), missing }
}
