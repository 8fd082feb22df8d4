import type { Json } from '../../model/finding.ts'
import { isRecord, type KeyPath, lookUp } from '../text/document.ts'

/** The text at `path`; undefined for anything else. */
export function textAt(value: unknown, ...path: KeyPath): string | undefined {
  const found = lookUp(value, path)
  return typeof found === 'string' ? found : undefined
}

/** The text at `path`; empty where there is none. */
export function nameAt(value: unknown, ...path: KeyPath): string {
  return textAt(value, ...path) ?? ''
}

/** The truth value at `path`; undefined for anything else. */
export function flagAt(value: unknown, ...path: KeyPath): boolean | undefined {
  const found = lookUp(value, path)
  return typeof found === 'boolean' ? found : undefined
}

/** The number at `path`; undefined for anything else. */
export function numberAt(value: unknown, ...path: KeyPath): number | undefined {
  const found = lookUp(value, path)
  return typeof found === 'number' ? found : undefined
}

/** The list at `path`; empty for anything else. */
export function listAt(value: unknown, ...path: KeyPath): readonly unknown[] {
  const found = lookUp(value, path)
  return Array.isArray(found) ? found : []
}

/** The texts of the list at `path`; what is no text is left out. */
export function textsAt(value: unknown, ...path: KeyPath): readonly string[] {
  return listAt(value, ...path).filter((one) => typeof one === 'string')
}

/** The texts of the mapping at `path`. */
export function wordsAt(value: unknown, ...path: KeyPath): { readonly [key: string]: string } {
  const found = lookUp(value, path)
  if (!isRecord(found)) return {}
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, word]) => (typeof word === 'string' ? [[key, word] as const] : [])),
  )
}

/** A record without the fields that hold nothing: undefined, an empty list or mapping, false. */
export function compact(fields: { readonly [name: string]: Json | undefined }): {
  readonly [name: string]: Json
} {
  const kept: { [name: string]: Json } = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) continue
    kept[name] = value
  }
  return kept
}
