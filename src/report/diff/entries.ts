import type { Change, ResultDiff } from '../../model/diff.ts'
import type { Finding } from '../../model/finding.ts'
import { severities, verdictLabel } from '../../model/verdict.ts'
import type { Group } from '../grouping.ts'
import { groupBy, keyOf } from '../grouping.ts'

/** One difference as the text tells it. */
export interface Entry {
  /** The newer finding; the older one where there is no newer. */
  readonly finding: Finding
  readonly why: string
  readonly before?: Finding
  readonly offenders?: Change['offenders']
}

/** What is told where: what needs action first. */
export interface Entries {
  readonly failing: readonly Entry[]
  readonly unassessed: readonly Entry[]
  /** Fails otherwise than before, or no longer counts as a failure without being a pass. */
  readonly changed: readonly Entry[]
  readonly better: readonly Entry[]
  /** Differences that need no action. */
  readonly other: readonly Entry[]
  readonly appeared: readonly Entry[]
  readonly vanished: readonly Entry[]
}

const isUnassessed = ({ verdict }: Finding): boolean => verdict === 'error' || verdict === 'unknown'
const isFailure = ({ verdict }: Finding): boolean => verdict === 'fail'
const label = ({ verdict }: Finding): string => verdictLabel[verdict].toLowerCase()

function entryOf({ before, after, why, offenders }: Change): Entry {
  return { finding: after, why, before, ...(offenders === undefined ? {} : { offenders }) }
}

/** Sorts the differences by what they ask of a person. */
export function entriesOf({ changes, appeared, vanished }: ResultDiff): Entries {
  const of = (kind: Change['kind'], holds: (change: Change) => boolean = () => true): readonly Entry[] =>
    changes.filter((change) => change.kind === kind && holds(change)).map(entryOf)
  const fresh = appeared.map((finding): Entry => ({ finding, why: `asked now: ${label(finding)}` }))
  const touchesFailure = ({ before, after }: Change): boolean => isFailure(before) || isFailure(after)
  return {
    failing: [
      ...of('worse', ({ after }) => isFailure(after)),
      ...fresh.filter(({ finding }) => isFailure(finding)),
    ],
    unassessed: [
      ...of('worse', ({ after }) => !isFailure(after)),
      ...fresh.filter(({ finding }) => isUnassessed(finding)),
    ],
    changed: of('changed', touchesFailure),
    better: of('better'),
    other: of('changed', (change) => !touchesFailure(change)),
    appeared: fresh.filter(({ finding }) => !isFailure(finding) && !isUnassessed(finding)),
    vanished: vanished.map((finding) => ({ finding, why: `not asked any more: it was ${label(finding)}` })),
  }
}

function sameStory({ finding, why, before, offenders }: Entry): string {
  const { benchmark, control, check, severity, reason, observed, expected, next, waiver } = finding
  const answer = [reason, observed, expected, next, waiver?.id, before?.observed, offenders]
  return keyOf(benchmark, control, check, severity, why, ...answer)
}

/** One story on many targets is told once; the most severe first. */
export function stories(entries: readonly Entry[]): readonly Group<Entry>[] {
  const rank = ([{ finding }]: Group<Entry>): number => severities.indexOf(finding.severity)
  return groupBy(entries, sameStory).toSorted((a, b) => rank(b) - rank(a))
}
