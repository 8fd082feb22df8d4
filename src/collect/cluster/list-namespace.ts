import { cutOwned } from '../../facts/cluster/objects/owned.ts'
import { eachBy } from '../../facts/cluster/objects/reader.ts'
import { namespacePrefix } from '../../facts/cluster/resources.ts'
import type { Json } from '../../model/finding.ts'
import type { RawList } from '../../model/node-evidence.ts'
import type { ApiServer } from './api.ts'
import { discover, type ServedResource } from './discover.ts'
import { listObjects } from './list.ts'
import { readListRights } from './rights.ts'

// Traces that come and go by themselves, in any namespace: nobody puts them there.
const traces: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io', 'leases.coordination.k8s.io'])

/** As rights name it: `deployments.apps`. */
function wordOf({ group, name }: ServedResource): string {
  return group === '' ? name : `${name}.${group}`
}

function pathIn(namespace: string, { group, version, name }: ServedResource): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${name}`
}

interface Part {
  readonly objects: readonly Json[]
  readonly count: number
}

/** One that cannot be listed is said so in the list: nothing is known of its objects, and all of the others. */
function unseen(served: ServedResource, reason: string, detail: string): Part {
  return { objects: [{ resource: wordOf(served), unlisted: reason, detail }], count: 0 }
}

async function listOne(server: ApiServer, namespace: string, served: ServedResource): Promise<Part> {
  const { group, version, name, kind } = served
  const id = `${group}/${version}/${name}`
  const path = pathIn(namespace, served)
  const reader = eachBy(cutOwned(kind))
  const [list] = await listObjects(server, [{ id, group, name, path, metadataOnly: true, reader }])
  // A resource that is gone since it was announced has no objects.
  if (list === undefined || list.state === 'absent') return { objects: [], count: 0 }
  return list.state === 'observed'
    ? { objects: list.objects, count: list.count }
    : unseen(served, list.reason, list.detail ?? '')
}

/** Everything in one namespace: every resource the server says it has there, metadata only. */
export async function listNamespace(server: ApiServer, id: string): Promise<RawList> {
  const about = { kind: 'list', id: `list:${id}`, resource: id } as const
  const namespace = id.slice(namespacePrefix.length)
  const discovered = await discover(server)
  if (discovered.kind === 'failed')
    return { ...about, state: 'unavailable', reason: discovered.reason, detail: discovered.detail }
  const mayList = await readListRights(server, namespace)
  const objects: Json[] = discovered.silent.map((group) => ({
    resource: group,
    unlisted: 'unreachable',
    detail: `the server cannot say what ${group} holds`,
  }))
  let count = 0
  for (const served of discovered.resources) {
    const word = wordOf(served)
    if (traces.has(word)) continue
    const part = mayList(served)
      ? await listOne(server, namespace, served)
      : unseen(served, 'forbidden', `the right to list ${word} in ${namespace} is missing`)
    objects.push(...part.objects)
    count += part.count
  }
  return { ...about, state: 'observed', objects, count }
}
