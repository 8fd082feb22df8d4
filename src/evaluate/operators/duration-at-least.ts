import { readDuration } from '../values/duration.ts'
import { aDuration } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The duration or a longer one. */
export const durationAtLeast = defineOperator({
  name: 'duration-at-least',
  expects: aDuration,
  phrase: (text) => `at least ${text}`,
  test: (observed, expected) => decide(readDuration(observed), (value) => value >= expected),
})
