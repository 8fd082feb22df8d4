import type { Finding, Result, Summary, Target } from './finding.ts'
import type { Severity } from './verdict.ts'

/** A saved result and what tells it from another. */
export interface NamedResult {
  /** As the person called it. */
  readonly file: string
  /** `sha256:…` of the file. */
  readonly digest: string
  readonly result: Result
}

/** One of the two results of a comparison, in short. */
export interface ComparedResult {
  readonly file: string
  readonly digest: string
  /** Version of khard that wrote it. */
  readonly version: string
  readonly evaluatedAt: string
  readonly profile: Result['profile']
  readonly benchmarks: Result['benchmarks']
  readonly verdicts: Summary['verdicts']
  readonly score: number | null
  /** Share of what should have been judged that could be. */
  readonly coverage: number | null
}

/** A finding that both results have and that says something else now. */
export interface Change {
  /** `better` claims that the newer answer is good news; what says less than before never is. */
  readonly kind: 'better' | 'worse' | 'changed'
  /** What changed, in a few words. */
  readonly why: string
  /** Set when an answer was lost or gained, whatever it says. */
  readonly coverage?: 'gained' | 'lost'
  readonly before: Finding
  readonly after: Finding
  /** Files, objects or values by name that a failing finding names now, or no longer does. */
  readonly offenders?: { readonly added: readonly string[]; readonly gone: readonly string[] }
}

/** A target that only one result can say something about. Its findings are not compared one by one. */
export interface TargetChange {
  readonly id: string
  readonly kind: Target['kind'] | 'group'
  /** `lost`: reached before and not any more; `regained`: the other way round. */
  readonly change: 'appeared' | 'vanished' | 'lost' | 'regained'
  /** In the newer result, in the older one when it vanished. */
  readonly reached: boolean
  readonly problem?: string
  /** Of the side that reached it, else of the one that names it. */
  readonly verdicts: Summary['verdicts']
}

/** A check that a benchmark asks under another control than before. */
export interface Renumbered {
  readonly benchmark: string
  readonly check: string
  readonly before: string
  readonly after: string
}

/** Whether anything is worse in a way that fails a pipeline. */
export interface DiffGate {
  readonly threshold: Severity
  readonly met: boolean
  readonly because: readonly string[]
  readonly exitCode: 0 | 1 | 3
}

/** What two results say differently: reports/schemas/diff-v1.json. */
export interface ResultDiff {
  readonly schema: 'khard.diff/v1'
  readonly tool: { readonly name: 'khard'; readonly version: string }
  readonly before: ComparedResult
  readonly after: ComparedResult
  /** What has to be known to read the rest: other profile, other edition, swapped files. */
  readonly notes: readonly string[]
  readonly targets: readonly TargetChange[]
  readonly renumbered: readonly Renumbered[]
  readonly changes: readonly Change[]
  /** On targets of both results: asked by the newer one only. */
  readonly appeared: readonly Finding[]
  /** On targets of both results: asked by the older one only. */
  readonly vanished: readonly Finding[]
  readonly summary: {
    /** Findings that both results have. */
    readonly compared: number
    readonly unchanged: number
    readonly better: number
    readonly worse: number
    readonly changed: number
    readonly coverageGained: number
    readonly coverageLost: number
    readonly appeared: number
    readonly vanished: number
  }
  readonly gate?: DiffGate
}

/** An earlier result whose failures a gate looks past. */
export interface Baseline {
  readonly file: string
  readonly digest: string
  readonly evaluatedAt: string
  /** Findings of this run that failed, or had no answer, in the baseline too. */
  readonly known: ReadonlySet<Finding>
  /** Those among the known that fail for something else now. */
  readonly changed: readonly Finding[]
  /** Why the baseline may not be the right one for this run. */
  readonly doubts: readonly string[]
}
