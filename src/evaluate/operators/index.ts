import { isAbsent } from './absent.ts'
import { atLeast } from './at-least.ts'
import { atMost } from './at-most.ts'
import { durationAtLeast } from './duration-at-least.ts'
import { durationAtMost } from './duration-at-most.ts'
import { durationMoreThan } from './duration-more-than.ts'
import { equals } from './equals.ts'
import { excludes } from './excludes.ts'
import { includes } from './includes.ts'
import { includesAll } from './includes-all.ts'
import { lessThan } from './less-than.ts'
import { matchesHost } from './matches-host.ts'
import { matchesNoHost } from './matches-no-host.ts'
import { modeAtMost } from './mode-at-most.ts'
import { moreThan } from './more-than.ts'
import { notEquals } from './not-equals.ts'
import { notOneOf } from './not-one-of.ts'
import { isOdd } from './odd.ts'
import { oneOf } from './one-of.ts'
import type { Operator } from './operator.ts'
import { ownedBy } from './owned-by.ts'
import { quantityAtLeast } from './quantity-at-least.ts'
import { quantityAtMost } from './quantity-at-most.ts'
import { isSet } from './set.ts'
import { subsetOf } from './subset-of.ts'
import { isUnique } from './unique.ts'
import { urlScheme } from './url-scheme.ts'
import { versionAtLeast } from './version-at-least.ts'
import { versionBelow } from './version-below.ts'

/** Every operator by the name checks use. */
export const operators = {
  equals: equals,
  'not-equals': notEquals,
  'one-of': oneOf,
  'not-one-of': notOneOf,
  includes: includes,
  'includes-all': includesAll,
  excludes: excludes,
  'subset-of': subsetOf,
  'at-least': atLeast,
  'at-most': atMost,
  'more-than': moreThan,
  'less-than': lessThan,
  'duration-at-least': durationAtLeast,
  'duration-at-most': durationAtMost,
  'duration-more-than': durationMoreThan,
  'quantity-at-least': quantityAtLeast,
  'quantity-at-most': quantityAtMost,
  'version-at-least': versionAtLeast,
  'version-below': versionBelow,
  'mode-at-most': modeAtMost,
  'owned-by': ownedBy,
  set: isSet,
  absent: isAbsent,
  'matches-host': matchesHost,
  'matches-no-host': matchesNoHost,
  unique: isUnique,
  'url-scheme': urlScheme,
  odd: isOdd,
} as const satisfies { readonly [name: string]: Operator }

/** The operator of that name; undefined when there is none. */
export function operatorNamed(name: string): Operator | undefined {
  const table: { readonly [name: string]: Operator } = operators
  return Object.hasOwn(table, name) ? table[name] : undefined
}
