import type { NotAsked, References } from '../model/benchmark.ts'
import type { Grouping, ParameterValue, Role } from '../model/check.ts'
import type { ComponentSpec, PathClass, SettingType, StartedAs } from '../model/component.ts'
import type { Scalar } from '../model/evidence.ts'
import type { Severity, Verdict } from '../model/verdict.ts'

/*
 * Files as they are written, in kebab-case. Each type says what reports/schemas/<kind>-v1.json has validated;
 * nothing else makes a value of these types.
 */

export type RawOperand = Scalar | readonly Scalar[] | { readonly parameter: string }

export interface RawLeaf {
  readonly value?: string
  readonly every?: string
  readonly some?: string
  readonly [operator: string]: RawOperand
}

export type RawCondition =
  | { readonly any: readonly RawCondition[] }
  | { readonly all: readonly RawCondition[] }
  | { readonly not: RawCondition }
  | RawLeaf

export interface RawRequest {
  readonly fact: string
  readonly [parameter: string]: Scalar | readonly Scalar[] | { readonly parameter: string }
}

export interface RawExample {
  readonly name: string
  readonly given: { readonly [fact: string]: unknown }
  readonly version?: string
  readonly mode?: string
  readonly parameters?: { readonly [name: string]: ParameterValue }
  readonly 'look-alike'?: true
  readonly verdict: Verdict
}

export interface RawApplies {
  readonly component?: string
  readonly roles?: readonly Role[]
  readonly 'started-as'?: readonly StartedAs[]
  readonly distributions?: { readonly only?: readonly string[]; readonly except?: readonly string[] }
  readonly versions?: string
  readonly when?: RawCondition
  readonly because?: string
}

export interface RawCheck {
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly why: string
  readonly over?: 'nodes' | 'cluster'
  readonly group?: Grouping
  readonly applies?: RawApplies
  readonly evidence: { readonly [name: string]: RawRequest }
  readonly parameters?: {
    readonly [name: string]: { readonly default: ParameterValue; readonly means: string }
  }
  readonly expect: readonly RawCondition[]
  readonly informational?: boolean
  readonly say: { readonly fail: string; readonly pass?: string; readonly next: string }
  readonly remediation?: string
  readonly sources?: readonly string[]
  readonly spare?: true
  readonly examples: readonly RawExample[]
}

export interface RawBenchmark {
  readonly id: string
  readonly version: string
  readonly title: string
  readonly kubernetes?: string
  /** The benchmark this one differs from in a few controls. */
  readonly extends?: { readonly id: string; readonly version: string }
  /** Controls of that benchmark which this one does not have. */
  readonly 'leaves-out'?: readonly string[]
  /** Sections of the document that are left out as a whole; those of the extended benchmark when not given. */
  readonly 'not-asked'?: readonly NotAsked[]
  readonly provisional?: string
  readonly sections?: readonly { readonly id: string; readonly title: string }[]
}

/** A whole control, or what differs in one of the benchmark that is extended. */
export interface RawControl {
  readonly control: string
  readonly title?: string
  readonly level?: 1 | 2
  readonly assessment?: 'automated' | 'manual'
  readonly checks?: readonly string[]
  readonly ask?: string
  readonly about?: 'cluster'
  readonly severity?: Severity
  readonly 'not-applicable'?: string
  readonly parameters?: { readonly [name: string]: ParameterValue }
}

export interface RawSection {
  readonly section: string
  readonly controls: readonly RawControl[]
}

/** Control → framework → ids there. */
export interface RawCrosswalk {
  readonly references: { readonly [control: string]: References }
}

export type RawBenchmarkFile = RawBenchmark | RawSection | RawCrosswalk

export interface RawSelection {
  readonly id: string
  readonly version: string
  readonly 'max-level'?: 1 | 2
  readonly only?: readonly string[]
  readonly skip?: readonly { readonly control: string; readonly because: string }[]
}

export interface RawProfile {
  readonly id: string
  readonly version: string
  readonly title: string
  readonly description: string
  readonly distributions?: readonly string[]
  readonly extends?: string
  readonly benchmarks?: readonly RawSelection[]
  readonly parameters?: { readonly [name: string]: ParameterValue }
  readonly gate?: { readonly 'fail-on'?: Severity | 'none'; readonly 'max-errors'?: number | 'any' }
}

export interface RawSetting {
  readonly name: string
  readonly flags?: readonly string[]
  readonly key?: string
  readonly env?: string
  readonly type: SettingType
  readonly repeats?: 'last' | 'append' | 'merge'
  readonly holds?: PathClass
  readonly 'zero-means-default'?: boolean
  readonly versions?: string
  readonly defaults?: readonly {
    readonly versions?: string
    readonly mode?: string
    readonly value: Scalar | readonly string[] | null
    readonly source: string
  }[]
}

export interface RawComponent {
  readonly id: string
  readonly title: string
  readonly binaries: readonly string[]
  readonly units: readonly string[]
  readonly 'static-pod'?: NonNullable<ComponentSpec['staticPod']>
  readonly configuration?: {
    readonly setting: string
    readonly 'drop-in-setting'?: string
    readonly kind?: string
    readonly format: 'yaml' | 'toml'
    readonly precedence: 'flags-over-file' | 'file-over-flags' | 'file-only'
    readonly 'flags-kept'?: readonly string[]
    readonly 'default-path'?: string
    readonly 'drop-in-default-path'?: string
    readonly 'drop-in-suffix'?: string
    readonly layout?: 'containerd'
  }
  readonly 'reads-environment': boolean
  readonly modes: readonly string[]
  readonly settings: readonly RawSetting[]
}

export interface RawWaiver {
  readonly waiver: string
  readonly benchmark?: string
  readonly control?: string
  readonly check?: string
  readonly targets: readonly string[]
  readonly reason: string
  readonly owner: string
  readonly 'approved-by': string
  readonly 'approved-on': string
  readonly expires: string
}

export interface RawTailoring {
  readonly tailoring: string
  readonly version: string
  readonly skip?: readonly { readonly control: string; readonly because: string }[]
  readonly parameters?: {
    readonly [name: string]: { readonly value: ParameterValue; readonly because: string }
  }
  readonly gate?: {
    readonly 'fail-on'?: Severity | 'none'
    readonly 'max-errors'?: number | 'any'
    readonly because: string
  }
}

/** Options of khard.yaml by their long names, without dashes in front. */
export interface RawConfig {
  readonly [option: string]: string | number | boolean | readonly string[]
}
