import { flagAt, listAt, textAt, textsAt } from '../../facts/cluster/json.ts'
import type { CollectFailure } from '../../model/evidence.ts'
import type { ApiReply, ApiServer } from './api.ts'
import { failureOf } from './failure.ts'

/** A namespaced resource whose objects can be listed. */
export interface ServedResource {
  readonly group: string
  readonly version: string
  readonly name: string
  readonly kind: string
}

/** What the server says it serves. */
export type Discovered =
  | {
      readonly kind: 'discovered'
      readonly resources: readonly ServedResource[]
      /** Groups that another server answers for, and it does not. */
      readonly silent: readonly string[]
    }
  | { readonly kind: 'failed'; readonly reason: CollectFailure; readonly detail: string }

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

/** Objects that can be neither made nor removed are measurements, not somebody's objects. */
function isStored(verbs: readonly string[]): boolean {
  return verbs.includes('list') && (verbs.includes('create') || verbs.includes('delete'))
}

function faultOf(reply: ApiReply, path: string): Extract<Discovered, { kind: 'failed' }> | undefined {
  if (reply.kind === 'failed') return reply
  if (reply.kind === 'too-large')
    return { kind: 'failed', reason: 'truncated', detail: `what ${path} answers is larger than is taken` }
  return reply.status === 200 ? undefined : { kind: 'failed', ...failureOf(reply, `get ${path}`) }
}

/** Of an APIResourceList. */
function resourcesIn(body: unknown, group: string, version: string): readonly ServedResource[] {
  return listAt(body, 'resources').flatMap((one) => {
    const name = textAt(one, 'name') ?? ''
    if (flagAt(one, 'namespaced') !== true || name.includes('/') || !isStored(textsAt(one, 'verbs')))
      return []
    return [{ group, version, name, kind: textAt(one, 'kind') ?? name }]
  })
}

/** Of one group of an APIGroupDiscoveryList; versions come in the server's order of preference. */
function resourcesOf(item: unknown): readonly ServedResource[] {
  const group = textAt(item, 'metadata', 'name') ?? ''
  const found = new Map<string, ServedResource>()
  for (const one of listAt(item, 'versions')) {
    const version = textAt(one, 'version') ?? ''
    for (const resource of listAt(one, 'resources')) {
      const name = textAt(resource, 'resource') ?? ''
      const isWanted =
        textAt(resource, 'scope') === 'Namespaced' && isStored(textsAt(resource, 'verbs')) && !found.has(name)
      if (isWanted)
        found.set(name, { group, version, name, kind: textAt(resource, 'responseKind', 'kind') ?? name })
    }
  }
  return [...found.values()]
}

function isSilent(item: unknown): boolean {
  return listAt(item, 'versions').some((one) => textAt(one, 'freshness') === 'Stale')
}

/** Servers before 1.27 are asked group by group. */
async function discoverSingly(server: ApiServer, groups: readonly unknown[]): Promise<Discovered> {
  const resources: ServedResource[] = []
  const silent: string[] = []
  for (const item of groups) {
    const group = textAt(item, 'name') ?? ''
    const version = textAt(item, 'preferredVersion', 'version') ?? ''
    const path = `/apis/${group}/${version}`
    const reply = await server.ask({ path })
    if (reply.kind === 'answered' && reply.status === 200)
      resources.push(...resourcesIn(reply.body, group, version))
    else silent.push(group)
  }
  return { kind: 'discovered', resources, silent }
}

/** Every namespaced resource of the server whose objects can be listed, each once, in one version. */
export async function discover(server: ApiServer): Promise<Discovered> {
  const core = await server.ask({ path: '/api/v1' })
  const groups = await server.ask({ path: '/apis', accept: aggregated })
  const fault = faultOf(core, '/api/v1') ?? faultOf(groups, '/apis')
  if (fault !== undefined) return fault
  const body = groups.kind === 'answered' ? groups.body : undefined
  const items = listAt(body, 'items')
  const rest: Discovered =
    textAt(body, 'kind') === 'APIGroupDiscoveryList'
      ? {
          kind: 'discovered',
          resources: items.flatMap(resourcesOf),
          silent: items.filter(isSilent).map((item) => textAt(item, 'metadata', 'name') ?? ''),
        }
      : await discoverSingly(server, listAt(body, 'groups'))
  if (rest.kind === 'failed') return rest
  const own = core.kind === 'answered' ? resourcesIn(core.body, '', 'v1') : []
  return { ...rest, resources: [...own, ...rest.resources] }
}
