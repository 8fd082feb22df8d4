import type { Waiver } from '../model/benchmark.ts'
import type { Finding } from '../model/finding.ts'

const dayMs = 86_400_000

/** True from the first moment after the day of expiry, UTC. A date that is none has expired. */
export function isExpired(waiver: Waiver, atMs: number): boolean {
  return !(atMs < Date.parse(`${waiver.expires}T00:00:00Z`) + dayMs)
}

/** True before the day it was approved, UTC: nobody had accepted anything yet. So is a date that is none. */
export function isEarly(waiver: Waiver, atMs: number): boolean {
  return !(atMs >= Date.parse(`${waiver.approvedOn}T00:00:00Z`))
}

/** True when `name` is what the pattern describes as a whole; `*` stands for any text, all else for itself. */
export function matchesPattern(pattern: string, name: string): boolean {
  let [at, inPattern] = [0, 0]
  // Where the last star stands and how far it reaches: going back to it alone keeps the search short.
  let [star, reach] = [-1, 0]
  while (at < name.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern
      reach = at
      inPattern += 1
    } else if (pattern[inPattern] === name[at]) {
      inPattern += 1
      at += 1
    } else if (star !== -1) {
      reach += 1
      at = reach
      inPattern = star + 1
    } else return false
  }
  return /^\**$/.test(pattern.slice(inPattern))
}

function covers(waiver: Waiver, finding: Finding): boolean {
  if (waiver.control === undefined && waiver.check === undefined) return false
  return (
    (waiver.control === undefined || waiver.control === finding.control) &&
    (waiver.check === undefined || waiver.check === finding.check) &&
    (waiver.benchmark === undefined || waiver.benchmark === finding.benchmark) &&
    waiver.targets.some((pattern) => matchesPattern(pattern, finding.target))
  )
}

function attach(finding: Finding, waiver: Waiver, expired: boolean): Finding {
  const { id, expires } = waiver
  const reason = expired ? `${finding.reason} Waiver ${id} expired on ${expires}.` : finding.reason
  return { ...finding, reason, waiver: { id, expires, expired } }
}

/** Applies waivers finding by finding and remembers which were of use. */
export interface WaiverBook {
  /** The finding with its waiver attached when it fails and one covers it. The verdict never changes. */
  readonly apply: (finding: Finding) => Finding
  /** Waivers that covered no failing finding so far, in file order. */
  readonly unused: () => readonly { readonly id: string; readonly at: string }[]
}

/**
 * Opens the waivers at one moment, milliseconds since 1970. One in force comes before one that expired; one that was
 * approved later covers nothing.
 */
export function openWaivers(waivers: readonly Waiver[], atMs: number): WaiverBook {
  const used = new Set<Waiver>()
  const approved = waivers.filter((waiver) => !isEarly(waiver, atMs))
  return {
    apply: (finding) => {
      if (finding.verdict !== 'fail') return finding
      const covering = approved.filter((waiver) => covers(waiver, finding))
      for (const waiver of covering) used.add(waiver)
      const inForce = covering.find((waiver) => !isExpired(waiver, atMs))
      const chosen = inForce ?? covering[0]
      return chosen === undefined ? finding : attach(finding, chosen, inForce === undefined)
    },
    unused: () => waivers.filter((waiver) => !used.has(waiver)).map(({ id, at }) => ({ id, at })),
  }
}

/** Applies waivers to all findings of a run at once. */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  atMs: number,
): { readonly findings: readonly Finding[]; readonly unused: ReturnType<WaiverBook['unused']> } {
  const book = openWaivers(waivers, atMs)
  return { findings: findings.map(book.apply), unused: book.unused() }
}
