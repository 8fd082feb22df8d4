import { readNumber } from '../values/number.ts'
import { aNumber } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The number or a smaller one. */
export const atMost = defineOperator({
  name: 'at-most',
  expects: aNumber,
  phrase: (text) => `at most ${text}`,
  test: (observed, expected) => decide(readNumber(observed), (value) => value <= expected),
})
