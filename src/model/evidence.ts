/** Why something could not be looked at. Closed; reports and tests rely on the words. */
export type CollectFailure =
  | 'permission-denied' // the account may not read it
  | 'sudo-missing' // root was asked for and not granted
  | 'tool-missing' // a program the collector needs is not on the node
  | 'tool-failed' // it is, and answered with an error
  | 'timed-out' // no answer within the time limit
  | 'truncated' // larger than the size cap
  | 'not-text' // bytes that are not UTF-8 text
  | 'unparsable' // text that is not in the form it claims
  | 'changed-while-reading' // the file moved under the collector
  | 'odd-name' // a file name with control characters
  | 'offline' // nothing runs in an image or a rootfs
  | 'unreachable' // the target did not answer
  | 'disconnected' // the connection ended before this was sent
  | 'interrupted' // a person stopped the run
  | 'not-collected' // the evidence does not hold it: it was never asked
  | 'log-rotated' // it was said in a log that is no longer kept
  | 'version-unknown' // a default depends on a version that is not known
  | 'ambiguous' // evidence contradicts itself
  | 'forbidden' // the API server refuses it to this user: a right is missing
  | 'unauthenticated' // the API server does not accept the credentials
  | 'throttled' // the API server asked to come back later, until the patience was used up
  | 'server-failed' // the API server answered with an error of its own
  | 'not-shown' // the node was seen through the API only, which does not show it
  | 'not-told' // nothing that was looked at in the run tells it
  | 'unrecognised' // it was seen, and is nothing khard knows how to read

/** Where a value comes from, for a person: one line of a report. */
export interface Provenance {
  readonly kind: 'process-argument' | 'file' | 'environment' | 'default' | 'api' | 'command'
  /** Path, process, unit, command or component: what to open to see it. */
  readonly at: string
  /** 1-based line in a file. */
  readonly line?: number
  /** The node it is on, in a finding about several. */
  readonly target?: string
}

/** What evidence rests on: raw item ids (their digests go into the finding) and the places for people. */
export interface Source {
  readonly items: readonly string[]
  readonly at: readonly Provenance[]
}

/** The third truth value as a type: looked and seen, looked and not there, could not look. */
export type Evidence<F> =
  | { readonly kind: 'observed'; readonly fact: F; readonly source: Source }
  | { readonly kind: 'absent'; readonly source: Source; readonly detail?: string }
  | {
      readonly kind: 'unavailable'
      readonly reason: CollectFailure
      readonly source: Source
      readonly detail?: string
    }

/** What differs between the disk and the running process for one setting. */
export interface Drift {
  /** One sentence. */
  readonly says: string
  /** True when the value was read from the disk, so that the one in force may be another. */
  readonly isUnsure: boolean
}

export type Scalar = string | number | boolean

/**
 * A fact as checks see it: a tree in which every node is evidence of its own, so that one
 * unreadable file in a list never hides behind its neighbours.
 */
export type Fact = Evidence<FactValue>
export type FactValue = Scalar | readonly Fact[] | FactRecord
export interface FactRecord {
  readonly [field: string]: Fact
}

/** True for a list of facts. */
export function isFactList(value: FactValue): value is readonly Fact[] {
  return Array.isArray(value)
}

/** True for a record of facts. */
export function isFactRecord(value: FactValue): value is FactRecord {
  return typeof value === 'object' && !isFactList(value)
}

export const noSource: Source = { items: [], at: [] }

export function observed<F>(
  fact: F,
  source: Source,
): { readonly kind: 'observed'; readonly fact: F; readonly source: Source } {
  return { kind: 'observed', fact, source }
}

export function absent(source: Source, detail?: string): Evidence<never> {
  return detail === undefined ? { kind: 'absent', source } : { kind: 'absent', source, detail }
}

export function unavailable(
  reason: CollectFailure,
  source: Source,
  detail?: string,
): Extract<Evidence<never>, { kind: 'unavailable' }> {
  return detail === undefined
    ? { kind: 'unavailable', reason, source }
    : { kind: 'unavailable', reason, source, detail }
}

/** Applies a pure step to what was observed; absent and unavailable pass through untouched. */
export function mapEvidence<A, B>(
  evidence: Evidence<A>,
  step: (fact: A, source: Source) => Evidence<B>,
): Evidence<B> {
  return evidence.kind === 'observed' ? step(evidence.fact, evidence.source) : evidence
}

/** The union of sources, first ones first, without repeats. */
export function joinSources(...sources: readonly Source[]): Source {
  const [first = noSource, ...others] = sources
  if (others.every((source) => source === first)) return first
  const items = new Set(first.items)
  const at = [...first.at]
  const keys = new Set<string>()
  for (const source of new Set(others)) {
    for (const item of source.items) items.add(item)
    for (const place of source.at) addPlace(at, keys, place)
  }
  return { items: [...items], at }
}

// Most lists of places are short: comparing them beats writing a key for each.
const fewPlaces = 8

function addPlace(places: Provenance[], keys: Set<string>, place: Provenance): void {
  if (places.length <= fewPlaces) {
    if (!places.some((known) => isSamePlace(known, place))) places.push(place)
    return
  }
  if (keys.size === 0) for (const known of places) keys.add(placeKey(known))
  const key = placeKey(place)
  if (keys.has(key)) return
  keys.add(key)
  places.push(place)
}

function isSamePlace(left: Provenance, right: Provenance): boolean {
  return left === right || (left.at === right.at && left.line === right.line && left.kind === right.kind)
}

function placeKey({ kind, at, line }: Provenance): string {
  return line === undefined ? `${kind} ${at}` : `${kind} ${at} ${line}`
}
