import { compareQuantities, readQuantity } from '../values/quantity.ts'
import { aQuantity } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The quantity or a smaller one. */
export const quantityAtMost = defineOperator({
  name: 'quantity-at-most',
  expects: aQuantity,
  phrase: (text) => `at most ${text}`,
  test: (observed, expected) =>
    decide(readQuantity(observed), (value) => compareQuantities(value, expected) <= 0),
})
