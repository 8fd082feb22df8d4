import { readNumber } from '../values/number.ts'
import { aNumber } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The number or a larger one. */
export const atLeast = defineOperator({
  name: 'at-least',
  expects: aNumber,
  phrase: (text) => `at least ${text}`,
  test: (observed, expected) => decide(readNumber(observed), (value) => value >= expected),
})
