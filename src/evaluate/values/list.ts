import type { Scalar } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'

/** True for a string, number or boolean. */
export function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** True for a list, telling the compiler so for read-only lists too. */
export function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value)
}

/**
 * The items of an observed list when each is of a type that `wanted` has; null otherwise. A list of texts
 * cannot be judged against numbers: `["1"]` neither includes nor excludes 1.
 */
export function readList(observed: Json, wanted: readonly Scalar[]): readonly Scalar[] | null {
  if (!isList(observed)) return null
  const types = new Set(wanted.map((item) => typeof item))
  const items: Scalar[] = []
  for (const item of observed) {
    if (!isScalar(item) || !types.has(typeof item)) return null
    items.push(item)
  }
  return items
}
