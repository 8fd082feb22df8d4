import { KhardError } from '../model/errors.ts'
import { type GateDecision, isSingle } from '../model/finding.ts'
import type { GateFacts, GateOutcome, GateRule } from './policy.ts'
import { atThreshold, gateFacts, gatePolicy } from './policy.ts'
import type { GateInput, Tally } from './tally.ts'
import { count, tallyOf } from './tally.ts'

interface Reason {
  readonly outcome: GateOutcome
  readonly because: string
}

/**
 * Runs the rules on an engine of their own and returns the reasons of those that hold, most important first.
 * Every rule must be heard of: concurrent runs on one engine lose rules without a word (json-rules-engine 7.3).
 */
async function reasonsFor(rules: readonly GateRule[], facts: GateFacts): Promise<readonly Reason[]> {
  const { Engine } = await import('json-rules-engine')
  const engine = new Engine(rules.map(engineRule))
  const { results, failureResults } = await engine.run({ ...facts }).catch((cause: unknown) => {
    throw gateFault('a rule of the gate could not be evaluated', cause)
  })
  claimAllHeard(rules.length, results.length + failureResults.length)
  const holding = new Set(results.map(({ name }) => name))
  return rules
    .filter((_, index) => holding.has(String(index)))
    .toSorted((a, b) => b.priority - a.priority)
    .map(({ event }) => ({ outcome: event.type, because: event.params.because }))
}

/** Named by position, so that two rules of one name stay two. */
function engineRule({ priority, conditions, event }: GateRule, index: number) {
  return {
    name: String(index),
    priority,
    conditions: { all: conditions.all.map((condition) => ({ ...condition })) },
    event: { type: event.type },
  }
}

/** Claims that no rule of the gate was lost; throws `internal` otherwise. */
export function claimAllHeard(asked: number, heard: number): void {
  if (asked !== heard) throw gateFault(`${heard} of ${asked} rules of the gate were evaluated`)
}

function gateFault(message: string, cause?: unknown): KhardError {
  const next = 'No claim is made; check the rules added to the gate, or report this with the result file.'
  return new KhardError({ code: 'internal', message, next, cause })
}

function whenMet({ judged }: Tally, { threshold, targets }: GateInput): string {
  const what = `${count(judged.length, 'finding')} judged on ${count(targets.filter(isSingle).length, 'target')}`
  return threshold === 'none' ? `${what}.` : `${what}: none fails ${atThreshold(threshold)} without a waiver.`
}

/**
 * Decides whether the findings meet the gate. Exit code 1 (a finding fails) outranks 3 (no claim can be made).
 * `extra` rules are heard on the same engine; the built-in ones cannot be taken away.
 */
export async function decideGate(input: GateInput, extra: readonly GateRule[] = []): Promise<GateDecision> {
  const tally = tallyOf(input)
  const rules = [...gatePolicy(tally, input), ...extra]
  const reasons = await reasonsFor(rules, gateFacts(tally, input.maxErrors))
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
    exitCode: fails ? 1 : complete ? 0 : 3,
  }
}
