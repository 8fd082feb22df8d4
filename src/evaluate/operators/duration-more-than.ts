import { readDuration } from '../values/duration.ts'
import { aDuration } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** A longer duration. */
export const durationMoreThan = defineOperator({
  name: 'duration-more-than',
  expects: aDuration,
  phrase: (text) => `more than ${text}`,
  test: (observed, expected) => decide(readDuration(observed), (value) => value > expected),
})
