import { compareQuantities, readQuantity } from '../values/quantity.ts'
import { aQuantity } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** The quantity or a larger one. */
export const quantityAtLeast = defineOperator({
  name: 'quantity-at-least',
  expects: aQuantity,
  phrase: (text) => `at least ${text}`,
  test: (observed, expected) =>
    decide(readQuantity(observed), (value) => compareQuantities(value, expected) >= 0),
})
