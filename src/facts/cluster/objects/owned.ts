import { compact, flagAt, listAt, textAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

/** Any object: what it is, its name, and what it was made by. */
export function cutOwned(kind: string): Cut {
  return (object) => {
    const owner = listAt(object, 'metadata', 'ownerReferences').find(
      (one) => flagAt(one, 'controller') === true,
    )
    const owned =
      owner === undefined ? undefined : `${textAt(owner, 'kind') ?? ''}/${textAt(owner, 'name') ?? ''}`
    return { ...place(object), ...compact({ kind, owner: owned }) }
  }
}
