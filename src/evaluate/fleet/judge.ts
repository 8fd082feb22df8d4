import type { Json } from '../../model/finding.ts'
import type { Truth } from '../truth.ts'
import { isList } from '../values/list.ts'
import { readNumber } from '../values/number.ts'
import { type Claim, type Comparison, minorOf } from './claim.ts'
import type { Seen, Tally } from './tally.ts'

/** The values one claim is about: its own, and those it compares them with (none for most claims). */
export interface Tallies {
  readonly own: Tally
  readonly other: Tally
}

/** What a claim came to. `nothing`: no node has a value it could be about. */
export interface ClaimOutcome {
  readonly claim: Claim
  readonly truth: Truth | 'nothing'
  /** Values that made it so, most telling first; those of a claim that holds are all there are. */
  readonly telling: readonly Seen[]
  /** What they were compared with. */
  readonly beside: readonly Seen[]
  /** The number that was compared, where there is one. */
  readonly number: number | null
  readonly tallies: Tallies
}

interface Judged {
  readonly truth: Truth | 'nothing'
  readonly telling: readonly Seen[]
  readonly beside?: readonly Seen[]
  readonly number?: number
}

/** What a claim says of the values seen so far, before it is asked whether any could not be seen. */
function judgeSame(seen: readonly Seen[]): Judged {
  const [first, second] = seen
  if (first === undefined) return { truth: 'nothing', telling: [] }
  if (second === undefined) return { truth: 'true', telling: seen }
  // The value that most nodes have is not the odd one; where two are as frequent, none is.
  return { truth: 'false', telling: first.count > second.count ? seen.slice(1) : seen }
}

function judgeUnique(seen: readonly Seen[]): Judged {
  const shared = seen.filter(({ count }) => count > 1)
  if (shared.length > 0) return { truth: 'false', telling: shared }
  return { truth: seen.length === 0 ? 'nothing' : 'true', telling: seen }
}

/** What is left of an answer about a number that values not seen could only make larger. */
function growing(answer: Truth, { operator }: Comparison, isWhole: boolean): Truth {
  if (isWhole) return answer
  const atLeast = operator.name === 'at-least' || operator.name === 'more-than'
  const atMost = operator.name === 'at-most' || operator.name === 'less-than'
  return (answer === 'true' && atLeast) || (answer === 'false' && atMost) ? answer : 'error'
}

/** A number, or the two it lies between. */
interface Range {
  readonly low: number
  readonly high: number
}

function rangeOf(value: Json): Range | null {
  const ends = isList(value) ? value : [value]
  const numbers = ends.map(readNumber).filter((number) => number !== null)
  if (numbers.length !== ends.length || numbers.length === 0) return null
  return { low: Math.min(...numbers), high: Math.max(...numbers) }
}

function pointOf(value: Json): Range | null {
  const minor = minorOf(value)
  return minor === null ? null : { low: minor, high: minor }
}

/** Values as ranges, lowest first, and those that are none. */
function rangesOf(seen: readonly Seen[], read: (value: Json) => Range | null) {
  const pairs = seen.filter(({ value }) => value !== null).map((one) => ({ one, range: read(one.value) }))
  return {
    known: pairs
      .flatMap(({ one, range }) => (range === null ? [] : [{ one, ...range }]))
      .sort((a, b) => a.low - b.low),
    unread: pairs.flatMap(({ one, range }) => (range === null ? [one] : [])),
  }
}

/** The first and the last of a list, once when it has only one. */
function ends<T>(list: readonly T[]): readonly T[] {
  return [...new Set([...list.slice(0, 1), ...list.slice(-1)])]
}

