import { apiServersPath } from '../../facts/cluster/api-server-nodes.ts'
import { listAt, textAt } from '../../facts/cluster/json.ts'
import { counterNames, cutCounters } from '../../facts/cluster/objects/counters.ts'
import type { Json } from '../../model/finding.ts'
import type { RawAnswer } from '../../model/node-evidence.ts'
import type { ApiServer } from './api.ts'
import { failureOf } from './failure.ts'

/** Every address the API server is served at. */
function addressesIn(endpoints: unknown): Json {
  const addresses = listAt(endpoints, 'subsets').flatMap((subset) => listAt(subset, 'addresses'))
  return addresses.flatMap((one) => textAt(one, 'ip') ?? [])
}

/** What is kept of an answer; of any other question only the status. */
const kept: { readonly [path: string]: (body: unknown) => Json } = {
  '/version': (body) => ({ gitVersion: textAt(body, 'gitVersion') ?? '' }),
  [apiServersPath]: addressesIn,
  '/metrics': cutCounters,
  '/apis': (body) => listAt(body, 'groups').flatMap((group) => textAt(group, 'name') ?? []),
}

/** Asks one question: `GET /version`. `anonymous GET /api` goes without credentials, and any status is its answer. */
export async function answerQuestion(server: ApiServer, question: string): Promise<RawAnswer> {
  const about = { kind: 'answer', id: `answer:${question}`, question } as const
  const isAnonymous = question.startsWith('anonymous ')
  const path = question.slice(question.indexOf('/'))
  const only = path === '/metrics' ? counterNames : undefined
  const reply = await server.ask({ path, isAnonymous, ...(only === undefined ? {} : { only }) })
  if (reply.kind === 'too-large') return { ...about, state: 'unavailable', reason: 'truncated' }
  if (reply.kind === 'failed')
    return { ...about, state: 'unavailable', reason: reply.reason, detail: reply.detail }
  const { status, body } = reply
  if (isAnonymous) return { ...about, state: 'observed', status, body: null }
  if (status === 404) return { ...about, state: 'absent' }
  if (status !== 200) return { ...about, state: 'unavailable', ...failureOf(reply, `get ${path}`) }
  return { ...about, state: 'observed', status, body: kept[path]?.(body) ?? null }
}
