import type { Check } from '../../model/check.ts'
import type { Provenance } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { Verdict } from '../../model/verdict.ts'
import { mostItems, sentence, showText } from '../show.ts'
import { combine } from '../truth.ts'
import type { ClaimOutcome } from './judge.ts'
import type { Gap, Holder } from './tally.ts'
import { seenJson, seenText, wantedText } from './wording.ts'

/** What one check came to on a group of nodes. */
export interface GroupOutcome {
  readonly verdict: Exclude<Verdict, 'notChecked' | 'fixed'>
  readonly reason: string
  readonly observed?: Json
  readonly expected?: Json
  /** Where the decisive values stand, each with its node; at most 20 places. */
  readonly provenance: readonly Provenance[]
  /** Digests of what it rests on, on the nodes that are named. */
  readonly evidence: readonly string[]
  readonly next?: string
}

const nothing: Pick<GroupOutcome, 'provenance' | 'evidence'> = { provenance: [], evidence: [] }

/** A check that has nothing to say about a group. */
export function notApplicable(reason: string): GroupOutcome {
  return { verdict: 'notApplicable', reason: sentence(reason), ...nothing }
}

/** A member, or one that may be, could not be looked at. */
function couldNotLook({ node, because, next, at }: Gap, count: number): GroupOutcome {
  const more = count > 1 ? `; ${count - 1} more could not be compared either` : ''
  const reason = sentence(`${showText(node)} could not be compared: ${because}${more}`)
  const provenance = at.slice(0, mostItems).map((place) => ({ ...place, target: node }))
  return { verdict: 'error', reason, provenance, evidence: [], ...(next === undefined ? {} : { next }) }
}

function restingOn(outcomes: readonly ClaimOutcome[]): Pick<GroupOutcome, 'provenance' | 'evidence'> {
  const holders: readonly Holder[] = outcomes.flatMap(({ telling, tallies: { own, other } }) =>
    [...telling, ...other.seen(), ...own.seen()].flatMap((seen) => seen.holders),
  )
  const places = new Map<string, Provenance>()
  for (const { node, at } of holders)
    for (const place of at)
      places.set(`${node} ${place.kind} ${place.at} ${place.line ?? ''}`, { ...place, target: node })
  return {
    provenance: [...places.values()].slice(0, mostItems),
    evidence: [...new Set(holders.flatMap(({ evidence }) => evidence))],
  }
}

/** One value for one claim, else one for each by its label. */
function byLabel(outcomes: readonly ClaimOutcome[], of: (outcome: ClaimOutcome) => Json): Json {
  const [only, ...others] = outcomes
  if (only !== undefined && others.length === 0) return of(only)
  return Object.fromEntries(outcomes.map((outcome) => [outcome.claim.subject.label, of(outcome)]))
}

function fill(template: string, outcomes: readonly ClaimOutcome[]): string {
  return sentence(
    template.replace(/\{(observed|expected)\}/g, (_, word: string) =>
      word === 'observed'
        ? [...new Set(outcomes.map(seenText))].join('; ')
        : [...new Set(outcomes.map(({ claim }) => wantedText(claim)))].join('; '),
    ),
  )
}

const unclear = 'The answer is unclear: {observed} was seen where {expected} was wanted.'
const unclearNext = 'Look at the values on the nodes named, and write them in a form that can be compared.'

function describe(
  { say, title, judges }: Check,
  outcomes: readonly ClaimOutcome[],
  truth: string,
): GroupOutcome {
  const seen = {
    observed: byLabel(outcomes, seenJson),
    expected: byLabel(outcomes, ({ claim }) => wantedText(claim)),
    ...restingOn(outcomes),
  }
  const holds = truth === 'true'
  if (truth === 'unknown')
    return { verdict: 'unknown', reason: fill(unclear, outcomes), next: unclearNext, ...seen }
  if (!judges)
    return {
      verdict: 'informational',
      reason: fill(holds ? (say.pass ?? say.fail) : say.fail, outcomes),
      ...seen,
    }
  if (holds) return { verdict: 'pass', reason: fill(say.pass ?? title, outcomes), ...seen }
  return { verdict: 'fail', reason: fill(say.fail, outcomes), next: fill(say.next, outcomes), ...seen }
}

/** The first node, by name, that kept a claim from an answer; how many there are. */
function gapsIn(outcomes: readonly ClaimOutcome[]): {
  readonly gap: Gap | undefined
  readonly count: number
} {
  const gaps = outcomes.flatMap(({ tallies: { own, other } }) => [own.gaps(), other.gaps()])
  const [gap] = gaps.flatMap(({ first }) => first ?? []).toSorted((a, b) => (a.node < b.node ? -1 : 1))
  return { gap, count: Math.max(...gaps.map(({ count }) => count)) }
}

function open(outcomes: readonly ClaimOutcome[]): GroupOutcome {
  const { gap, count } = gapsIn(outcomes)
  if (gap !== undefined) return couldNotLook(gap, count)
  return {
    verdict: 'error',
    reason: fill('Only {observed} are among the nodes of this run and were looked at.', outcomes),
    next: 'Audit all of them in one run.',
    ...restingOn(outcomes),
  }
}

/** What all claims of a check together say of a group. */
export function outcomeOf(check: Check, claims: readonly ClaimOutcome[]): GroupOutcome {
  const said = claims.flatMap((outcome) =>
    outcome.truth === 'nothing' ? [] : [{ outcome, truth: outcome.truth }],
  )
  if (said.length === 0)
    return notApplicable(check.applies.because ?? 'None of these nodes has what is compared')
  const truth = combine(
    'all',
    said.map((one) => one.truth),
  )
  const decisive = said.filter((one) => one.truth === truth).map(({ outcome }) => outcome)
  return truth === 'error' ? open(decisive) : describe(check, decisive, truth)
}
