import { textAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

/** What the name of an object may look like. */
const objectName = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/

/**
 * Secrets that hold a token of a service account, by their metadata: the API server takes none of that type without an
 * annotation that names the account. Nothing is kept of the others.
 */
export const cutTokenSecret: Cut = (secret) => {
  const account = textAt(secret, 'metadata', 'annotations', 'kubernetes.io/service-account.name')
  return account !== undefined && objectName.test(account) ? { ...place(secret), account } : undefined
}
