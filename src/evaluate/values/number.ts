import type { Json } from '../../model/finding.ts'

/** A number, with systemd's word for no limit understood; null for anything else, digits in a text included. */
export function readNumber(value: Json): number | null {
  if (value === 'infinity') return Number.POSITIVE_INFINITY
  return typeof value === 'number' && !Number.isNaN(value) ? value : null
}
