import { oneValue } from './expectations.ts'
import { defineOperator } from './operator.ts'
import { sameValue } from './same-value.ts'

/** The same value of the same type. */
export const equals = defineOperator({
  name: 'equals',
  expects: oneValue,
  test: (observed, expected) => sameValue(observed, [expected]),
})
