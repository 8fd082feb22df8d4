import { createHash } from 'node:crypto'
import { canonicalJson } from '../model/canonical-json.ts'
import type { RawItem } from '../model/node-evidence.ts'

/** What a finding cites: SHA-256 of the item's canonical JSON, the same in a bundle and in a result. */
export function itemDigest(item: RawItem): `sha256:${string}` {
  return `sha256:${createHash('sha256').update(canonicalJson(item)).digest('hex')}`
}
