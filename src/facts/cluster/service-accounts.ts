import type { Source } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { sourceOf } from '../files/raw-source.ts'
import type { Inspection } from './inspection.ts'
import { flagAt, nameAt } from './json.ts'
import { gapsIn, soundIn } from './rbac/read-rbac.ts'

/** The list the accounts of pods come from. */
export const accountsList = 'v1/serviceaccounts'

/** A service account. */
export interface ServiceAccount {
  readonly namespace: string
  readonly name: string
  /** Undefined means that its pods get a token. */
  readonly automount?: boolean
}

/** Every service account of a cluster, and what of them could not be looked at. */
export interface ServiceAccounts {
  readonly accounts: readonly ServiceAccount[]
  readonly gaps: Inspection['gaps']
  readonly source: Source
}

/** Reads the list of service accounts, once for all facts about them. */
export function readServiceAccounts(node: NodeContext): ServiceAccounts {
  return node.memo('service-accounts', () => {
    const list = node.view.list(accountsList)
    const accounts = soundIn(list).map((one) => {
      const automount = flagAt(one, 'automount')
      return {
        namespace: nameAt(one, 'namespace'),
        name: nameAt(one, 'name'),
        ...(automount === undefined ? {} : { automount }),
      }
    })
    return { accounts, gaps: gapsIn(list, 'ServiceAccount'), source: sourceOf(list) }
  })
}
