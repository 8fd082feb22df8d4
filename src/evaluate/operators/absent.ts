import { onlyTrue } from './expectations.ts'
import { defineOperator } from './operator.ts'

/** Looked for, and not there. */
export const isAbsent = defineOperator({
  name: 'absent',
  expects: onlyTrue,
  holdsWhenAbsent: () => true,
  phrase: () => 'not set',
  test: () => 'false',
})
