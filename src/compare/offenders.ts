import type { Change } from '../model/diff.ts'
import type { Finding, Json } from '../model/finding.ts'

/** The name of one thing that was seen: a file, an object, a value of a list; null for what has none. */
function nameOf(seen: Json): string | null {
  if (seen === null || Array.isArray(seen)) return null
  if (typeof seen !== 'object') return String(seen)
  const { item, path } = { item: undefined, path: undefined, ...seen }
  return typeof item === 'string' ? item : typeof path === 'string' ? path : null
}

function namesIn(observed: Json | undefined): ReadonlySet<string> | null {
  if (!Array.isArray(observed)) return null
  const names = observed.map(nameOf).filter((name) => name !== null)
  return names.length === observed.length ? new Set(names) : null
}

/** What a failing finding names now and did not before, and the other way round; null when it is no list of names. */
export function offendersBetween(before: Finding, after: Finding): NonNullable<Change['offenders']> | null {
  const [earlier, later] = [namesIn(before.observed), namesIn(after.observed)]
  if (earlier === null || later === null) return null
  const added = [...later].filter((name) => !earlier.has(name)).toSorted()
  const gone = [...earlier].filter((name) => !later.has(name)).toSorted()
  return added.length + gone.length === 0 ? null : { added, gone }
}
