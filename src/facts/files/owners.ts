import type { Evidence, Source } from '../../model/evidence.ts'
import { joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { sourceOf } from './raw-source.ts'

/** Id → name, as the node's own files give it. */
export type AccountNames = ReadonlyMap<number, string>

/** Names of users and groups on one node, and what they rest on. */
export interface Owners {
  readonly users: AccountNames
  readonly groups: AccountNames
  readonly source: Source
  /** Why a number may have a name all the same: a file of names that is there and could not be read. */
  readonly gap?: Evidence<never>
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

/** Reads the node's passwd and group. Without them there are numbers only, and root stays 0. */
export function nodeOwners(view: NodeView): Owners {
  const passwd = view.content('/etc/passwd')
  const group = view.content('/etc/group')
  const source = joinSources(sourceOf(passwd), sourceOf(group))
  const unread = [passwd, group].find((file) => file.state === 'unavailable')
  return {
    users: parseAccounts(passwd.state === 'observed' ? passwd.text : ''),
    groups: parseAccounts(group.state === 'observed' ? group.text : ''),
    source,
    ...(unread?.state === 'unavailable' && {
      gap: unavailable(unread.reason, source, `names in ${unread.path}`),
    }),
  }
}

/** `user:group`, numbers where the node has no name. */
export function ownerText(owners: Owners, ids: { readonly uid: number; readonly gid: number }): string {
  return `${owners.users.get(ids.uid) ?? ids.uid}:${owners.groups.get(ids.gid) ?? ids.gid}`
}

/** The owner of a file. A number that an unreadable file may name is not known: it is neither right nor wrong. */
export function ownerOf(
  owners: Owners,
  ids: { readonly uid: number; readonly gid: number },
  source: Source,
): Evidence<string> {
  const { users, groups, gap } = owners
  if (gap !== undefined && !(users.has(ids.uid) && groups.has(ids.gid))) return gap
  return observed(ownerText(owners, ids), source)
}
