import { apiServersPath } from '../../facts/cluster/api-server-nodes.ts'
import { listAt, textAt } from '../../facts/cluster/json.ts'
import { counterNames, cutCounters } from '../../facts/cluster/objects/counters.ts'
import { isRecord } from '../../facts/text/document.ts'
import type { Json } from '../../model/finding.ts'
import type { RawAnswer } from '../../model/node-evidence.ts'
import type { ApiServer } from './api.ts'
import { failureOf, saysNotServed } from './failure.ts'

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

const noApiServer = (url: string): string => `what answers at ${url} is no Kubernetes API server`

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
  // A login page in front of the server says 200 to anybody; the server itself answers in JSON.
  if (isAnonymous && status === 200 && !isRecord(body))
    return { ...about, state: 'unavailable', reason: 'unparsable', detail: noApiServer(server.url) }
  if (isAnonymous) return { ...about, state: 'observed', status, body: null }
  if (saysNotServed(reply)) return { ...about, state: 'absent' }
  if (status !== 200) return { ...about, state: 'unavailable', ...failureOf(reply, `get ${path}`) }
  // A proxy's page says 200 as well; of counters it has none, and an API server always counts.
  const isAnswer = only === undefined ? isRecord(body) : typeof body === 'string' && body.trim() !== ''
  if (!isAnswer)
    return { ...about, state: 'unavailable', reason: 'unparsable', detail: noApiServer(server.url) }
  return { ...about, state: 'observed', status, body: kept[path]?.(body) ?? null }
}
