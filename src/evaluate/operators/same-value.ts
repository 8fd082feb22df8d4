import type { Scalar } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { Answer } from './operator.ts'

/**
 * Typed equality with one or several values. A value whose type none of them has is `unknown`, so that the text
 * "false" neither equals nor differs from the boolean false.
 */
export function sameValue(observed: Json, wanted: readonly Scalar[]): Answer {
  if (wanted.some((value) => value === observed)) return 'true'
  return wanted.some((value) => typeof value === typeof observed) ? 'false' : 'unknown'
}

/** The opposite answer; what is not understood stays so. */
export function opposite(answer: Answer): Answer {
  if (answer === 'unknown') return answer
  return answer === 'true' ? 'false' : 'true'
}
