import type { ParameterValue } from './check.ts'
import type { BenchmarkId, CheckId, ProfileId } from './ids.ts'
import type { Severity } from './verdict.ts'

/** One numbered requirement. `checks` empty means: a person answers `ask`. */
export interface Control {
  readonly id: string
  readonly title: string
  readonly section: string
  readonly level: 1 | 2
  /** What the document says of itself; a manual control may still have checks. */
  readonly assessment: 'automated' | 'manual'
  readonly checks: readonly CheckId[]
  /** The question for a person, when no check decides the control (or not all of it). */
  readonly ask?: string
  /** Severity when only `ask` is there. */
  readonly severity?: Severity
}

/** A published document at one version: sections and controls in document order. */
export interface Benchmark {
  readonly id: BenchmarkId
  readonly version: string
  readonly title: string
  /** Kubernetes versions the document is written for: `>=1.32 <1.35`. */
  readonly kubernetes?: string
  readonly sections: readonly { readonly id: string; readonly title: string }[]
  readonly controls: readonly Control[]
}

export type FailOn = Severity | 'none'

/** A named selection with parameter values and a gate. */
export interface Profile {
  readonly id: ProfileId
  readonly version: string
  readonly title: string
  readonly description: string
  /** Distributions this profile is written for; `any` for all. Used to choose one, said in the result. */
  readonly distributions: readonly string[]
  readonly benchmarks: readonly {
    readonly id: BenchmarkId
    readonly version: string
    readonly maxLevel: 1 | 2
    readonly only?: readonly string[]
    readonly skip?: readonly { readonly control: string; readonly because: string }[]
  }[]
  readonly parameters: { readonly [name: string]: ParameterValue }
  readonly gate: { readonly failOn: FailOn; readonly maxErrors: number | 'any' }
  /** `sha256:…` over the canonical content the profile selects. */
  readonly digest: string
}

/** An owned, dated acceptance of a failing finding. Dates are `YYYY-MM-DD`, expiry inclusive in UTC. */
export interface Waiver {
  readonly id: string
  readonly control?: string
  readonly check?: string
  readonly benchmark?: string
  /** Target names or patterns with `*`. */
  readonly targets: readonly string[]
  readonly reason: string
  readonly owner: string
  readonly approvedBy: string
  readonly approvedOn: string
  readonly expires: string
  /** `file:line`, for messages. */
  readonly at: string
}
