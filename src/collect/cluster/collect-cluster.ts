import { apiResources, namespacePrefix } from '../../facts/cluster/resources.ts'
import type { CollectFailure } from '../../model/evidence.ts'
import type { NodeEvidence, RawAnswer, RawItem, RawList } from '../../model/node-evidence.ts'
import type { ApiServer } from './api.ts'
import { type Listing, listObjects } from './list.ts'
import { listNamespace } from './list-namespace.ts'
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
      .map((question) => async () => [await answerQuestion(server, question)]),
    ...listingsOf(plan.lists).map((listing) => async () => listOnce(server, listing, rights)),
    ...plan.lists
      .filter((id) => id.startsWith(namespacePrefix))
      .map((id) => async () => [await listNamespace(server, id)]),
  ]
  const total = waiting.length
  const answers: (RawList | RawAnswer)[] = [...rights.items]
  let done = 0
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (options.signal.aborted) return
      answers.push(...(await next()))
      done += 1
      options.progress(`${done} of ${total} parts of the cluster read`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return answers
}

/** The resources of a plan, those with the same objects together: they are asked for once. */
function listingsOf(ids: readonly string[]): readonly Listing[] {
  const listings = new Map<string, Listing>()
  for (const id of ids) {
    if (id.startsWith(namespacePrefix)) continue
    const resource = apiResources.get(id)
    if (resource === undefined) throw new Error(`nothing is known of the resource ${id}`)
    const key = `${resource.path} ${resource.metadataOnly}`
    const known = listings.get(key)
    listings.set(key, known === undefined ? [resource] : [...known, resource])
  }
  return [...listings.values()]
}

async function listOnce(server: ApiServer, listing: Listing, rights: Rights): Promise<readonly RawList[]> {
  const [resource] = listing
  // Not asked where it is known to be refused: a server logs every refusal.
  if (rights.mayList(resource)) return listObjects(server, listing)
  const word = resource.group === '' ? resource.name : `${resource.name}.${resource.group}`
  return listing.map(({ id }) => ({
    kind: 'list',
    id: `list:${id}`,
    resource: id,
    state: 'unavailable',
    reason: 'forbidden',
    detail: `the right to list ${word} is missing`,
  }))
}
