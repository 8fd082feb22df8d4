import { readNumber } from '../values/number.ts'
import { onlyTrue } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** An odd whole number. */
export const isOdd = defineOperator({
  name: 'odd',
  expects: onlyTrue,
  phrase: () => 'an odd number',
  test: (observed) => {
    const number = readNumber(observed)
    return decide(Number.isInteger(number) ? number : null, (whole) => whole % 2 !== 0)
  },
})
