import type { Json } from '../../model/finding.ts'
import { isList } from '../values/list.ts'
import { onlyTrue } from './expectations.ts'
import { defineOperator } from './operator.ts'

/** What people call a thing that should not be there. */
function named(value: Json): Json {
  const name = typeof value === 'object' && value !== null && !isList(value) ? value.name : undefined
  return typeof name === 'string' ? name : value
}

/** Those that are seen; what could not be looked at beside them has no name and is counted. */
function seenOf(observed: readonly Json[]): Json {
  const seen = observed.filter((item) => item !== null).map(named)
  const unseen = observed.length - seen.length
  return unseen === 0 ? seen : [...seen, `and ${unseen} that could not be looked at`]
}

/** Looked for, and not there. */
export const isAbsent = defineOperator({
  name: 'absent',
  expects: onlyTrue,
  holdsWhenAbsent: () => true,
  phrase: () => 'not set',
  shows: (observed) => (isList(observed) ? seenOf(observed) : observed),
  test: () => 'false',
})
