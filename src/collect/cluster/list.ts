import { textAt } from '../../facts/cluster/json.ts'
import type { ApiResource } from '../../facts/cluster/resources.ts'
import { isRecord, lookUp } from '../../facts/text/document.ts'
import type { CollectFailure } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { RawList } from '../../model/node-evidence.ts'
import type { ApiReply, ApiServer } from './api.ts'
import { failureOf, saysNotServed } from './failure.ts'

/** How many objects are asked for at once; halved where an answer is too large. */
const firstPage = 500

// A list whose continue token expired begins anew. More often than this, the server forgets faster than it answers.
const mostRestarts = 3

/** Views of one resource: they share its path, and whether whole objects are asked for. */
export type Listing = readonly [ApiResource, ...ApiResource[]]

type Told =
  | Unlisted
  | { readonly state: 'observed'; readonly objects: readonly Json[]; readonly count: number }

// A server that filters may send a few pages with nothing on them, and a cluster has an end.
const mostEmpty = 20
const mostObjects = 2_000_000

type Page =
  | { readonly kind: 'page'; readonly items: readonly unknown[]; readonly next: string }
  | { readonly kind: 'expired' | 'too-large' | 'absent' }
  | { readonly kind: 'failed'; readonly reason: CollectFailure; readonly detail: string }

function acceptOf({ metadataOnly }: ApiResource): string {
  return metadataOnly
    ? 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
    : 'application/json'
}

function pageOf(reply: ApiReply, resource: ApiResource): Page {
  if (reply.kind !== 'answered') return reply
  const { status, body } = reply
  if (status === 410) return { kind: 'expired' }
  if (saysNotServed(reply)) return { kind: 'absent' }
  if (status !== 200) return { kind: 'failed', ...failureOf(reply, `list ${named(resource)}`) }
  const kind = textAt(body, 'kind') ?? ''
  const items = lookUp(body, ['items'])
  if (kind === '' || !kind.endsWith('List') || (!Array.isArray(items) && items !== null))
    return { kind: 'failed', reason: 'unparsable', detail: `what it sent for ${resource.id} is no list` }
  const listed: readonly unknown[] = items ?? []
  // A server that does not know the form that was asked for sends whole objects: they are not kept.
  if (resource.metadataOnly && (kind !== 'PartialObjectMetadataList' || listed.some(isWhole)))
    return {
      kind: 'failed',
      reason: 'server-failed',
      detail: `it sent whole ${resource.name}, not their metadata`,
    }
  return { kind: 'page', items: listed, next: textAt(body, 'metadata', 'continue') ?? '' }
}

const isWhole = (object: unknown): boolean =>
  isRecord(object) && (Object.hasOwn(object, 'data') || Object.hasOwn(object, 'stringData'))

/** As rights name it: `deployments.apps`. */
function named({ name, group }: ApiResource): string {
  return group === '' ? name : `${name}.${group}`
}

type Unlisted =
  | { readonly state: 'absent' }
  | { readonly state: 'unavailable'; readonly reason: CollectFailure; readonly detail: string }

/** What goes wrong ends a list; what only came too late begins it anew. */
function unlisted(page: Exclude<Page, { kind: 'page' | 'expired' }>): Unlisted {
  if (page.kind === 'absent') return { state: 'absent' }
  if (page.kind === 'failed') return { state: 'unavailable', reason: page.reason, detail: page.detail }
  return { state: 'unavailable', reason: 'truncated', detail: 'one object is larger than is taken' }
}

type Outcome =
  | { readonly kind: 'all'; readonly objects: readonly (readonly Json[])[]; readonly count: number }
  | Exclude<Page, { readonly kind: 'page' }>

/** All pages of a list, from its first, for all views of it. The next page is asked for while one is being cut down. */
async function readPages(server: ApiServer, views: Listing): Promise<Outcome> {
  const [resource] = views
  const readers = views.map(({ reader }) => reader())
  const ask = async (limit: number, next: string): Promise<Page> =>
    pageOf(await server.ask({ path: pathOf(resource, limit, next), accept: acceptOf(resource) }), resource)
  const take = (items: readonly unknown[]): void => {
    for (const item of items) for (const reader of readers) reader.add(item)
  }
  const seen = new Set<string>()
  let limit = firstPage
  let count = 0
  let empty = 0
  let next = ''
  let coming = ask(limit, next)
  for (;;) {
    const page = await coming
    if (page.kind === 'too-large' && limit > 1) {
      limit = Math.ceil(limit / 8)
      coming = ask(limit, next)
      continue
    }
    // What was served a page ago does not turn into something that never was.
    if (page.kind === 'absent' && next !== '')
      return { kind: 'failed', reason: 'server-failed', detail: 'the rest of the list was not found (404)' }
    if (page.kind !== 'page') return page
    next = page.next
    count += page.items.length
    empty = page.items.length === 0 ? empty + 1 : 0
    if (seen.has(next) || empty > mostEmpty || count > mostObjects)
      return { kind: 'failed', reason: 'server-failed', detail: 'it sent pages without end' }
    if (next === '') {
      take(page.items)
      return { kind: 'all', objects: readers.map((reader) => reader.finish()), count }
    }
    seen.add(next)
    coming = ask(limit, next)
    take(page.items)
  }
}

/** Every object of one listing for all who look at it, a page at a time; only what is kept stays in memory. */
export async function listObjects(server: ApiServer, views: Listing): Promise<readonly RawList[]> {
  const each = (told: (view: number) => Told): readonly RawList[] =>
    views.map(({ id }, index) => ({ kind: 'list', id: `list:${id}`, resource: id, ...told(index) }))
  for (let restarts = 0; restarts <= mostRestarts; restarts++) {
    const found = await readPages(server, views)
    if (found.kind === 'all')
      return each((index) => ({
        state: 'observed',
        objects: found.objects[index] ?? [],
        count: found.count,
      }))
    if (found.kind !== 'expired') {
      const told = unlisted(found)
      return each(() => told)
    }
  }
  const detail = 'the server forgot the list again and again before it was sent'
  return each(() => ({ state: 'unavailable', reason: 'changed-while-reading', detail }))
}

function pathOf({ path }: ApiResource, limit: number, next: string): string {
  const query = new URLSearchParams({ limit: String(limit) })
  if (next !== '') query.set('continue', next)
  return `${path}?${query.toString()}`
}
