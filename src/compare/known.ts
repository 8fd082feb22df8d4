import type { Finding } from '../model/finding.ts'
import { hasRisen } from './change.ts'
import { type Pair, pairFindings } from './pair.ts'
import { standingOf } from './standing.ts'

/**
 * True when what keeps this finding from being good was there before. A failure is not known from an answer that was
 * missing, from one that a waiver covered, or from a lower severity; a missing answer only from a missing answer.
 */
function isKnown(pair: Pair): boolean {
  const [before, after] = [standingOf(pair.before), standingOf(pair.after)]
  if (after === 'failing') return before === 'failing' && !hasRisen(pair)
  return after === 'unassessed' && before === 'unassessed'
}

/** Pairs of findings that fail, or have no answer, now as before. */
export function knownPairs(before: readonly Finding[], after: readonly Finding[]): readonly Pair[] {
  return pairFindings(before, after).pairs.filter(isKnown)
}

/** Findings that fail, or have no answer, and did not before. */
export function newTrouble(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const known = new Set(knownPairs(before, after).map((pair) => pair.after))
  return after.filter((one) => {
    const standing = standingOf(one)
    return (standing === 'failing' || standing === 'unassessed') && !known.has(one)
  })
}
