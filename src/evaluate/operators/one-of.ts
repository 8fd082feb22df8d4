import { someValues } from './expectations.ts'
import { defineOperator } from './operator.ts'
import { sameValue } from './same-value.ts'

/** One of several values. */
export const oneOf = defineOperator({
  name: 'one-of',
  expects: someValues,
  phrase: (text) => `one of ${text}`,
  test: sameValue,
})
