import type { DiffGate } from '../model/diff.ts'
import type { Finding } from '../model/finding.ts'
import type { Severity } from '../model/verdict.ts'
import { isAtLeast } from '../model/verdict.ts'
import { reasonsFor } from './hear.ts'
import { atThreshold, fails, none, type Row, rulesOf, some } from './policy.ts'
import { controlsOf, count, listed } from './tally.ts'

/** What of a newer result is held against an older one. */
export interface NewInput {
  /** Failing, or without an answer, and not so in the older result. */
  readonly trouble: readonly Finding[]
  /** Targets that only the older result reached, or that are new and were not reached. */
  readonly unreached: readonly string[]
  /** Findings that both results have. */
  readonly compared: number
  /** Findings of the newer result that rest on evidence. */
  readonly judged: number
  /** Findings of the older result that the newer one has not. */
  readonly vanished: number
  /** New failures of this severity and above fail the comparison. */
  readonly threshold: Severity
}

interface NewTally extends NewInput {
  readonly failing: readonly Finding[]
  readonly tolerated: readonly Finding[]
  readonly unanswered: readonly Finding[]
}

type NewFact = 'failing' | 'tolerated' | 'unanswered' | 'unreached' | 'compared' | 'judged' | 'vanished'

function tallyOf(input: NewInput): NewTally {
  const failures = input.trouble.filter(({ verdict }) => verdict === 'fail')
  const isHeld = ({ severity }: Finding): boolean => isAtLeast(severity, input.threshold)
  const away = new Set(input.unreached)
  return {
    ...input,
    failing: failures.filter(isHeld),
    tolerated: failures.filter((finding) => !isHeld(finding)),
    // A target out of reach is said once, not check by check.
    unanswered: input.trouble.filter(({ verdict, target }) => verdict !== 'fail' && !away.has(target)),
  }
}

function rowsOf(tally: NewTally): readonly Row<NewFact>[] {
  const { failing, tolerated, unanswered, unreached, vanished, threshold } = tally
  const bad = `${fails(failing, true)} ${atThreshold(threshold)}: ${controlsOf(failing)}.`
  const minor = `${fails(tolerated, true)} below ${threshold}: ${controlsOf(tolerated)}.`
  const blind = `${count(unanswered.length, 'check')} could not be assessed, unlike before: ${controlsOf(unanswered)}.`
  const out = `${count(unreached.length, 'target')} could not be reached now: ${listed(unreached)}.`
  const less = count(vanished, 'older finding has', 'older findings have')
  return [
    ['failing', 'not-met', [some('failing')], bad],
    ['unanswered', 'not-met', [some('unanswered')], blind],
    ['unreached', 'not-met', [some('unreached')], out],
    ['nothing', 'incomplete', [none('compared')], 'Nothing was compared: the results share no finding.'],
    ['blind', 'incomplete', [some('compared'), none('judged')], 'The newer result evaluated nothing.'],
    ['tolerated', 'note', [some('tolerated')], minor],
    ['vanished', 'note', [some('vanished')], `${less} no newer one to be compared with.`],
  ]
}

/**
 * Decides whether a newer result is worse than an older one in a way that fails a pipeline: a new failure at the
 * threshold, an answer that went missing, a target out of reach. Two results that share nothing, and a newer one that looked at
 * nothing, make no claim.
 */
export async function decideNew(input: NewInput): Promise<DiffGate> {
  const tally = tallyOf(input)
  const { failing, tolerated, unanswered, unreached, compared, judged, vanished, threshold } = tally
  const reasons = await reasonsFor<NewFact>(rulesOf(rowsOf(tally)), {
    failing: failing.length,
    tolerated: tolerated.length,
    unanswered: unanswered.length,
    unreached: unreached.length,
    compared,
    judged,
    vanished,
  })
  const isNotMet = reasons.some(({ outcome }) => outcome === 'not-met')
  const isIncomplete = reasons.some(({ outcome }) => outcome === 'incomplete')
  const exitCode = isNotMet ? 1 : isIncomplete ? 3 : 0
  const because = reasons.map((reason) => reason.because)
  const fine = `${count(compared, 'finding')} compared: none newly fails ${atThreshold(threshold)}.`
  return { threshold, met: exitCode === 0, because: exitCode === 0 ? [fine, ...because] : because, exitCode }
}
