import { readNumber } from '../values/number.ts'
import { aNumber } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** A larger number. */
export const moreThan = defineOperator({
  name: 'more-than',
  expects: aNumber,
  phrase: (text) => `more than ${text}`,
  test: (observed, expected) => decide(readNumber(observed), (value) => value > expected),
})
