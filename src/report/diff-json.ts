import type { Change, ComparedResult, DiffGate, ResultDiff, TargetChange } from '../model/diff.ts'
import { inOrder, type KeyOrder, orderedFinding, plainJson, tallyOrder } from './json.ts'
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
  const { before, after, offenders } = change
  const names = offenders === undefined ? {} : { offenders: inOrder(offenders, { added: true, gone: true }) }
  return { ...copy, before: orderedFinding(before), after: orderedFinding(after), ...names }
}

const summaryOrder: KeyOrder<ResultDiff['summary']> = {
  compared: true,
  unchanged: true,
  better: true,
  worse: true,
  changed: true,
  coverageGained: true,
  coverageLost: true,
  appeared: true,
  vanished: true,
}

const gateOrder: KeyOrder<DiffGate> = { threshold: true, met: true, because: true, exitCode: true }

/** The comparison itself, in the form of reports/schemas/diff-v1.json. */
export const renderDiffJson: Renderer<ResultDiff> = (diff) =>
  plainJson({
    schema: diff.schema,
    tool: inOrder(diff.tool, { name: true, version: true }),
    before: orderedSide(diff.before),
    after: orderedSide(diff.after),
    notes: diff.notes,
    targets: diff.targets.map(orderedTarget),
    renumbered: diff.renumbered.map((each) =>
      inOrder(each, { benchmark: true, check: true, before: true, after: true }),
    ),
    changes: diff.changes.map(orderedChange),
    appeared: diff.appeared.map(orderedFinding),
    vanished: diff.vanished.map(orderedFinding),
    summary: inOrder(diff.summary, summaryOrder),
    gate: diff.gate && inOrder(diff.gate, gateOrder),
  })
