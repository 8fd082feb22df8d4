import type { Verdict } from './verdict.ts'

/** Which verdict of several a control gets: the first of these that any finding has. */
const precedence = [
  'fail',
  'error',
  'unknown',
  'notChecked',
  'pass',
  'fixed',
  'informational',
  'notApplicable',
] as const satisfies readonly Verdict[]

/** The verdict of a control from those of its findings. Nothing evaluated is `notChecked`, never a pass. */
export function rollUp(verdicts: Iterable<Verdict>): Verdict {
  const held = new Set(verdicts)
  return precedence.find((verdict) => held.has(verdict)) ?? 'notChecked'
}

/**
 * True when `after` may follow `before` if part of the evidence was taken away: less evidence either changes
 * nothing or makes the answer impossible. Anything else would let a node look better by hiding something.
 */
export function isNoBetter(before: Verdict, after: Verdict): boolean {
  return after === before || after === 'error'
}
