import { canonicalJson } from '../model/canonical-json.ts'
import type { Change } from '../model/diff.ts'
import type { Finding } from '../model/finding.ts'
import { isAtLeast, verdictLabel } from '../model/verdict.ts'
import { offendersBetween } from './offenders.ts'
import type { Pair } from './pair.ts'
import { isSettled, type Standing, standingOf, stepBetween } from './standing.ts'

/** True when a severity is above what it was: nobody had accepted it at that. */
export function hasRisen({ before, after }: Pair): boolean {
  return before.severity !== after.severity && isAtLeast(after.severity, before.severity)
}

/** True when a finding that fails in both results fails for what it failed for. Reasons may count days: they do not decide. */
function isSameFailure({ before, after }: Pair): boolean {
  const [earlier, later] = [before, after].map(({ observed, expected, severity, waiver, drift }) =>
    canonicalJson({ observed, expected, severity, waiver, drifts: drift !== undefined }),
  )
  return earlier === later && (after.observed !== undefined || before.reason === after.reason)
}

function hasNews(pair: Pair, standing: Standing): boolean {
  const fails = standing === 'failing' || standing === 'waived'
  return pair.before.verdict !== pair.after.verdict || (fails && !isSameFailure(pair))
}

function kindOf(pair: Pair): Change['kind'] | null {
  const [before, after] = [standingOf(pair.before), standingOf(pair.after)]
  const step = stepBetween(before, after)
  if (step !== 'same') return step
  if (after === 'failing' && hasRisen(pair)) return 'worse'
  return hasNews(pair, after) ? 'changed' : null
}

type Waiver = NonNullable<Finding['waiver']>

function lapse(before: Waiver, after: Waiver | undefined): string {
  return after === undefined
    ? `no waiver covers it any more (${before.id} did)`
    : `waiver ${after.id} expired ${after.expires}`
}

const label = ({ verdict }: Finding): string => verdictLabel[verdict].toLowerCase()

function whyOf({ before, after }: Pair): string {
  if (before.verdict !== after.verdict) return `${label(before)} → ${label(after)}`
  if (before.waiver?.expired === false && standingOf(after) === 'failing')
    return lapse(before.waiver, after.waiver)
  if (before.severity !== after.severity) return `severity ${after.severity}, was ${before.severity}`
  const { waiver } = after
  if (waiver !== undefined && canonicalJson(waiver) !== canonicalJson(before.waiver))
    return waiver.expired
      ? `waiver ${waiver.id} has expired`
      : `waived by ${waiver.id} until ${waiver.expires}`
  return 'fails otherwise than before'
}

function coverageOf({ before, after }: Pair): Change['coverage'] {
  const [was, is] = [isSettled(standingOf(before)), isSettled(standingOf(after))]
  return was === is ? undefined : is ? 'gained' : 'lost'
}

/** What changed between two answers to one question; null when nothing worth saying did. */
export function changeOf(pair: Pair): Change | null {
  const kind = kindOf(pair)
  if (kind === null) return null
  const coverage = coverageOf(pair)
  const bothFail = pair.before.verdict === 'fail' && pair.after.verdict === 'fail'
  const offenders = bothFail ? offendersBetween(pair.before, pair.after) : null
  return {
    kind,
    why: whyOf(pair),
    ...(coverage === undefined ? {} : { coverage }),
    before: pair.before,
    after: pair.after,
    ...(offenders === null ? {} : { offenders }),
  }
}
