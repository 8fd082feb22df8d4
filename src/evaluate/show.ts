import { escapeText } from '../model/escape.ts'
import type { Json } from '../model/finding.ts'
import { isList } from './values/list.ts'

/** Longest text from a node shown in one place, in characters. */
const longestText = 200

/** Most items named in a sentence or listed in a finding; the rest is counted. */
export const mostItems = 20

/** One harmless line of a text from a node; what is too long is cut and says so. */
export function showText(text: string): string {
  const rest = text.length - longestText
  return rest > 0 ? `${escapeText(text.slice(0, longestText))}… (${rest} more characters)` : escapeText(text)
}

/** `a, b, c and 4 more`. */
export function showItems(items: readonly string[], total: number = items.length): string {
  const shown = items.slice(0, mostItems).join(', ')
  return total > mostItems ? `${shown} and ${total - mostItems} more` : shown
}

/** A value for people: bare words, lists with commas, `not set` for nothing. */
export function showValue(value: Json): string {
  if (value === null) return 'not set'
  if (value === '') return 'empty'
  if (typeof value === 'string') return showText(value)
  if (typeof value !== 'object') return String(value)
  const parts = isList(value)
    ? value.slice(0, mostItems).map(showValue)
    : Object.entries(value).map(([name, field]) => `${showText(name)}: ${showValue(field)}`)
  const count = isList(value) ? value.length : parts.length
  return count === 0 ? 'empty' : showItems(parts, count)
}

/** The same value with its texts made harmless and long lists cut, to stand in a finding. */
export function safeJson(value: Json): Json {
  if (typeof value === 'string') return showText(value)
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) {
    const kept = value.slice(0, mostItems).map(safeJson)
    return value.length > mostItems ? [...kept, `and ${value.length - mostItems} more`] : kept
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [showText(name), safeJson(field)]))
}

/** The text with a full stop, unless it ends as a sentence already. */
export function sentence(text: string): string {
  const trimmed = text.trim()
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
