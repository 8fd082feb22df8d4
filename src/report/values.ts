import { escapeText } from '../model/escape.ts'
import type { Json } from '../model/finding.ts'

const shown = 6
// A value may be a whole file; a report shows enough of it to be recognised.
const longest = 200

/** A value as a person writes it: `true`, `a, b and 3 more`, `/etc/x (mode: 0644)`. */
export function plainValue(value: Json): string {
  if (value === null) return 'nothing'
  if (value === '') return '"" (empty)'
  if (typeof value !== 'object') return escapeText(String(value), { max: longest })
  if (isList(value)) return value.length === 0 ? 'an empty list' : listed(value.map(nestedValue))
  return listed(entriesOf(value))
}

function nestedValue(value: Json): string {
  if (value === null || typeof value !== 'object') return plainValue(value)
  if (isList(value)) return `[${value.map(nestedValue).join(', ')}]`
  const { item, value: seenOfIt, path, ...rest } = value
  if (typeof item === 'string' && seenOfIt !== undefined) return `${item} (${nestedValue(seenOfIt)})`
  // A file and what was seen of it reads better by its name.
  if (typeof path === 'string' && path !== '') {
    const seen = entriesOf(rest).join(', ')
    return seen === '' ? path : `${path} (${seen})`
  }
  return `{${entriesOf(value).join(', ')}}`
}

function isList(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return Array.isArray(value)
}

function entriesOf(record: { readonly [key: string]: Json }): readonly string[] {
  return Object.entries(record).map(([key, value]) => `${key}: ${nestedValue(value)}`)
}

function listed(parts: readonly string[]): string {
  const rest = parts.length - shown
  return rest > 0 ? `${parts.slice(0, shown).join(', ')} and ${rest} more` : parts.join(', ')
}
