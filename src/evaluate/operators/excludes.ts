import { readList } from '../values/list.ts'
import { valueOrValues } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** A list that holds none of the values; a list that is not there holds none. */
export const excludes = defineOperator({
  name: 'excludes',
  expects: valueOrValues,
  holdsWhenAbsent: () => true,
  phrase: (text) => `a list without ${text}`,
  test: (observed, expected) =>
    decide(readList(observed, expected), (list) => !expected.some((value) => list.includes(value))),
})
