import type { Scalar } from './evidence.ts'
import type { CheckId } from './ids.ts'
import type { Severity, Verdict } from './verdict.ts'

/** What a check asks the evidence for, e.g. `{ fact: component-settings, of: kube-apiserver }`. */
export interface FactRequest {
  readonly fact: string
  /** `{ parameter: name }` stands for a parameter of the check, until the check is compiled. */
  readonly [parameter: string]: Scalar | readonly Scalar[] | { readonly parameter: string }
}

/** json-rules-engine condition JSON, with khard's typed operators registered in the engine. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | LeafCondition

export interface LeafCondition {
  /** Name given in the check's `evidence`. */
  readonly fact: string
  /** Path below it, segments joined by `.`; a segment with dots is quoted: `settings."authentication.x509"`. */
  readonly path?: string
  /** Operator name, or `every:<operator>` / `some:<operator>` over a list. */
  readonly operator: string
  readonly value: ConditionValue
  /** What else a claim about a group needs: a second value (`fact.path`), a limit to what it is about. */
  readonly params?: { readonly of?: string; readonly below?: string }
}

export type ConditionValue = Scalar | null | readonly Scalar[] | { readonly parameter: string }

/** When a check says something about a target at all. Everything given must hold; could-not-tell is an error. */
export interface Applicability {
  /** The component must run (or be set up to run) on the node. */
  readonly component?: string
  /** One of these roles. */
  readonly roles?: readonly Role[]
  /** The component must be started in one of these ways. */
  readonly startedAs?: readonly string[]
  readonly distributions?: { readonly only?: readonly string[]; readonly except?: readonly string[] }
  /** Version range of the component (of Kubernetes when none is named). */
  readonly versions?: string
  /** Conditions over the check's own evidence. */
  readonly when?: Condition
  /** Said when the check does not apply. */
  readonly because?: string
}

export type Role = 'control-plane' | 'etcd' | 'worker'

/**
 * Which nodes a check over nodes puts side by side: those of a cluster, or `run`: every node of the run, whatever its
 * cluster. `role`: one group for each role.
 */
export type Grouping = 'run' | 'all' | 'role' | Role

/** Operators that look at the values of a whole group begin with this: `nodes:same`, `nodes:count:at-least`. */
export const groupPrefix = 'nodes:'

/** What a claim may count in place of a value: the nodes of the group themselves. */
export const theNodes = 'nodes'

/** One row of a check's truth table; executed by the test run. */
export interface Example {
  readonly name: string
  /** For a check over nodes: `nodes`, a list of such maps. Fact name → plain value; `unavailable` or `absent` as a bare word, or `{ unavailable: reason }` anywhere inside. */
  readonly given: { readonly [fact: string]: unknown }
  /** Version of the component the defaults are taken for. */
  readonly version?: string
  /** Start mode the defaults are taken for. */
  readonly mode?: string
  /** Parameter values in place of the defaults. */
  readonly parameters?: { readonly [name: string]: ParameterValue }
  /** True for a row that looks like a pass or fail and is not. */
  readonly lookAlike?: boolean
  readonly verdict: Verdict
}

export type ParameterValue = Scalar | readonly Scalar[]

/** A value a profile may set. */
export interface Parameter {
  readonly default: ParameterValue
  /** What it means, with its unit. */
  readonly means: string
}

/** One question to a machine (benchmarks/checks/<component>/<name>.yaml). */
export interface Check {
  readonly id: CheckId
  readonly title: string
  readonly severity: Severity
  readonly why: string
  /** Set when the check asks a group of nodes, not one: then `condition` holds claims about their values. */
  readonly over?: { readonly group: Grouping }
  /** `cluster`: asked of the API of a cluster. Asked of nodes when absent. */
  readonly about?: 'cluster'
  readonly applies: Applicability
  readonly evidence: { readonly [name: string]: FactRequest }
  readonly parameters: { readonly [name: string]: Parameter }
  /** Compiled from `expect`: what must hold for a pass. */
  readonly condition: Condition
  /** `informational`: what is seen is reported, never judged. */
  readonly judges: boolean
  readonly say: {
    /** One sentence; `{observed}` and `{expected}` are filled in. */
    readonly fail: string
    readonly pass?: string
    readonly next: string
    /** By distribution, where `next` would not be true of it. */
    readonly nextOn?: { readonly [distribution: string]: string }
  }
  readonly remediation?: string
  /** True for a check that no benchmark maps on purpose; only user content or `--only` selects it. */
  readonly spare?: true
  /** Sources of facts in it: documents, source files. */
  readonly sources: readonly string[]
  readonly examples: readonly Example[]
  /** File it was read from, relative to the content root. */
  readonly file: string
}
