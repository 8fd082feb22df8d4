import type { Provenance } from '../../model/evidence.ts'
import { isRecord, type KeyPath, type TextDocument } from './document.ts'

/** A document as a tree in which every value knows its file and line, so that merged files keep their places. */
export type Placed =
  | { readonly kind: 'map'; readonly place: Provenance; readonly entries: ReadonlyMap<string, Placed> }
  | { readonly kind: 'leaf'; readonly place: Provenance; readonly value: unknown }

/** One file as a tree, with the host path and the raw item it came from. */
export interface PlacedFile {
  readonly tree: Placed
  readonly path: string
  readonly id: string
}

/** A place in a file; without a line where none is known. */
export function filePlace(path: string, line: number | undefined): Provenance {
  return line === undefined ? { kind: 'file', at: path } : { kind: 'file', at: path, line }
}

/** Lists are leaves: they are replaced or appended as a whole. */
export function placeDocument(document: TextDocument, path: string): Placed {
  const place = (at: KeyPath): Provenance => filePlace(path, document.lineOf(at))
  const walk = (value: unknown, at: KeyPath): Placed => {
    if (!isRecord(value)) return { kind: 'leaf', place: place(at), value }
    const entries = Object.entries(value).map(([key, below]) => [key, walk(below, [...at, key])] as const)
    return { kind: 'map', place: place(at), entries: new Map(entries) }
  }
  return walk(document.value, [])
}

/** How two files of one configuration become one. */
export interface MergeRules {
  readonly lists: 'replace' | 'append'
  /** JSON merge patch: null takes the key away. */
  readonly nullRemoves: boolean
}

/** `over` laid on `base`: mappings merge key by key, anything else replaces. */
export function mergePlaced(base: Placed, over: Placed, rules: MergeRules): Placed {
  if (base.kind === 'map' && over.kind === 'map') {
    const entries = new Map(base.entries)
    for (const [key, value] of over.entries) {
      const before = entries.get(key)
      if (rules.nullRemoves && value.kind === 'leaf' && value.value === null) entries.delete(key)
      else entries.set(key, before === undefined ? value : mergePlaced(before, value, rules))
    }
    return { kind: 'map', place: over.place, entries }
  }
  if (rules.lists === 'append' && base.kind === 'leaf' && over.kind === 'leaf')
    if (Array.isArray(base.value) && Array.isArray(over.value))
      return { kind: 'leaf', place: over.place, value: [...base.value, ...over.value] }
  return over
}

/** The value at a path of keys; undefined when a step is missing. */
export function findPlaced(tree: Placed, path: readonly string[]): Placed | undefined {
  let at: Placed | undefined = tree
  for (const key of path) at = at?.kind === 'map' ? at.entries.get(key) : undefined
  return at
}

/** The plain value of a tree; keys in order. */
export function plainValue(tree: Placed): unknown {
  if (tree.kind === 'leaf') return tree.value
  return Object.fromEntries([...tree.entries].map(([key, value]) => [key, plainValue(value)]))
}
