import type { Fact } from '../../model/evidence.ts'
import { unavailable } from '../../model/evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { gapOf, sourceOf } from '../files/raw-source.ts'
import { inspectionFact, inspectionFields } from './inspection.ts'
import { listAt, textAt, textsAt } from './json.ts'

const question = 'GET /metrics'

function derive({ view }: NodeContext): Fact {
  const answer = view.answer(question)
  const source = sourceOf(answer)
  const base = { lookedAt: 0, offending: [], noted: [], exempted: [], source }
  if (answer.state === 'unavailable')
    return inspectionFact({
      ...base,
      gaps: [gapOf(answer, 'the metrics of the API server could not be read')],
    })
  const known = answer.state === 'observed' ? textsAt(answer.body, 'plugins') : []
  // Counters of admission are there from the first request on: without them these are other metrics.
  if (answer.state === 'absent' || known.length === 0) {
    const detail = 'the API server does not show its metrics'
    return inspectionFact({ ...base, gaps: [unavailable('unrecognised', source, detail)] })
  }
  const offending = listAt(answer.body, 'deprecated').map((one) => ({
    on: { kind: 'API', name: textAt(one, 'api') ?? '' },
    because: `was asked for and is removed in Kubernetes ${textAt(one, 'removed') || 'a later version'}`,
  }))
  return inspectionFact({ ...base, lookedAt: 1, offending, gaps: [] })
}

/** APIs that are on their way out and somebody still uses. */
export const deprecatedRequests: FactKind = {
  kind: 'deprecated-requests',
  about: 'cluster',
  title: 'Deprecated APIs that were asked for since the API server that answered was started',
  parameters: {},
  fields: () => inspectionFields,
  probes: () => [{ kind: 'answer', question }],
  derive: (_request, node) => derive(node),
}
