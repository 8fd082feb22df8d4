import { readList } from '../values/list.ts'
import { someValues } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** A list of which every item is one of the values. An empty list says nothing, so it does not hold. */
export const subsetOf = defineOperator({
  name: 'subset-of',
  expects: someValues,
  phrase: (text) => `only ${text}`,
  test: (observed, expected) =>
    decide(
      readList(observed, expected),
      (list) => list.length > 0 && list.every((item) => expected.includes(item)),
    ),
})
