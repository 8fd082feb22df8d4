import type { Baseline, NamedResult } from '../model/diff.ts'
import type { Result } from '../model/finding.ts'
import { changeOf } from './change.ts'
import { knownPairs } from './known.ts'
import { profileMoves } from './notes.ts'

type Run = Pick<Result, 'targets' | 'findings'>

/** Why an earlier result may be the wrong one to hold a run against. Nothing of it is taken for granted for that. */
export function baselineDoubts({ file, result }: NamedResult, run: Run): readonly string[] {
  const named = new Set(result.targets.map(({ id }) => id))
  if (!run.targets.some(({ id }) => named.has(id)))
    return [
      `The baseline ${file} names no target of this run: nothing is known from it, and everything counts.`,
    ]
  return profileMoves(result, run).map(
    (move) =>
      `The baseline ${file} was made with another profile (${move}): what only this one asks counts as new.`,
  )
}

/** What a gate may look past because an earlier result had it. */
export function baselineFor(earlier: NamedResult, run: Run): Baseline {
  const { file, digest, result } = earlier
  const known = knownPairs(result.findings, run.findings)
  return {
    file,
    digest,
    evaluatedAt: result.evaluatedAt,
    known: new Set(known.map(({ after }) => after)),
    changed: known
      .filter((pair) => pair.after.verdict === 'fail' && changeOf(pair) !== null)
      .map(({ after }) => after),
    doubts: baselineDoubts(earlier, run),
  }
}
