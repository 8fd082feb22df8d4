import { createHash } from 'node:crypto'
import { canonicalJson, canonicalPieces } from '../model/canonical-json.ts'
import type { RawItem } from '../model/node-evidence.ts'

/** What a finding cites: SHA-256 of the item's canonical JSON, the same in a bundle and in a result. */
export function itemDigest(item: RawItem): `sha256:${string}` {
  const hash = createHash('sha256')
  // A list may hold all objects of a large cluster.
  for (const piece of item.kind === 'list' ? canonicalPieces(item) : [canonicalJson(item)]) hash.update(piece)
  return `sha256:${hash.digest('hex')}`
}
