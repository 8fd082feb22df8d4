import { escapeText } from '../model/escape.ts'
import type { Finding, Target } from '../model/finding.ts'
import type { Severity } from '../model/verdict.ts'
import type { GateInput, Tally, Waived } from './tally.ts'
import { controlsOf, count, listed } from './tally.ts'

/** Numbers a gate rule may ask for: how many of each there are in the run. */
export type GateFacts = { readonly [part in keyof Tally]: number } & {
  /** Missing answers beyond what the run allows. */
  readonly unansweredOverLimit: number
  /** Known findings that fail for something else than in the baseline. */
  readonly changed: number
  /** Why the baseline may not fit the run. */
  readonly doubts: number
}

/** `not-met`: exit 1. `incomplete`: exit 3, no claim made. `note`: said, decides nothing. */
export type GateOutcome = 'not-met' | 'incomplete' | 'note'

/** One rule of the gate, in json-rules-engine's own form. */
export interface GateRule<Fact extends string = keyof GateFacts> {
  readonly name: string
  /** Higher is said first; the built-in rules use 1 to 100. */
  readonly priority: number
  readonly conditions: { readonly all: readonly GateCondition<Fact>[] }
  readonly event: { readonly type: GateOutcome; readonly params: { readonly because: string } }
}

/** One comparison of a rule, in json-rules-engine's own form. */
export interface GateCondition<Fact extends string = keyof GateFacts> {
  readonly fact: Fact
  readonly operator: 'equal' | 'greaterThan'
  readonly value: number
}

/** The numbers of a tally, as facts for the rules. */
export function gateFacts(tally: Tally, { maxErrors, baseline }: GateInput): GateFacts {
  return {
    failing: tally.failing.length,
    tolerated: tally.tolerated.length,
    waived: tally.waived.length,
    expired: tally.expired.length,
    unanswered: tally.unanswered.length,
    unansweredOverLimit: maxErrors === 'any' ? 0 : Math.max(0, tally.unanswered.length - maxErrors),
    known: tally.known.length,
    changed: baseline?.changed.length ?? 0,
    doubts: baseline?.doubts.length ?? 0,
    judged: tally.judged.length,
    manual: tally.manual.length,
    hidden: tally.hidden.length,
    unreached: tally.unreached.length,
    silent: tally.silent.length,
    unjudged: tally.unjudged.length,
  }
}

/** Holds when there is at least one. */
export function some<Fact extends string>(fact: Fact): GateCondition<Fact> {
  return { fact, operator: 'greaterThan', value: 0 }
}

/** Holds when there is none. */
export function none<Fact extends string>(fact: Fact): GateCondition<Fact> {
  return { fact, operator: 'equal', value: 0 }
}

/** `at high or above`. */
export function atThreshold(threshold: Severity): string {
  return threshold === 'critical' ? 'at critical' : `at ${threshold} or above`
}

/** `3 findings fail`; `newly` where only what is new is meant. */
export function fails(findings: readonly Finding[], isNew: boolean): string {
  const newly = isNew ? 'newly ' : ''
  return count(findings.length, `finding ${newly}fails`, `findings ${newly}fail`)
}

const names = (targets: readonly Target[]): string => listed(targets.map(({ id }) => id))
const waivers = (findings: readonly Waived[]): string => listed(findings.map(({ waiver }) => waiver.id))

/** A rule in short. */
export type Row<Fact extends string = keyof GateFacts> = readonly [
  name: string,
  outcome: GateOutcome,
  conditions: readonly GateCondition<Fact>[],
  because: string,
]

/** Rules in the order their reasons are said in. */
export function rulesOf<Fact extends string>(rows: readonly Row<Fact>[]): readonly GateRule<Fact>[] {
  return rows.map(([name, type, all, because], index) => ({
    name,
    priority: 100 - index,
    conditions: { all },
    event: { type, params: { because } },
  }))
}

function failureRow({ failing }: Tally, { threshold, baseline }: GateInput): readonly Row[] {
  if (threshold === 'none') return []
  const because = `${fails(failing, baseline !== undefined)} ${atThreshold(threshold)}: ${controlsOf(failing)}.`
  return [['failing', 'not-met', [some('failing')], because]]
}

function incompleteRows(tally: Tally, { maxErrors, baseline }: GateInput): readonly Row[] {
  const { unreached, silent, unanswered } = tally
  const allowed = maxErrors === 'any' ? 'any number is allowed' : `${maxErrors} allowed`
  const unlike = baseline === undefined ? '' : ', unlike in the baseline'
  const missing = `${count(unanswered.length, 'check')} could not be assessed${unlike}, ${allowed}: ${controlsOf(unanswered)}.`
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
  { threshold, baseline }: GateInput,
): readonly Row[] {
  const under =
    threshold === 'none' ? 'and none is held against a target (fail-on none)' : `below ${threshold}`
  const ran = count(expired.length, 'failing finding has', 'failing findings have')
  const lifted = count(waived.length, 'failing finding is', 'failing findings are')
  const asked = count(manual.length, 'question')
  const unseen = `${count(hidden.length, 'check')} could not be asked through the API, not part of the gate: audit the machines themselves.`
  return [
    ['expired', 'note', [some('expired')], `${ran} a waiver that has expired: ${waivers(expired)}.`],
    ['waived', 'note', [some('waived')], `${lifted} waived: ${waivers(waived)}.`],
    [
      'tolerated',
      'note',
      [some('tolerated')],
      `${fails(tolerated, baseline !== undefined)} ${under}: ${controlsOf(tolerated)}.`,
    ],
    ['unjudged', 'note', [some('unjudged'), some('judged')], `No check applies on ${names(unjudged)}.`],
    ['manual', 'note', [some('manual')], `${asked} only a person can answer, not part of the gate.`],
    ['hidden', 'note', [some('hidden')], unseen],
  ]
}

function baselineRows({ known }: Tally, { baseline }: GateInput): readonly Row[] {
  if (baseline === undefined) return []
  const { file, digest, evaluatedAt, changed, doubts } = baseline
  const failing = known.filter(({ verdict }) => verdict === 'fail')
  const parts = [
    ...(failing.length === 0 ? [] : [count(failing.length, 'failing finding')]),
    ...(failing.length === known.length
      ? []
      : [`${count(known.length - failing.length, 'check')} without an answer`]),
  ]
  const name = `${escapeText(file)} of ${evaluatedAt.slice(0, 10)} (${digest.slice(0, 19)}…)`
  const left =
    parts.length === 0 ? 'nothing in this run is known from it' : `left out ${listed(parts)} known from it`
  const otherwise = `${count(changed.length, 'known finding fails', 'known findings fail')} otherwise than there`
  return [
    ['doubts', 'note', [some('doubts')], doubts.map((doubt) => escapeText(doubt)).join(' ')],
    ['baseline', 'note', [], `Baseline ${name}: ${left}.`],
    ['changed', 'note', [some('changed')], `${otherwise}: ${controlsOf(changed)}.`],
  ]
}

/** The gate's decision policy for one run, most important rule first; each says its own reason. */
export function gatePolicy(tally: Tally, input: GateInput): readonly GateRule[] {
  return rulesOf([
    ...failureRow(tally, input),
    ...incompleteRows(tally, input),
    ...baselineRows(tally, input),
    ...noteRows(tally, input),
  ])
}
