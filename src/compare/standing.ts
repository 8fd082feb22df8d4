import type { Change } from '../model/diff.ts'
import type { Finding } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'

/**
 * What a finding means for conformance. `waived`: fails, and somebody answers for it; `unassessed`: an answer was
 * wanted and none was had; `open`: a question for a person; `outside`: does not count either way.
 */
export type Standing = 'good' | 'waived' | 'failing' | 'unassessed' | 'open' | 'outside'

const standings = {
  pass: 'good',
  fixed: 'good',
  fail: 'failing',
  error: 'unassessed',
  unknown: 'unassessed',
  notChecked: 'open',
  informational: 'outside',
  notApplicable: 'outside',
} as const satisfies Record<Verdict, Standing>

/** What a finding means for conformance. */
export function standingOf({
  verdict,
  waiver,
  check,
}: Pick<Finding, 'verdict' | 'waiver' | 'check'>): Standing {
  // A check that could not be asked where its target was seen has no answer; a question for a person has none to lose.
  if (verdict === 'notChecked' && check !== undefined) return 'unassessed'
  return verdict === 'fail' && waiver?.expired === false ? 'waived' : standings[verdict]
}

type Step = Change['kind'] | 'same'

/**
 * From the standing before (row) to the one after. Nothing that says less is better; a failure that comes to light is
 * worse although more is known; a waiver makes nothing better, and one that lapsed is worse. What no longer applies is
 * changed only: the node may be as it was.
 */
const steps: { readonly [before in Standing]: { readonly [after in Standing]: Step } } = {
  good: {
    good: 'same',
    waived: 'worse',
    failing: 'worse',
    unassessed: 'worse',
    open: 'worse',
    outside: 'changed',
  },
  waived: {
    good: 'better',
    waived: 'same',
    failing: 'worse',
    unassessed: 'worse',
    open: 'worse',
    outside: 'changed',
  },
  failing: {
    good: 'better',
    waived: 'changed',
    failing: 'same',
    unassessed: 'worse',
    open: 'worse',
    outside: 'changed',
  },
  unassessed: {
    good: 'better',
    waived: 'worse',
    failing: 'worse',
    unassessed: 'same',
    open: 'changed',
    outside: 'better',
  },
  open: {
    good: 'better',
    waived: 'worse',
    failing: 'worse',
    unassessed: 'worse',
    open: 'same',
    outside: 'better',
  },
  outside: {
    good: 'changed',
    waived: 'worse',
    failing: 'worse',
    unassessed: 'worse',
    open: 'worse',
    outside: 'same',
  },
}

/** How the second standing compares to the first. */
export function stepBetween(before: Standing, after: Standing): Step {
  return steps[before][after]
}

/** True when there is an answer, whatever it says. */
export function isSettled(standing: Standing): boolean {
  return standing !== 'unassessed' && standing !== 'open'
}
