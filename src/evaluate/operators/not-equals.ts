import { oneValue } from './expectations.ts'
import { defineOperator } from './operator.ts'
import { opposite, sameValue } from './same-value.ts'

/** Another value of the same type, or none. */
export const notEquals = defineOperator({
  name: 'not-equals',
  expects: oneValue,
  holdsWhenAbsent: () => true,
  phrase: (text) => `not ${text}`,
  test: (observed, expected) => opposite(sameValue(observed, [expected])),
})
