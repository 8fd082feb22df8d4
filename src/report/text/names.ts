import type { Finding } from '../../model/finding.ts'

/** `1 check`, `3 checks`. */
export function counted(many: number, one: string, more = `${one}s`): string {
  return `${many} ${many === 1 ? one : more}`
}

/** The values without repeats, at most `shown` of them, and how many more. */
export function someOf(values: readonly string[], shown: number): string {
  const distinct = [...new Set(values)]
  const rest = distinct.length - shown
  return rest > 0 ? `${distinct.slice(0, shown).join(', ')} and ${rest} more` : distinct.join(', ')
}

/** `cp-1, cp-2`; `900 targets: w-1, w-2, …`; `all 12 targets`. */
export function targetNames(findings: readonly Finding[], total: number): string {
  const names = [...new Set(findings.map(({ target }) => target))]
  if (names.length === total && total > 2) return `all ${total} targets`
  return names.length > 5 ? `${names.length} targets: ${someOf(names, 4)}` : names.join(', ')
}
