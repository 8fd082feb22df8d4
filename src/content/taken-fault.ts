import type { Fault } from './faults.ts'
import type { Validated } from './schemas.ts'

/** The fault of content that takes an id which something else has. */
export function takenFault(
  { source }: { readonly source: Validated<unknown>['source'] },
  what: string,
): Fault {
  return source.fault(
    { path: ['id'] },
    `the ${what} id is taken already`,
    'Choose an id of your own; content cannot be replaced, only added to.',
  )
}
