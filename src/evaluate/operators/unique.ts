import { isList, isScalar } from '../values/list.ts'
import { onlyTrue } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** A list with items, no two of them the same. */
export const isUnique = defineOperator({
  name: 'unique',
  expects: onlyTrue,
  phrase: () => 'no item twice',
  test: (observed) =>
    decide(
      isList(observed) && observed.every(isScalar) ? observed : null,
      (list) => list.length > 0 && new Set(list).size === list.length,
    ),
})
