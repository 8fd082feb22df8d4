import type { Source } from '../../model/evidence.ts'
import { noSource, observed, unavailable } from '../../model/evidence.ts'
import { splitPath } from '../../model/field-path.ts'
import type { Json } from '../../model/finding.ts'
import type { Facts } from '../leaf.ts'
import { walk } from '../path.ts'
import { type Missing, plainFact } from '../plain.ts'

/** A value that is compared over nodes: a name under `evidence` and a path below it. */
export interface Subject {
  readonly fact: string
  readonly segments: readonly string[]
  /** As checks write it: `settings.profiling`. */
  readonly label: string
}

/** Reads a subject; null when the path is none. */
export function subjectOf(fact: string, path: string | undefined): Subject | null {
  if (path === undefined) return { fact, segments: [], label: fact }
  const segments = splitPath(path)
  return segments === null ? null : { fact, segments, label: `${fact}.${path}` }
}

/** One node's value, absent as null; or what kept it from being seen. */
export type Reading =
  | { readonly kind: 'value'; readonly value: Json; readonly source: Source }
  | { readonly kind: 'missing'; readonly missing: Missing }

/** Looks a subject up in the facts of one node. */
export function readSubject({ fact, segments, label }: Subject, facts: Facts): Reading {
  const path = [fact, ...segments]
  const { node, next } = walk(observed(facts, noSource), path, 0)
  const stuck = unavailable('unparsable', node.source, `${label} runs into a list`)
  if (next < path.length) return { kind: 'missing', missing: stuck }
  const { value, missing } = plainFact(node)
  const [gap] = missing
  return gap === undefined ? { kind: 'value', value, source: node.source } : { kind: 'missing', missing: gap }
}
