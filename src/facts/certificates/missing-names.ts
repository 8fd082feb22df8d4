import type { Evidence, Fact, Source } from '../../model/evidence.ts'
import { absent, joinSources, observed } from '../../model/evidence.ts'
import { isNamed } from './names.ts'
import type { Use } from './use.ts'

/** Hosts and addresses a certificate has to stand for and does not; absent when there are none. */
export function missingNames(uses: readonly Use[], names: readonly string[], source: Source): Fact {
  const wanted = uses.flatMap(({ covers }) => covers ?? [])
  const besides = uses.flatMap((use) => use.besides ?? [])
  const all = [...names, ...besides.flatMap((one) => (one.kind === 'observed' ? one.fact : []))]
  const missing = wanted.filter((one) => one.kind === 'observed' && !isNamed(all, one.fact))
  if (missing.length === 0) return gapAmong(wanted) ?? absent(source, 'it stands for every name it has to')
  // Another certificate of the server, which could not be read, may stand for them.
  return gapAmong(besides) ?? observed(missing, joinSources(source, ...missing.map((one) => one.source)))
}

function gapAmong(parts: readonly Evidence<unknown>[]): Fact | undefined {
  return parts.find((one) => one.kind === 'unavailable')
}
