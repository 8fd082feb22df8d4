import type { Fact, FactRecord, Source } from '../../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { RawFile } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import type { NodeContext } from '../fact-kind.ts'
import type { Owners } from './owners.ts'
import { nodeOwners, ownerOf } from './owners.ts'
import { sourceOf } from './raw-source.ts'

/** Fields of a file record. */
export const fileRecordFields = ['path', 'mode', 'owner', 'uid', 'gid', 'type'] as const

/** Where names of owners come from; every file fact asks for them. */
export const ownerProbes: readonly Probe[] = [
  { kind: 'path', path: '/etc/passwd', holds: 'text' },
  { kind: 'path', path: '/etc/group', holds: 'text' },
]

/** Fields of a file that was seen. */
export function fileFields(file: Extract<RawFile, { state: 'observed' }>, owners: Owners): FactRecord {
  const source = sourceOf(file)
  const { mode, uid, gid, type } = file.stat
  const named = joinSources(source, { items: owners.source.items, at: [] })
  return {
    path: observed(file.path, source),
    mode: observed(mode & 0o7777, source),
    owner: ownerOf(owners, { uid, gid }, named),
    uid: observed(uid, source),
    gid: observed(gid, source),
    type: observed(type, source),
  }
}

/** What the stat of one raw file says; a file that is not there stays absent. */
export function fileRecord(file: RawFile, owners: Owners): Fact {
  const source = sourceOf(file)
  if (file.state === 'absent') return absent(source)
  if (file.state === 'unavailable') return unavailable(file.reason, source, file.detail ?? file.path)
  return observed(fileFields(file, owners), source)
}

/** True unless the file is known to be something else: an unknown type is looked at, never passed over. */
export function mayBeRegular(file: Extract<RawFile, { state: 'observed' }>): boolean {
  return file.stat.type === 'file' || file.stat.type === 'unknown'
}

/** Owners of the node, read once. */
export function ownersOf(node: NodeContext): Owners {
  return node.memo('files:owners', () => nodeOwners(node.view))
}

/** A list fact: observed when it holds anything, otherwise absent with what was looked at. */
export function listOf(items: readonly Fact[], source: Source, nothing: string): Fact {
  return items.length > 0 ? observed(items, source) : absent(source, nothing)
}
