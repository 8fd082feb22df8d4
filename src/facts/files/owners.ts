import type { Source } from '../../model/evidence.ts'
import { joinSources } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { sourceOf } from './raw-source.ts'

/** Id → name, as the node's own files give it. */
export type AccountNames = ReadonlyMap<number, string>

/** Names of users and groups on one node, and what they rest on. */
export interface Owners {
  readonly users: AccountNames
  readonly groups: AccountNames
  readonly source: Source
}

const printable = /^[\x21-\x39\x3b-\x7e]+$/

/**
 * Ids and names of a passwd or group text (`name:password:id:…`). The first line of an id wins, as in
 * getpwuid. "root" names id 0 only, whatever the file says: an account renamed to root is not root.
 */
export function parseAccounts(text: string): AccountNames {
  const names = new Map<number, string>([[0, 'root']])
  for (const line of text.split(/\r?\n/)) {
    const [name = '', , id = ''] = line.split(':')
    if (!/^\d{1,10}$/.test(id) || !printable.test(name) || /^\d+$/.test(name) || name === 'root') continue
    if (!names.has(Number(id))) names.set(Number(id), name)
  }
  return names
}

/** Reads the node's passwd and group; unreadable files leave numbers, and root stays 0. */
export function nodeOwners(view: NodeView): Owners {
  const passwd = view.content('/etc/passwd')
  const group = view.content('/etc/group')
  return {
    users: parseAccounts(passwd.state === 'observed' ? passwd.text : ''),
    groups: parseAccounts(group.state === 'observed' ? group.text : ''),
    source: joinSources(sourceOf(passwd), sourceOf(group)),
  }
}

/** `user:group`, numbers where the node has no name. */
export function ownerText(owners: Owners, ids: { readonly uid: number; readonly gid: number }): string {
  return `${owners.users.get(ids.uid) ?? ids.uid}:${owners.groups.get(ids.gid) ?? ids.gid}`
}
