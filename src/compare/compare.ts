import type { Change, ComparedResult, NamedResult, ResultDiff } from '../model/diff.ts'
import type { Finding } from '../model/finding.ts'
import { changeOf } from './change.ts'
import { notesOn, renumberedIn } from './notes.ts'
import { type Pairs, pairFindings } from './pair.ts'
import { compareTargets } from './targets.ts'

function inShort({ file, digest, result }: NamedResult): ComparedResult {
  const { tool, evaluatedAt, profile, benchmarks, summary } = result
  const { verdicts, score, coverage } = summary
  return { file, digest, version: tool.version, evaluatedAt, profile, benchmarks, verdicts, score, coverage }
}

function summaryOf({ pairs, appeared, vanished }: Pairs, changes: readonly Change[]): ResultDiff['summary'] {
  const count = (holds: (change: Change) => boolean): number => changes.filter(holds).length
  return {
    compared: pairs.length,
    unchanged: pairs.length - changes.length,
    better: count(({ kind }) => kind === 'better'),
    worse: count(({ kind }) => kind === 'worse'),
    changed: count(({ kind }) => kind === 'changed'),
    coverageGained: count(({ coverage }) => coverage === 'gained'),
    coverageLost: count(({ coverage }) => coverage === 'lost'),
    appeared: appeared.length,
    vanished: vanished.length,
  }
}

/** What two results say differently. Depends on nothing but the two; the order of their findings does not matter. */
export function compareResults(before: NamedResult, after: NamedResult, version: string): ResultDiff {
  const targets = compareTargets(before.result, after.result)
  const onShared = ({ target }: Finding): boolean => targets.shared.has(target)
  const pairs = pairFindings(before.result.findings.filter(onShared), after.result.findings.filter(onShared))
  const changes = pairs.pairs.map(changeOf).filter((change) => change !== null)
  return {
    schema: 'khard.diff/v1',
    tool: { name: 'khard', version },
    before: inShort(before),
    after: inShort(after),
    notes: notesOn(before, after),
    targets: targets.changes,
    renumbered: renumberedIn(pairs),
    changes,
    appeared: pairs.appeared,
    vanished: pairs.vanished,
    summary: summaryOf(pairs, changes),
  }
}
