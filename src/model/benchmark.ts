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
  /** `cluster`: the question is about a cluster; a control with checks takes this from them. */
  readonly about?: 'cluster'
  /** In place of the severity of its checks; for a control that is only a question, the question's. */
  readonly severity?: Severity
  /** Why the document does not apply this control to what it is written for; its checks are then not run. */
  readonly notApplicable?: string
  /** Values of its checks' parameters that this document asks for. A profile that sets one wins. */
  readonly parameters?: { readonly [name: string]: ParameterValue }
  /** The same requirement elsewhere: framework (`nist-800-53`, `stig-kubernetes`, …) → ids there. */
  readonly references?: References
}

/** Ids of other documents by framework. */
export interface References {
  readonly [framework: string]: readonly string[]
}

/** A published document at one version: sections and controls in document order. */
export interface Benchmark {
  readonly id: BenchmarkId
  readonly version: string
  readonly title: string
  /** Kubernetes versions the document is written for: `>=1.32 <1.35`. */
  readonly kubernetes?: string
  /** One sentence on what is not certain about it, for editions known only in part. */
  readonly provisional?: string
  readonly sections: readonly { readonly id: string; readonly title: string }[]
  readonly controls: readonly Control[]
  /** Sections of the document that are left out as a whole, so that nobody takes them for unknown. */
  readonly notAsked?: readonly NotAsked[]
}

/** A section of a document that khard does not ask, and why. */
export interface NotAsked {
  readonly section: string
  readonly title: string
  readonly because: string
}

/** The section a word names, or that a control with this id would be in. */
export function notAskedFor({ notAsked = [] }: Benchmark, word: string): NotAsked | undefined {
  return notAsked.find(({ section }) => `${word}.`.startsWith(`${section}.`))
}

export type FailOn = Severity | 'none'

/** In a profile, in place of a version: the edition written for the Kubernetes version of the node. */
export const byKubernetes = 'by-kubernetes'

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
    /** A version, or `by-kubernetes`. */
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

/** What a site changes in a profile, each change with its reason. */
export interface Tailoring {
  readonly id: string
  readonly version: string
  /** Controls (`1.2.1`, `cis-kubernetes:1.2.1`), sections or checks left out. */
  readonly skip: readonly {
    readonly control: string
    readonly because: string
    /** `file:line`, for messages. */
    readonly at: string
  }[]
  readonly parameters: { readonly [name: string]: ParameterValue }
  readonly gate: { readonly failOn?: FailOn; readonly maxErrors?: number | 'any' }
  /** Every change and its reason, one sentence each, for the result. */
  readonly says: readonly string[]
  /** `sha256:…` over the canonical content of the file. */
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
