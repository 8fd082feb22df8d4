import type { Fact } from '../../model/evidence.ts'
import { absent, noSource, observed, unavailable } from '../../model/evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { sourceOf } from '../files/raw-source.ts'

/** Paths that are asked for without credentials: a piece of information, and what opens the API. */
const asked = { version: '/version', api: '/api' } as const

function statusOf(path: string, { view }: NodeContext): Fact {
  const answer = view.answer(`anonymous GET ${path}`)
  const source = sourceOf(answer)
  if (answer.state === 'observed') return observed(answer.status, source)
  return answer.state === 'absent' ? absent(source) : unavailable(answer.reason, source, answer.detail)
}

/** What the API server answers somebody without credentials, tried for real. */
export const anonymousAnswers: FactKind = {
  kind: 'anonymous-answers',
  about: 'cluster',
  title: 'HTTP status of the API server’s answers to requests without credentials: /version and /api',
  parameters: {},
  fields: () => Object.keys(asked),
  probes: () =>
    Object.values(asked).map((path) => ({ kind: 'answer', question: `anonymous GET ${path}` }) as const),
  derive: (_request, node) =>
    observed(
      Object.fromEntries(Object.entries(asked).map(([name, path]) => [name, statusOf(path, node)])),
      noSource,
    ),
}
