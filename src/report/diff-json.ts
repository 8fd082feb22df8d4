import type { Change, ComparedResult, ResultDiff, TargetChange } from '../model/diff.ts'
import { inOrder, orderedFinding, plainJson, tallyOrder } from './json.ts'
import type { Renderer } from './reporter.ts'

function orderedSide({ profile, benchmarks, verdicts, ...rest }: ComparedResult): object {
  const { file, digest, version, evaluatedAt, score, coverage } = rest
  return {
    file,
    digest,
    version,
    evaluatedAt,
    profile: inOrder(profile, { id: true, version: true, digest: true }),
    benchmarks: benchmarks.map((each) => inOrder(each, { id: true, version: true, title: true })),
    verdicts: inOrder(verdicts, tallyOrder),
    score,
    coverage,
  }
}

function orderedTarget(target: TargetChange): object {
  const copy = inOrder(target, {
    id: true,
    kind: true,
    change: true,
    reached: true,
    problem: true,
    verdicts: true,
  })
  return { ...copy, verdicts: inOrder(target.verdicts, tallyOrder) }
}

function orderedChange(change: Change): object {
  const copy = inOrder(change, {
    kind: true,
    why: true,
    coverage: true,
    before: true,
    after: true,
    offenders: true,
  })
  return { ...copy, before: orderedFinding(change.before), after: orderedFinding(change.after) }
}

/** The comparison itself, in the form of reports/schemas/diff-v1.json. */
export const renderDiffJson: Renderer<ResultDiff> = (diff) =>
  plainJson({
    schema: diff.schema,
    tool: inOrder(diff.tool, { name: true, version: true }),
    before: orderedSide(diff.before),
    after: orderedSide(diff.after),
    notes: diff.notes,
    targets: diff.targets.map(orderedTarget),
    renumbered: diff.renumbered,
    changes: diff.changes.map(orderedChange),
    appeared: diff.appeared.map(orderedFinding),
    vanished: diff.vanished.map(orderedFinding),
    summary: diff.summary,
    gate: diff.gate,
  })
