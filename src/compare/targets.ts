import type { TargetChange } from '../model/diff.ts'
import {
  type Finding,
  type GroupTarget,
  isSingle,
  type Result,
  type Summary,
  type Target,
} from '../model/finding.ts'

type AnyTarget = Target | GroupTarget

/** A group of nodes is there when it is named. */
const isReached = (target: AnyTarget): boolean => !isSingle(target) || target.reached

/** How often each verdict was given. */
export function tallyOf(findings: readonly Finding[]): Summary['verdicts'] {
  const counts = {
    pass: 0,
    fail: 0,
    error: 0,
    unknown: 0,
    notApplicable: 0,
    notChecked: 0,
    informational: 0,
    fixed: 0,
  }
  for (const { verdict } of findings) counts[verdict] += 1
  return counts
}

function changeOf(
  before: AnyTarget | undefined,
  after: AnyTarget | undefined,
): TargetChange['change'] | null {
  if (before === undefined) return 'appeared'
  if (after === undefined) return 'vanished'
  if (isReached(before) === isReached(after)) return null
  return isReached(after) ? 'regained' : 'lost'
}

/** The targets of two results: what only one of them can speak of, and which can be compared. */
export interface ComparedTargets {
  readonly changes: readonly TargetChange[]
  /** Named and reached alike by both. */
  readonly shared: ReadonlySet<string>
}

/** Compares which targets two results are about. */
export function compareTargets(before: Result, after: Result): ComparedTargets {
  const [earlier, later] = [before, after].map(({ targets }) => new Map(targets.map((one) => [one.id, one])))
  const ids = [...new Set([...before.targets, ...after.targets].map(({ id }) => id))].toSorted()
  const shared = new Set<string>()
  const changes = ids.flatMap((id): readonly TargetChange[] => {
    const [was, is] = [earlier?.get(id), later?.get(id)]
    const change = changeOf(was, is)
    const named = is ?? was
    if (change === null || named === undefined) {
      shared.add(id)
      return []
    }
    const { findings } = change === 'vanished' || change === 'lost' ? before : after
    const problem = isSingle(named) ? named.problem : undefined
    return [
      {
        id,
        kind: named.kind,
        change,
        reached: isReached(named),
        ...(problem === undefined ? {} : { problem }),
        verdicts: tallyOf(findings.filter(({ target }) => target === id)),
      },
    ]
  })
  return { changes, shared }
}
