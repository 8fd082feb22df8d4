import { readNumber } from '../values/number.ts'
import { aNumber } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** A smaller number. */
export const lessThan = defineOperator({
  name: 'less-than',
  expects: aNumber,
  phrase: (text) => `less than ${text}`,
  test: (observed, expected) => decide(readNumber(observed), (value) => value < expected),
})
