import { KhardError } from '../model/errors.ts'
import type { GateOutcome, GateRule } from './policy.ts'

/** Why a decision is what it is. */
export interface Reason {
  readonly outcome: GateOutcome
  readonly because: string
}

/**
 * Runs the rules on an engine of their own and returns the reasons of those that hold, most important first.
 * Every rule must be heard of: concurrent runs on one engine lose rules without a word (json-rules-engine 7.3).
 */
export async function reasonsFor<Fact extends string>(
  rules: readonly GateRule<Fact>[],
  facts: { readonly [fact in Fact]: number },
): Promise<readonly Reason[]> {
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
function engineRule({ priority, conditions, event }: GateRule<string>, index: number) {
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
