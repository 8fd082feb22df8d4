import { apiResources } from '../../facts/cluster/resources.ts'
import type { CollectFailure } from '../../model/evidence.ts'
import type { NodeEvidence, RawAnswer, RawItem, RawList } from '../../model/node-evidence.ts'
import type { ApiServer } from './api.ts'
import { listObjects } from './list.ts'
import type { ClusterPlan } from './plan.ts'
import { answerQuestion } from './questions.ts'
import { type Rights, readRights } from './rights.ts'

export interface ClusterOptions {
  /** What the person called the target. */
  readonly target: string
  /** UTC, ISO 8601: the collecting machine's clock. */
  readonly collectedAt: string
  readonly signal: AbortSignal
  readonly progress: (what: string) => void
}

/** A server that answers the first question like this is not asked the others. */
const endings: ReadonlySet<CollectFailure> = new Set([
  'unreachable',
  'timed-out',
  'disconnected',
  'unauthenticated',
  'throttled',
  'server-failed',
  'unparsable',
  'interrupted',
])

// Enough to hide latency; a server with many users keeps room for them.
const atOnce = 4

/** Asks one cluster everything in the plan, and says what came back. Never throws for a server's troubles. */
export async function collectCluster(
  server: ApiServer,
  plan: ClusterPlan,
  options: ClusterOptions,
): Promise<NodeEvidence> {
  const first = await answerQuestion(server, 'GET /version')
  const fault = first.state === 'unavailable' && endings.has(first.reason) ? first : undefined
  const items: RawItem[] = fault === undefined ? [first, ...(await askAll(server, plan, options))] : [first]
  const detail = fault?.detail
  return {
    target: options.target,
    name: server.name,
    carrier: 'api',
    about: 'cluster',
    offline: false,
    collectedAt: options.collectedAt,
    nodeClock: null,
    uid: null,
    scriptDigest: '',
    end: options.signal.aborted ? 'interrupted' : (fault?.reason ?? 'complete'),
    ...(detail === undefined ? {} : { endDetail: detail }),
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

async function askAll(
  server: ApiServer,
  plan: ClusterPlan,
  options: ClusterOptions,
): Promise<readonly (RawList | RawAnswer)[]> {
  const rights = await readRights(server)
  const waiting = [
    ...plan.questions
      .filter((question) => question !== 'GET /version')
      .map((question) => async () => answerQuestion(server, question)),
    ...plan.lists.map((id) => async () => listOne(server, id, rights)),
  ]
  const total = waiting.length
  const answers: (RawList | RawAnswer)[] = [...rights.items]
  let done = 0
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (options.signal.aborted) return
      answers.push(await next())
      done += 1
      options.progress(`${done} of ${total} parts of the cluster read`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return answers
}

async function listOne(server: ApiServer, id: string, rights: Rights): Promise<RawList> {
  const about = { kind: 'list', id: `list:${id}`, resource: id } as const
  const resource = apiResources.get(id)
  if (resource === undefined)
    return { ...about, state: 'unavailable', reason: 'not-collected', detail: `nothing is known of ${id}` }
  // Not asked where it is known to be refused: a server logs every refusal.
  if (rights.mayList(resource)) return listObjects(server, resource)
  const word = resource.group === '' ? resource.name : `${resource.name}.${resource.group}`
  return {
    ...about,
    state: 'unavailable',
    reason: 'forbidden',
    detail: `the right to list ${word} is missing`,
  }
}
