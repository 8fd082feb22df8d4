import type { Json } from '../../model/finding.ts'
import { isList } from '../values/list.ts'
import { onlyTrue } from './expectations.ts'
import { defineOperator } from './operator.ts'

/** What people call a thing that should not be there. */
function named(value: Json): Json {
  const isNamed =
    typeof value === 'object' && value !== null && !isList(value) && typeof value.name === 'string'
  return isNamed ? (value.name ?? value) : value
}

/** Looked for, and not there. */
export const isAbsent = defineOperator({
  name: 'absent',
  expects: onlyTrue,
  holdsWhenAbsent: () => true,
  phrase: () => 'not set',
  shows: (observed) => (isList(observed) ? observed.map(named) : observed),
  test: () => 'false',
})
