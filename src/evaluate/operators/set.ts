import { aFlag } from './expectations.ts'
import { defineOperator } from './operator.ts'

/** Whether there is a value at all, whatever it is. */
export const isSet = defineOperator({
  name: 'set',
  expects: aFlag,
  holdsWhenAbsent: (expected) => !expected,
  phrase: (text) => (text === 'true' ? 'set' : 'not set'),
  test: (_observed, expected) => (expected ? 'true' : 'false'),
})
