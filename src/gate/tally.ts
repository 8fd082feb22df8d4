import type { Baseline } from '../model/diff.ts'
import { escapeText } from '../model/escape.ts'
import { type Finding, type GroupTarget, isSingle, type Target } from '../model/finding.ts'
import type { Severity } from '../model/verdict.ts'
import { isAtLeast } from '../model/verdict.ts'

/** What a gate looks at and how strict it is. */
export interface GateInput {
  readonly findings: readonly Finding[]
  readonly targets: readonly (Target | GroupTarget)[]
  /** Failing findings of this severity and above are held against the targets. */
  readonly threshold: Severity | 'none'
  /** How many checks may end without an answer. */
  readonly maxErrors: number | 'any'
  /** What an earlier result had already is not held against the targets again. */
  readonly baseline?: Baseline
}

/** A finding that a waiver names. */
export type Waived = Finding & Required<Pick<Finding, 'waiver'>>

/** The findings and targets of a run, sorted by what they mean to a gate. */
export interface Tally {
  /** Failing at or above the threshold, without a waiver in force. */
  readonly failing: readonly Finding[]
  /** Failing below the threshold (all of them when there is none), without a waiver in force. */
  readonly tolerated: readonly Finding[]
  readonly waived: readonly Waived[]
  /** Failing with a waiver that has run out; also among `failing`, `tolerated` or `known`. */
  readonly expired: readonly Waived[]
  /** `error` and `unknown`: an answer was wanted and none was had. */
  readonly unanswered: readonly Finding[]
  /** Failing without a waiver in force, or without an answer, and so in the baseline: in none of the parts above. */
  readonly known: readonly Finding[]
  /** `pass`, `fixed` and `fail`: evidence was looked at. */
  readonly judged: readonly Finding[]
  /** `notChecked`: questions only a person can answer. */
  readonly manual: readonly Finding[]
  /** `notChecked` by a check: what would answer it is not shown where the target was seen. */
  readonly hidden: readonly Finding[]
  readonly unreached: readonly Target[]
  /** Reached, yet without a single finding. */
  readonly silent: readonly Target[]
  /** Reached, and every check said that it does not apply or asked a person. */
  readonly unjudged: readonly Target[]
}

const hasWaiver = (finding: Finding): finding is Waived => finding.waiver !== undefined
const isUnanswered = ({ verdict }: Finding): boolean => verdict === 'error' || verdict === 'unknown'
const isJudged = ({ verdict }: Finding): boolean =>
  verdict === 'pass' || verdict === 'fail' || verdict === 'fixed'

/** A target by itself; for a group every node of it, which what is said of the group is about. */
function nodesBehind(targets: GateInput['targets']): (id: string) => readonly string[] {
  const groups = new Map(targets.flatMap((target) => (isSingle(target) ? [] : [[target.id, target.members]])))
  return (id) => groups.get(id) ?? [id]
}

/** Sorts findings and targets for the gate. A waiver excuses a failure only: never an answer that is missing. */
export function tallyOf({ findings, targets, threshold, baseline }: GateInput): Tally {
  const failures = findings.filter(({ verdict }) => verdict === 'fail')
  const unchecked = findings.filter(({ verdict }) => verdict === 'notChecked')
  const waivers = failures.filter(hasWaiver)
  const isNew = (finding: Finding): boolean => baseline?.known.has(finding) !== true
  const troubled = [
    ...failures.filter(({ waiver }) => waiver?.expired !== false),
    ...findings.filter(isUnanswered),
  ]
  const open = failures.filter((finding) => finding.waiver?.expired !== false && isNew(finding))
  const isHeld = ({ severity }: Finding): boolean => threshold !== 'none' && isAtLeast(severity, threshold)
  const nodes = targets.filter(isSingle)
  const reached = nodes.filter((node) => node.reached)
  const behind = nodesBehind(targets)
  const targetsOf = (some: readonly Finding[]): ReadonlySet<string> =>
    new Set([...new Set(some.map(({ target }) => target))].flatMap(behind))
  const heard = targetsOf(findings)
  const answered = targetsOf(findings.filter((each) => isJudged(each) || isUnanswered(each)))
  return {
    failing: open.filter(isHeld),
    tolerated: open.filter((finding) => !isHeld(finding)),
    waived: waivers.filter(({ waiver }) => !waiver.expired),
    expired: waivers.filter(({ waiver }) => waiver.expired),
    unanswered: findings.filter((finding) => isUnanswered(finding) && isNew(finding)),
    known: troubled.filter((finding) => !isNew(finding)),
    judged: findings.filter(isJudged),
    manual: unchecked.filter(({ check }) => check === undefined),
    hidden: unchecked.filter(({ check }) => check !== undefined),
    unreached: nodes.filter((node) => !node.reached),
    silent: reached.filter(({ id }) => !heard.has(id)),
    unjudged: reached.filter(({ id }) => heard.has(id) && !answered.has(id)),
  }
}

const shown = 5

/** `a, b and c`, without repeats, at most five and how many more. */
export function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)].map((name) => escapeText(name))
  if (distinct.length > shown)
    return `${distinct.slice(0, shown).join(', ')} and ${distinct.length - shown} more`
  const last = distinct.at(-1) ?? ''
  return distinct.length > 1 ? `${distinct.slice(0, -1).join(', ')} and ${last}` : last
}

/** Control ids of findings, with the benchmark when there is more than one. */
export function controlsOf(findings: readonly Finding[]): string {
  const isOne = new Set(findings.map(({ benchmark }) => benchmark)).size === 1
  return listed(findings.map(({ benchmark, control }) => (isOne ? control : `${benchmark} ${control}`)))
}

/** `1 finding`, `3 findings`. */
export function count(many: number, one: string, more = `${one}s`): string {
  return `${many} ${many === 1 ? one : more}`
}
