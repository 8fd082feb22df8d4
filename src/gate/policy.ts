import type { Finding, Target } from '../model/finding.ts'
import type { Severity } from '../model/verdict.ts'
import type { GateInput, Tally, Waived } from './tally.ts'
import { controlsOf, count, listed } from './tally.ts'

/** Numbers a gate rule may ask for: how many of each there are in the run. */
export type GateFacts = { readonly [part in keyof Tally]: number } & {
  /** Missing answers beyond what the run allows. */
  readonly unansweredOverLimit: number
}

/** `not-met`: exit 1. `incomplete`: exit 3, no claim made. `note`: said, decides nothing. */
export type GateOutcome = 'not-met' | 'incomplete' | 'note'

/** One rule of the gate, in json-rules-engine's own form. */
export interface GateRule {
  readonly name: string
  /** Higher is said first; the built-in rules use 1 to 100. */
  readonly priority: number
  readonly conditions: { readonly all: readonly GateCondition[] }
  readonly event: { readonly type: GateOutcome; readonly params: { readonly because: string } }
}

interface GateCondition {
  readonly fact: keyof GateFacts
  readonly operator: 'equal' | 'greaterThan'
  readonly value: number
}

/** The numbers of a tally, as facts for the rules. */
export function gateFacts(tally: Tally, maxErrors: number | 'any'): GateFacts {
  return {
    failing: tally.failing.length,
    tolerated: tally.tolerated.length,
    waived: tally.waived.length,
    expired: tally.expired.length,
    unanswered: tally.unanswered.length,
    unansweredOverLimit: maxErrors === 'any' ? 0 : Math.max(0, tally.unanswered.length - maxErrors),
    judged: tally.judged.length,
    manual: tally.manual.length,
    hidden: tally.hidden.length,
    unreached: tally.unreached.length,
    silent: tally.silent.length,
    unjudged: tally.unjudged.length,
  }
}

const some = (fact: keyof GateFacts): GateCondition => ({ fact, operator: 'greaterThan', value: 0 })
const none = (fact: keyof GateFacts): GateCondition => ({ fact, operator: 'equal', value: 0 })

/** `at high or above`. */
export function atThreshold(threshold: Severity): string {
  return threshold === 'critical' ? 'at critical' : `at ${threshold} or above`
}

const fails = (findings: readonly Finding[]): string =>
  count(findings.length, 'finding fails', 'findings fail')
const names = (targets: readonly Target[]): string => listed(targets.map(({ id }) => id))
const waivers = (findings: readonly Waived[]): string => listed(findings.map(({ waiver }) => waiver.id))

type Row = readonly [
  name: string,
  outcome: GateOutcome,
  conditions: readonly GateCondition[],
  because: string,
]

function failureRow({ failing }: Tally, threshold: Severity | 'none'): readonly Row[] {
  if (threshold === 'none') return []
  const because = `${fails(failing)} ${atThreshold(threshold)}: ${controlsOf(failing)}.`
  return [['failing', 'not-met', [some('failing')], because]]
}

function incompleteRows(tally: Tally, maxErrors: number | 'any'): readonly Row[] {
  const { unreached, silent, unanswered } = tally
  const allowed = maxErrors === 'any' ? 'any number is allowed' : `${maxErrors} allowed`
  const missing = `${count(unanswered.length, 'check')} could not be assessed, ${allowed}: ${controlsOf(unanswered)}.`
  const out = `${count(unreached.length, 'target')} could not be reached: ${names(unreached)}.`
  return [
    ['nothing', 'incomplete', [none('judged')], 'Nothing was evaluated: no check looked at any evidence.'],
    ['unreached', 'incomplete', [some('unreached')], out],
    ['silent', 'incomplete', [some('silent'), some('judged')], `Nothing was evaluated on ${names(silent)}.`],
    ['unanswered', 'incomplete', [some('unansweredOverLimit')], missing],
    ['allowed', 'note', [some('unanswered'), none('unansweredOverLimit')], missing],
  ]
}

function noteRows(
  { tolerated, waived, expired, manual, hidden, unjudged }: Tally,
  threshold: Severity | 'none',
): readonly Row[] {
  const under =
    threshold === 'none' ? 'and none is held against a target (fail-on none)' : `below ${threshold}`
  const ran = count(expired.length, 'failing finding has', 'failing findings have')
  const lifted = count(waived.length, 'failing finding is', 'failing findings are')
  const asked = count(manual.length, 'question')
  const unseen = `${count(hidden.length, 'check')} of nodes could not be asked through the API, not part of the gate: audit the nodes themselves.`
  return [
    ['expired', 'note', [some('expired')], `${ran} a waiver that has expired: ${waivers(expired)}.`],
    ['waived', 'note', [some('waived')], `${lifted} waived: ${waivers(waived)}.`],
    ['tolerated', 'note', [some('tolerated')], `${fails(tolerated)} ${under}: ${controlsOf(tolerated)}.`],
    ['unjudged', 'note', [some('unjudged'), some('judged')], `No check applies on ${names(unjudged)}.`],
    ['manual', 'note', [some('manual')], `${asked} only a person can answer, not part of the gate.`],
    ['hidden', 'note', [some('hidden')], unseen],
  ]
}

/** The gate's decision policy for one run, most important rule first; each says its own reason. */
export function gatePolicy(tally: Tally, { threshold, maxErrors }: GateInput): readonly GateRule[] {
  const rows = [
    ...failureRow(tally, threshold),
    ...incompleteRows(tally, maxErrors),
    ...noteRows(tally, threshold),
  ]
  return rows.map(([name, type, all, because], index) => ({
    name,
    priority: 100 - index,
    conditions: { all },
    event: { type, params: { because } },
  }))
}
