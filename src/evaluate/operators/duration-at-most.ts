import { readDuration } from '../values/duration.ts'
import { aDuration } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The duration or a shorter one. Zero is short; where it means "no limit", ask for more-than too. */
export const durationAtMost = defineOperator({
  name: 'duration-at-most',
  expects: aDuration,
  phrase: (text) => `at most ${text}`,
  test: (observed, expected) => decide(readDuration(observed), (value) => value <= expected),
})
