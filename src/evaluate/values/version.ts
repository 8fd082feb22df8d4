import type { Json } from '../../model/finding.ts'
import { parseVersion, type Version } from '../../model/version.ts'

/** A version from text; null for anything else. A number is none: 1.30 and 1.3 would be the same. */
export function readVersion(value: Json): Version | null {
  return typeof value === 'string' ? parseVersion(value) : null
}
