import { type GateDecision, isSingle } from '../model/finding.ts'
import { reasonsFor } from './hear.ts'
import type { GateRule } from './policy.ts'
import { atThreshold, gateFacts, gatePolicy } from './policy.ts'
import type { GateInput, Tally } from './tally.ts'
import { count, tallyOf } from './tally.ts'

function whenMet({ judged }: Tally, { threshold, targets, baseline }: GateInput): string {
  const what = `${count(judged.length, 'finding')} judged on ${count(targets.filter(isSingle).length, 'target')}`
  const none = baseline === undefined ? 'none fails' : 'none newly fails'
  return threshold === 'none' ? `${what}.` : `${what}: ${none} ${atThreshold(threshold)} without a waiver.`
}

/** The baseline as the decision names it: which file it was, and how much it kept out of the gate. */
function baselineOf({ known }: Tally, { baseline }: GateInput): Pick<GateDecision, 'baseline'> {
  if (baseline === undefined) return {}
  const { file, digest, evaluatedAt } = baseline
  const failing = known.filter(({ verdict }) => verdict === 'fail').length
  return { baseline: { file, digest, evaluatedAt, known: { failing, unassessed: known.length - failing } } }
}

/**
 * Decides whether the findings meet the gate. Exit code 1 (a finding fails) outranks 3 (no claim can be made).
 * `extra` rules are heard on the same engine; the built-in ones cannot be taken away.
 */
export async function decideGate(input: GateInput, extra: readonly GateRule[] = []): Promise<GateDecision> {
  const tally = tallyOf(input)
  const rules = [...gatePolicy(tally, input), ...extra]
  const reasons = await reasonsFor(rules, gateFacts(tally, input))
  const fails = reasons.some(({ outcome }) => outcome === 'not-met')
  const complete = !reasons.some(({ outcome }) => outcome === 'incomplete')
  const met = !fails && complete
  const because = reasons.map((reason) => reason.because)
  return {
    threshold: input.threshold,
    maxErrors: input.maxErrors,
    met,
    complete,
    because: met ? [whenMet(tally, input), ...because] : because,
    ...baselineOf(tally, input),
    exitCode: fails ? 1 : complete ? 0 : 3,
  }
}
