import { flagAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

/** Service accounts: whether their pods get a token unless they say otherwise. Their Secrets are not kept. */
export const cutServiceAccount: Cut = (account) => {
  const automount = flagAt(account, 'automountServiceAccountToken')
  return { ...place(account), ...(automount === undefined ? {} : { automount }) }
}
