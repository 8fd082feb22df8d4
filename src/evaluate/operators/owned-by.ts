import { readOwner } from '../values/owner.ts'
import { anOwner } from './expectations.ts'
import { decide, defineOperator } from './operator.ts'

/** Exactly this `user:group`. */
export const ownedBy = defineOperator({
  name: 'owned-by',
  expects: anOwner,
  bareInText: true,
  phrase: (text) => `owned by ${text}`,
  test: (observed, expected) => decide(readOwner(observed), (owner) => owner === expected),
})
