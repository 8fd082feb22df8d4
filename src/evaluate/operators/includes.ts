import { readList } from '../values/list.ts'
import { oneValue } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** A list that holds the value. */
export const includes = defineOperator({
  name: 'includes',
  expects: oneValue,
  phrase: (text) => `a list with ${text}`,
  test: (observed, expected) => decide(readList(observed, [expected]), (list) => list.includes(expected)),
})
