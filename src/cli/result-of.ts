import { createHash } from 'node:crypto'
import { baselineFor } from '../compare/baseline.ts'
import { concerns } from '../evaluate/node.ts'
import type { SelectedControl, Selection, SkippedControl } from '../evaluate/select.ts'
import { createSummary } from '../evaluate/summary.ts'
import { decideGate } from '../gate/decide.ts'
import type { FailOn, Waiver } from '../model/benchmark.ts'
import type { NamedResult } from '../model/diff.ts'
import type { Finding, GroupTarget, Result, Target } from '../model/finding.ts'
import type { NodeAssessment } from './prepare-node.ts'

/** Everything a run needs besides evidence. */
export interface Assessment extends NodeAssessment {
  readonly waivers: readonly Waiver[]
  readonly failOn?: FailOn
  readonly maxErrors?: number | 'any'
  /** An earlier result: what it has already is not held against the run. */
  readonly baseline?: NamedResult
  readonly toolVersion: string
  readonly startedAtMs: number
  readonly now: () => number
}

/** Everything that was assessed, sorted by target. */
export interface Assessed {
  readonly assessed: readonly {
    readonly target: Target | GroupTarget
    readonly findings: readonly Finding[]
  }[]
  /** Of each node and cluster. */
  readonly selections: readonly Selection[]
  /** What was looked at. */
  readonly kinds: ReadonlySet<Target['kind']>
}

/** One result of everything that was assessed. */
export async function resultOf(
  { assessed, selections: used, kinds }: Assessed,
  assessment: Assessment,
  waiversUnused: Result['waiversUnused'],
): Promise<Result> {
  const selections = distinct(used.length > 0 ? used : assessment.choice.selections)
  const benchmarks = [
    ...new Map(
      selections.flatMap((one) => one.benchmarks).map((one) => [`${one.id} ${one.version}`, one]),
    ).values(),
  ]
  const summary = createSummary(benchmarks)
  const findings = assessed.flatMap((one) => one.findings)
  summary.add(findings)
  const profiles = selections.map(({ profile: { id, version, digest, title } }) => ({
    id,
    version,
    digest,
    title,
  }))
  const [only] = profiles
  const targets = assessed.map(({ target }) => target)
  const gate = await decideGate({
    findings,
    targets,
    ...threshold(selections, assessment),
    ...(assessment.baseline === undefined
      ? {}
      : { baseline: baselineFor(assessment.baseline, { targets, findings }) }),
  })
  return {
    schema: 'khard.result/v1',
    tool: { name: 'khard', version: assessment.toolVersion },
    startedAt: new Date(assessment.startedAtMs).toISOString(),
    finishedAt: new Date(assessment.now()).toISOString(),
    evaluatedAt: new Date(assessment.atMs).toISOString(),
    profile:
      profiles.length === 1 && only !== undefined
        ? { id: only.id, version: only.version, digest: only.digest }
        : perTarget(profiles),
    profiles,
    benchmarks: benchmarks.map(({ id, version, title }) => ({ id, version, title })),
    targets,
    findings,
    leftOut: selections.flatMap((selection) =>
      [...selection.skipped, ...unasked(selection, kinds)].map((one) => ({
        ...one,
        profile: selection.profile.id,
      })),
    ),
    tailorings: assessment.choice.tailorings,
    waiversUnused,
    summary: summary.finish(),
    gate,
  }
}

/** What nobody was there to be asked about: it is listed, so that a small run does not look like a whole one. */
function unasked({ controls }: Selection, kinds: ReadonlySet<Target['kind']>): readonly SkippedControl[] {
  const missing = (selected: SelectedControl): string | null => {
    const ofNodes = concerns(selected, undefined)
    const ofCluster = concerns(selected, 'cluster')
    if ((ofNodes && kinds.has('node')) || (ofCluster && kinds.has('cluster'))) return null
    return ofCluster
      ? 'it is asked of a cluster, and this run had none: add --cluster'
      : 'it is asked of nodes, and this run had none: name them'
  }
  return controls.flatMap((selected) => {
    const { benchmark, control } = selected
    const because = missing(selected)
    if (because === null) return []
    return [{ benchmark: benchmark.id, version: benchmark.version, control: control.id, because }]
  })
}

function distinct(selections: readonly Selection[]): readonly Selection[] {
  return [...new Map(selections.map((one) => [one.profile.id, one])).values()].sort((a, b) =>
    a.profile.id < b.profile.id ? -1 : 1,
  )
}

function perTarget(profiles: readonly { readonly digest: string }[]): Result['profile'] {
  const all = profiles.map(({ digest }) => digest).join('\n')
  return {
    id: 'per-target',
    version: '1',
    digest: `sha256:${createHash('sha256').update(all).digest('hex')}`,
  }
}

const strictness: readonly FailOn[] = ['low', 'medium', 'high', 'critical', 'none']

/** What was asked for; else the strictest threshold and the smallest allowance of the profiles in play. */
function threshold(
  selections: readonly Selection[],
  { failOn, maxErrors }: Assessment,
): { threshold: FailOn; maxErrors: number | 'any' } {
  const gates = selections.map(({ profile }) => profile.gate)
  const strictest = strictness.find((one) => gates.some((gate) => gate.failOn === one)) ?? 'high'
  const allowances = gates.map((gate) => gate.maxErrors).filter((allowance) => allowance !== 'any')
  const least = allowances.length > 0 ? Math.min(...allowances) : gates.length > 0 ? 'any' : 0
  return { threshold: failOn ?? strictest, maxErrors: maxErrors ?? least }
}
