import { canonicalJson } from '../../model/canonical-json.ts'
import type { Provenance } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import { mostItems } from '../show.ts'
import { isList } from '../values/list.ts'

/** One node that has a value, and what that rests on. */
export interface Holder {
  readonly node: string
  readonly at: readonly Provenance[]
  readonly evidence: readonly string[]
}

/** One value and the nodes that have it: all are counted, the first by name are kept. */
export interface Seen {
  readonly key: string
  readonly value: Json
  readonly count: number
  readonly holders: readonly Holder[]
}

/** A node whose value could not be looked at, and why. */
export interface Gap {
  readonly node: string
  readonly because: string
  readonly next: string | undefined
  readonly at: readonly Provenance[]
}

/**
 * The values of one subject over a group. It grows with the number of different values, not with what a node
 * sent, and does not depend on the order in which nodes come.
 */
export interface Tally {
  /** Nodes whose value was looked at, with or without one. */
  readonly looked: () => number
  /** By how many nodes have them, then by value. */
  readonly seen: () => readonly Seen[]
  /** Nodes that could not be looked at: how many, and the first by name. */
  readonly gaps: () => { readonly count: number; readonly first: Gap | undefined }
  readonly add: (value: Json, holder: Holder) => void
  readonly addGap: (gap: Gap) => void
  /** Takes over what another tally of the same subject has seen. */
  readonly absorb: (other: Tally) => void
}

interface Counted {
  readonly value: Json
  count: number
  readonly holders: Holder[]
}

/** Keeps the first `mostItems` by name. */
function keep(holders: Holder[], holder: Holder): void {
  const at = holders.findIndex(({ node }) => holder.node < node)
  holders.splice(at === -1 ? holders.length : at, 0, holder)
  if (holders.length > mostItems) holders.pop()
}

/** In most settings the order of a list means nothing, and where it does its members alone tell nodes apart. */
function unordered(value: Json): Json {
  if (typeof value !== 'object' || value === null || !isList(value)) return value
  return value.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1))
}

/** Values of a list one by one, without repeats; nothing for a value that is not there. */
function membersOf(value: Json): readonly Json[] {
  if (value === null) return []
  if (typeof value !== 'object' || !isList(value)) return [value]
  return [...new Map(value.map((item) => [canonicalJson(item), item])).values()]
}

/** An empty tally. `each`: what a list holds is counted, not the list, and what is not there is not. */
export function createTally(each: boolean): Tally {
  const values = new Map<string, Counted>()
  let looked = 0
  let missing = 0
  let first: Gap | undefined
  const count = ({ key, value, count: many, holders }: Seen): void => {
    const known = values.get(key) ?? { value, count: 0, holders: [] }
    known.count += many
    for (const holder of holders) keep(known.holders, holder)
    values.set(key, known)
  }
  const addGaps = (gap: Gap | undefined, many: number): void => {
    missing += many
    if (gap !== undefined && (first === undefined || gap.node < first.node)) first = gap
  }
  return {
    looked: () => looked,
    seen: () =>
      [...values]
        .map(([key, { value, count, holders }]): Seen => ({ key, value, count, holders }))
        .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1)),
    gaps: () => ({ count: missing, first }),
    add(value, holder) {
      looked += 1
      for (const one of each ? membersOf(value) : [unordered(value)])
        count({ key: canonicalJson(one), value: one, count: 1, holders: [holder] })
    },
    addGap: (gap) => addGaps(gap, 1),
    absorb(other) {
      looked += other.looked()
      const gaps = other.gaps()
      addGaps(gaps.first, gaps.count)
      for (const one of other.seen()) count(one)
    },
  }
}
