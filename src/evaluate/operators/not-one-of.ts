import { someValues } from './expectations.ts'
import { defineOperator } from './operator.ts'
import { opposite, sameValue } from './same-value.ts'

/** None of several values, or no value. */
export const notOneOf = defineOperator({
  name: 'not-one-of',
  expects: someValues,
  holdsWhenAbsent: () => true,
  phrase: (text) => `none of ${text}`,
  test: (observed, expected) => opposite(sameValue(observed, expected)),
})
