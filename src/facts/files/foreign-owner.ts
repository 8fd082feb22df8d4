import type { Evidence } from '../../model/evidence.ts'
import { absent, joinSources } from '../../model/evidence.ts'
import type { RawFile } from '../../model/node-evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { etcdFiles } from './etcd-owner.ts'
import { ownersOf } from './file-record.ts'
import { ownerOf } from './owners.ts'
import { sourceOf } from './raw-source.ts'

/** True when the group is root's, or the user's own: of the same name, or of the same number where there are no names. */
function isGroupOf(node: NodeContext, gid: number, uid: number): boolean {
  const { users, groups } = ownersOf(node)
  return gid === 0 || gid === uid || (users.has(uid) && groups.get(gid) === users.get(uid))
}

/**
 * Who owns a file of the PKI that should not; absent when it is root's, or etcd's where it is etcd's own and etcd runs
 * as a user of its own, which has to read it.
 */
export function foreignOwner(
  node: NodeContext,
  file: Extract<RawFile, { state: 'observed' }>,
): Evidence<string> {
  const { uid, gid } = file.stat
  const source = sourceOf(file)
  if (uid === 0 && gid === 0) return absent(source, 'it is root’s')
  const owners = ownersOf(node)
  const owner = ownerOf(owners, { uid, gid }, joinSources(source, { items: owners.source.items, at: [] }))
  const etcd = etcdFiles(node)
  if (!etcd.isOwn(file.path)) return owner
  const { user } = etcd
  if (user.kind === 'unavailable') return user
  if (user.kind === 'absent' || user.fact === 0) return owner
  const isEtcds = (uid === 0 || uid === user.fact) && isGroupOf(node, gid, user.fact)
  return isEtcds ? absent(joinSources(source, user.source), 'it is etcd’s own') : owner
}
