import { readList } from '../values/list.ts'
import { someValues } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** A list that holds every one of the values. */
export const includesAll = defineOperator({
  name: 'includes-all',
  expects: someValues,
  phrase: (text) => `a list with all of ${text}`,
  test: (observed, expected) =>
    decide(readList(observed, expected), (list) => expected.every((value) => list.includes(value))),
})
