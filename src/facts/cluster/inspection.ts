import type { Evidence, Fact, FactRecord, Source } from '../../model/evidence.ts'
import { absent, joinSources, observed } from '../../model/evidence.ts'

/** An object of the API as people name it. */
export interface ObjectName {
  /** `Deployment`, `User`, `Namespace`. */
  readonly kind: string
  readonly namespace?: string
  readonly name: string
}

/** What is said of one object. */
export interface Remark {
  readonly on: ObjectName
  /** Part of a sentence: what it does, or why it is left out. */
  readonly because: string
}

/** What was found when the objects of a cluster were gone through with one question in mind. */
export interface Inspection {
  /** How many objects the question was asked of. */
  readonly lookedAt: number
  /** Those that do what they should not. */
  readonly offending: readonly Remark[]
  /** Those that do it and are accepted, for people to see. */
  readonly noted: readonly Remark[]
  /** Those that are left out on purpose, each with its reason. */
  readonly exempted: readonly Remark[]
  /** Objects and lists that could not be looked at. */
  readonly gaps: readonly (Evidence<never> & { readonly kind: 'unavailable' })[]
  /** The lists it rests on. */
  readonly source: Source
}

/** Fields of every fact that is an inspection. */
export const inspectionFields = ['looked-at', 'offending', 'noted', 'exempted'] as const

/** `Deployment team-a/web`, `User alice`. */
export function nameOf({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}

function recordOf({ on, because }: Remark, source: Source): Fact {
  const text = (value: string): Fact => observed(value, source)
  return observed(
    {
      name: text(nameOf(on)),
      kind: text(on.kind),
      ...(on.namespace === undefined ? {} : { namespace: text(on.namespace) }),
      because: text(because),
    },
    source,
  )
}

function byName(a: Remark, b: Remark): number {
  const [left, right] = [`${nameOf(a.on)}\n${a.because}`, `${nameOf(b.on)}\n${b.because}`]
  return left < right ? -1 : Number(left > right)
}

/** A list of remarks; absent when there are none. */
function listed(remarks: readonly Remark[], source: Source): Fact {
  if (remarks.length === 0) return absent(source)
  return observed(
    remarks.toSorted(byName).map((remark) => recordOf(remark, source)),
    source,
  )
}

/** What nobody may call clean: the offenders that were seen, and beside them, or instead, all that was not seen. */
function offendingOf({ offending, gaps, source }: Inspection): Fact {
  const [gap, ...others] = gaps
  const found = listed(offending, source)
  if (gap === undefined) return found
  if (found.kind === 'observed' && Array.isArray(found.fact))
    return observed([...found.fact, ...gaps], source)
  return others.length === 0 ? gap : observed(gaps, joinSources(...gaps.map((one) => one.source)))
}

/**
 * An inspection as a fact. What could not be looked at stands among the offending: none may be said to offend where
 * not everything was seen.
 */
export function inspectionFact(inspection: Inspection): Fact {
  const { lookedAt, noted, exempted, gaps, source } = inspection
  const [gap] = gaps
  const fields: FactRecord = {
    'looked-at': gap !== undefined && lookedAt === 0 ? gap : observed(lookedAt, source),
    offending: offendingOf(inspection),
    noted: listed(noted, source),
    exempted: listed(exempted, source),
  }
  return observed(fields, source)
}
