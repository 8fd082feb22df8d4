/**
 * What evidence says of a condition. `error`: it could not be looked at. `unknown`: it was, and what was seen
 * cannot be interpreted. Neither ever becomes true, negated or not.
 */
export type Truth = 'true' | 'false' | 'error' | 'unknown'

/** Which truths settle a combination, strongest first. */
const precedence = {
  all: { false: 0, error: 1, unknown: 2, true: 3 },
  any: { true: 0, error: 1, unknown: 2, false: 3 },
} as const satisfies { readonly [how: string]: { readonly [truth in Truth]: number } }

export type Combination = keyof typeof precedence

/** Kleene's "and" and "or" over a list that is not empty: the strongest truth in it. */
export function combine(how: Combination, truths: readonly Truth[]): Truth {
  const rank = precedence[how]
  let strongest: Truth = how === 'all' ? 'true' : 'false'
  for (const truth of truths) if (rank[truth] < rank[strongest]) strongest = truth
  return strongest
}

/** "not": swaps true and false, and leaves what could not be told as it is. */
export function negate(truth: Truth): Truth {
  if (truth === 'true') return 'false'
  return truth === 'false' ? 'true' : truth
}
