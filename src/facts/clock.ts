import type { Fact } from '../model/evidence.ts'
import { observed, unavailable } from '../model/evidence.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import type { FactKind } from './fact-kind.ts'

/** A tenth of a second is finer than a clock read in whole seconds can tell. */
function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10
}

/**
 * How far the clock of a node is ahead of the collecting machine's, seconds: at least, at most. The node says whole
 * seconds, and when exactly it read them lies within the run of its script.
 */
export function clockOffset(evidence: NodeEvidence): readonly [number, number] | null {
  const { nodeClock, clockRead, collectedAt } = evidence
  const startMs = Date.parse(collectedAt)
  if (nodeClock === null || clockRead === undefined || Number.isNaN(startMs)) return null
  const earliest = (startMs + clockRead.fromMs) / 1000
  const latest = (startMs + clockRead.toMs) / 1000
  return [tenths(nodeClock - latest), tenths(nodeClock + 1 - earliest)]
}

function derive(evidence: NodeEvidence): Fact {
  const source = { items: [], at: [{ kind: 'command', at: 'date +%s' }] } as const
  if (evidence.offline) return unavailable('offline', source)
  const offset = clockOffset(evidence)
  if (offset === null) {
    const reason = evidence.end === 'complete' ? 'not-collected' : evidence.end
    return unavailable(reason, source, 'the evidence does not tell when the clock of the node was read')
  }
  const range = offset.map((end) => observed(end, source))
  return observed({ 'offset-seconds': observed(range, source) }, source)
}

/** The node's clock beside the collecting machine's, both read in the same run. */
export const clock: FactKind = {
  kind: 'clock',
  title: 'How far the clock of the node is ahead of the collecting machine’s, in seconds: at least, at most',
  parameters: {},
  fields: () => ['offset-seconds'],
  probes: () => [],
  derive: (_request, { view }) => derive(view.evidence),
}
