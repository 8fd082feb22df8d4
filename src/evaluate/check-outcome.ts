import type { Check } from '../model/check.ts'
import type { Drift, Evidence, Provenance, Source } from '../model/evidence.ts'
import type { Finding, Json } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Applies } from './applicability.ts'
import { describeMissing, fillIn, isHidden, observedAndExpected } from './describe.ts'
import { type Outcome, outcomeSource } from './outcome.ts'
import { mostItems, sentence, showText } from './show.ts'

/** What one check came to on one node. */
export interface CheckOutcome {
  readonly verdict: Exclude<Verdict, 'fixed'>
  /** One sentence, always present. */
  readonly reason: string
  readonly observed?: Json
  readonly expected?: Json
  readonly objects?: NonNullable<Finding['objects']>
  /** Where the decisive values stand; at most 20 places. */
  readonly provenance: readonly Provenance[]
  /** Ids of the raw items it rests on. */
  readonly items: readonly string[]
  readonly drift?: string
  readonly next?: string
}

/** What differs between the file on disk and the running process for one setting of a component. */
export type DriftOf = (component: string, setting: string) => Drift | undefined

function restingOn(source: Source): Pick<CheckOutcome, 'provenance' | 'items'> {
  return { provenance: source.at.slice(0, mostItems), items: source.items }
}

/** The outcome of a check that does not apply, or of which that could not be told. */
export function describeNotJudged(answer: Exclude<Applies, { kind: 'applies' }>): CheckOutcome {
  const { kind: verdict, reason, source, next } = answer
  return { verdict, reason, ...restingOn(source), ...(next === undefined ? {} : { next }) }
}

/** Drift of the values that decided; one that hides the value in force comes first. */
function driftIn(check: Check, outcome: Outcome, driftOf: DriftOf): Drift | undefined {
  const found = outcome.decisive.flatMap(({ plan }): Drift[] => {
    const request = check.evidence[plan.fact]
    const setting = plan.segments[0]
    if (request?.fact !== 'component-settings' || typeof request.of !== 'string' || setting === undefined)
      return []
    const drift = driftOf(request.of, setting)
    return drift === undefined ? [] : [drift]
  })
  return found.find(({ isUnsure }) => isUnsure) ?? found[0]
}

const driftNext = 'Restart it, so that what runs is what the file says, and audit again.'

/** A pass takes the value in force: one that is only on disk is no pass. A fail stays one, at the next start at the latest. */
function withDrift(outcome: CheckOutcome, drift: Drift | undefined): CheckOutcome {
  if (drift === undefined) return outcome
  const says = showText(drift.says)
  if (!drift.isUnsure || outcome.verdict !== 'pass') return { ...outcome, drift: says }
  return { ...outcome, verdict: 'unknown', reason: sentence(says), next: driftNext, drift: says }
}

const unclear = 'The answer is unclear: {observed} was seen where {expected} was wanted.'
const unclearNext = 'Look at the value where it is set, and write it in a form that can be read.'

type Judged = Pick<CheckOutcome, 'verdict' | 'reason' | 'next'>

/** What to do about a failure, in the words of the distribution that runs here where it has its own. */
function nextOf({ next, nextOn = {} }: Check['say'], distribution: Evidence<string>): string {
  if (distribution.kind !== 'observed') return next
  const own = Object.entries(nextOn).find(([id]) => id === distribution.fact)
  return own === undefined ? next : own[1]
}

function judged({ say, title, judges }: Check, outcome: Outcome, node: OutcomeContext): Judged {
  const filled = (template: string): string => sentence(fillIn(template, outcome))
  const holds = outcome.truth === 'true'
  if (outcome.truth === 'error')
    return { verdict: isHidden(outcome) ? 'notChecked' : 'error', ...describeMissing(outcome) }
  if (!judges) return { verdict: 'informational', reason: filled(holds ? (say.pass ?? say.fail) : say.fail) }
  if (holds) return { verdict: 'pass', reason: filled(say.pass ?? title) }
  if (outcome.truth === 'unknown') return { verdict: 'unknown', reason: filled(unclear), next: unclearNext }
  return { verdict: 'fail', reason: filled(say.fail), next: filled(nextOf(say, node.distribution)) }
}

/** What an outcome is told in view of. */
export interface OutcomeContext {
  readonly distribution: Evidence<string>
  readonly drift?: DriftOf
}

/** The outcome of a check that applies: verdict, sentence, values and where they stand. */
export function describeOutcome(check: Check, outcome: Outcome, node: OutcomeContext): CheckOutcome {
  const driftOf = node.drift
  const values = outcome.truth === 'error' ? {} : observedAndExpected(outcome)
  const found = { ...judged(check, outcome, node), ...values, ...restingOn(outcomeSource(outcome)) }
  return driftOf === undefined ? found : withDrift(found, driftIn(check, outcome, driftOf))
}
