import {
  type Evidence,
  type Fact,
  type FactValue,
  isFactList,
  observed,
  unavailable,
} from '../model/evidence.ts'

/**
 * A fact of an image: what was not collected there is what only something that runs would have named or shown, so
 * that asking again brings nothing.
 */
export function ofImage(fact: Fact): Fact {
  if (fact.kind === 'unavailable') return shownByRunning(fact)
  return fact.kind === 'observed' ? observed(inside(fact.fact), fact.source) : fact
}

function inside(value: FactValue): FactValue {
  if (typeof value !== 'object') return value
  if (isFactList(value)) return value.map(ofImage)
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, ofImage(part)]))
}

function shownByRunning(missing: Extract<Evidence<never>, { kind: 'unavailable' }>): Fact {
  const { reason, source, detail } = missing
  return reason === 'not-collected' ? unavailable('offline', source, detail) : missing
}
