import type { References } from './benchmark.ts'
import type { Role } from './check.ts'
import type { Provenance } from './evidence.ts'
import type { Severity, Verdict } from './verdict.ts'

/** A plain JSON value: what was seen or wanted. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What is said of one object of a cluster. */
export interface ObjectRemark {
  /** `Deployment team-a/web`. */
  readonly name: string
  readonly kind: string
  readonly namespace?: string
  /** What it does, or why it is left out. */
  readonly because: string
}

/** verdict + control + target + expected/observed + evidence. Shape: contract §3, reports/schemas/result. */
export interface Finding {
  readonly benchmark: string
  /** Edition of the benchmark. */
  readonly benchmarkVersion: string
  readonly control: string
  /** Absent for a control that only a person can answer. */
  readonly check?: string
  readonly target: string
  readonly title: string
  readonly section: string
  readonly level: 1 | 2
  readonly assessment: 'automated' | 'manual'
  readonly severity: Severity
  readonly verdict: Verdict
  /** One sentence, always present. */
  readonly reason: string
  readonly observed?: Json
  readonly expected?: Json
  /** Objects of a cluster it is about: those that offend, those accepted and worth a look, those left out on purpose. */
  readonly objects?: {
    readonly offending?: readonly ObjectRemark[]
    readonly noted?: readonly ObjectRemark[]
    readonly exempted?: readonly ObjectRemark[]
  }
  readonly provenance: readonly Provenance[]
  /** Set when the file on disk and the running process disagree. */
  readonly drift?: string
  readonly waiver?: { readonly id: string; readonly expires: string; readonly expired: boolean }
  /** What to do next, when the verdict is not a pass. */
  readonly next?: string
  readonly remediation?: string
  /** The same requirement in other documents: framework → ids there. */
  readonly references?: References
  /** `sha256:…` of each raw item it rests on. */
  readonly evidence: readonly string[]
}

/** One signal that says which distribution a node runs. */
export interface Signal {
  readonly says: string
  readonly strength: 'certain' | 'strong' | 'hint'
  readonly at: string
}

/** Nodes of a run that are put side by side; what is found is about them together. */
export interface GroupTarget {
  readonly id: string
  readonly kind: 'group'
  /** Ids of its nodes, sorted. */
  readonly members: readonly string[]
  /** What was not seen and is taken for true: that these nodes are of one cluster. */
  readonly assumes?: string
}

/** One node or one cluster of a run. */
export interface Target {
  readonly id: string
  /** `cluster`: what its API server shows. */
  readonly kind: 'node' | 'cluster'
  /** What the person called it. */
  readonly address: string
  readonly roles: readonly Role[]
  /** `kubeadm`, `hardway`, `rke2`, …; `none` without Kubernetes; `unknown` when the signals do not decide. */
  readonly distribution: string
  readonly signals: readonly Signal[]
  /** Kubernetes version, `v1.34.2`, when known. */
  readonly version?: string
  readonly os: {
    readonly id?: string
    readonly version?: string
    readonly kernel?: string
    readonly name?: string
  }
  readonly reached: boolean
  /** Why not, or why only in part. */
  readonly problem?: string
  readonly profile: string
  /** Why this profile. */
  readonly chosenBecause: string
}

/** True for a node or a cluster; a group of nodes is not reached or left out by itself. */
export function isSingle(target: Target | GroupTarget): target is Target {
  return target.kind !== 'group'
}

/** Counts and score over findings. The score never leaves out what could not be assessed. */
export interface Summary {
  readonly verdicts: { readonly [verdict in Verdict]: number }
  readonly waived: number
  /** pass+fixed over all that should have been judged (pass, fixed, fail, error, unknown), 0 to 1; null when nothing was. */
  readonly score: number | null
  /** Judged (pass, fixed, fail) over all that should have been, notChecked included, 0 to 1; null when nothing. */
  readonly coverage: number | null
  readonly bySection: readonly {
    readonly benchmark: string
    readonly section: string
    readonly title: string
    readonly verdicts: { readonly [verdict in Verdict]: number }
  }[]
}

export interface GateDecision {
  readonly threshold: Severity | 'none'
  readonly maxErrors: number | 'any'
  readonly met: boolean
  /** False when nothing could be claimed: exit 3 unless the gate is not met for a finding. */
  readonly complete: boolean
  readonly because: readonly string[]
  readonly exitCode: 0 | 1 | 3
  /** The earlier result that was looked past, and how many findings of this one were. */
  readonly baseline?: {
    readonly file: string
    readonly digest: string
    readonly evaluatedAt: string
    readonly known: { readonly failing: number; readonly unassessed: number }
  }
}

/** One run over any number of targets: contract §3. */
export interface Result {
  readonly schema: 'khard.result/v1'
  readonly tool: { readonly name: 'khard'; readonly version: string }
  readonly startedAt: string
  readonly finishedAt: string
  readonly evaluatedAt: string
  /** The one profile of the run, or `per-target` when each node got the one that fits it (see profiles). */
  readonly profile: { readonly id: string; readonly version: string; readonly digest: string }
  readonly profiles: readonly {
    readonly id: string
    readonly version: string
    readonly digest: string
    readonly title: string
  }[]
  readonly benchmarks: readonly { readonly id: string; readonly version: string; readonly title: string }[]
  readonly targets: readonly (Target | GroupTarget)[]
  readonly findings: readonly Finding[]
  /** Controls that a profile, a tailoring or the command line leaves out, and why. */
  readonly leftOut: readonly {
    readonly benchmark: string
    readonly version: string
    readonly control: string
    readonly because: string
    /** The profile whose selection leaves it out. */
    readonly profile: string
  }[]
  /** What a site changed in the profiles, each change with its reason. */
  readonly tailorings: readonly {
    readonly id: string
    readonly version: string
    readonly digest: string
    readonly says: readonly string[]
  }[]
  readonly waiversUnused: readonly { readonly id: string; readonly at: string }[]
  readonly summary: Summary
  readonly gate: GateDecision
}