function judgeSpan(
  { comparison, seen }: { readonly comparison: Comparison; readonly seen: readonly Seen[] },
  read: (value: Json) => Range | null,
  isWhole: boolean,
): Judged {
  const { known, unread } = rangesOf(seen, read)
  if (unread.length > 0) return { truth: 'unknown', telling: unread }
  if (known.length === 0) return { truth: 'nothing', telling: [] }
  const lows = known.map(({ low }) => low)
  const highs = known.map(({ high }) => high)
  const least = Math.max(0, Math.max(...lows) - Math.min(...highs))
  const most = Math.max(...highs) - Math.min(...lows)
  const sure = comparison.prepared.test(least)
  const answer = sure === comparison.prepared.test(most) ? sure : 'unknown'
  const number = Math.round((answer === 'true' ? most : least) * 10) / 10
  const telling = ends(known).map(({ one }) => one)
  return { truth: growing(answer, comparison, isWhole), telling, number }
}

function judgeBehind(claim: Extract<Claim, { kind: 'minors-behind' }>, { own, other }: Tallies): Judged {
  const { below, comparison } = claim
  const all = rangesOf(own.seen(), pointOf)
  const references = rangesOf(other.seen(), pointOf)
  const meant = all.known.filter(({ low }) => below === null || low < below)
  const unread = [...all.unread, ...references.unread]
  if (unread.length > 0) return { truth: 'unknown', telling: unread }
  if (references.known.length === 0 || meant.length === 0) return { truth: 'nothing', telling: [] }
  const around = ends(references.known)
  const wrong = meant.filter((version) =>
    around.some(({ low }) => comparison.prepared.test(low - version.low) !== 'true'),
  )
  const beside = around.map(({ one }) => one)
  const telling = (wrong.length > 0 ? wrong : meant).map(({ one }) => one)
  return { truth: wrong.length > 0 ? 'false' : 'true', telling, beside }
}

/** More than half of what `of` names must be among the values; what no node of the run is cannot be told. */
function judgeMajority({ own, other }: Tallies, gaps: number): Judged {
  const up = new Set(own.seen().map(({ key }) => key))
  const beside = other.seen()
  const all = beside.length
  if (all === 0) return { truth: 'nothing', telling: [] }
  const held = beside.filter(({ key }) => up.has(key))
  const number = held.length
  if (number * 2 > all) return { truth: 'true', telling: held, beside, number }
  const unseen = gaps + Math.max(0, all - own.looked())
  const telling = beside.filter(({ key }) => !up.has(key))
  return { truth: (number + unseen) * 2 > all ? 'error' : 'false', telling, beside, number }
}

function judged(claim: Claim, tallies: Tallies, gaps: number): Judged {
  const seen = tallies.own.seen()
  const isWhole = gaps === 0
  switch (claim.kind) {
    case 'same':
      return unlessOpen(judgeSame(seen), gaps)
    case 'unique':
      return unlessOpen(judgeUnique(seen), gaps)
    case 'count': {
      const number = seen.length
      if (number === 0) return unlessOpen({ truth: 'nothing', telling: [] }, gaps)
      const answer = claim.comparison.prepared.test(number)
      const telling = seen.toSorted((a, b) => (a.key < b.key ? -1 : 1))
      return { truth: growing(answer, claim.comparison, isWhole), telling, number }
    }
    case 'span':
      return unlessOpen(judgeSpan({ comparison: claim.comparison, seen }, rangeOf, isWhole), gaps)
    case 'minor-span':
      return unlessOpen(judgeSpan({ comparison: claim.comparison, seen }, pointOf, isWhole), gaps)
    case 'minors-behind':
      return unlessOpen(judgeBehind(claim, tallies), gaps)
    case 'majority':
      return judgeMajority(tallies, gaps)
    default:
      return claim satisfies never
  }
}

/** What could not be seen leaves a claim without an answer, unless the values that were seen break it already. */
function unlessOpen(answer: Judged, gaps: number): Judged {
  const isOpen = gaps > 0 && (answer.truth === 'true' || answer.truth === 'nothing')
  return isOpen ? { ...answer, truth: 'error' } : answer
}

/** Judges one claim over what was seen of a group. */
export function judgeClaim(claim: Claim, tallies: Tallies): ClaimOutcome {
  const gaps = tallies.own.gaps().count + tallies.other.gaps().count
  const { truth, telling, beside = [], number = null } = judged(claim, tallies, gaps)
  return { claim, truth, telling, beside, number, tallies }
}
