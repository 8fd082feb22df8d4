import type { Json } from '../../model/finding.ts'

const allBits = 0o7777

/** Permission bits from a number or octal text (`0600`, `600`, `0o600`); null when it is neither. */
export function readMode(value: Json): number | null {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value <= allBits ? value : null
  if (typeof value !== 'string' || !/^(?:0o?)?[0-7]{3,4}$/.test(value)) return null
  return Number.parseInt(value.replace('o', ''), 8)
}

/** How permission bits are written for people: `0644`. */
export function showMode(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
