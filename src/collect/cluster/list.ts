import { listAt, textAt } from '../../facts/cluster/json.ts'
import type { ApiResource } from '../../facts/cluster/resources.ts'
import type { CollectFailure } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { RawList } from '../../model/node-evidence.ts'
import type { ApiReply, ApiServer } from './api.ts'
import { failureOf } from './failure.ts'

/** How many objects are asked for at once; halved where an answer is too large. */
const firstPage = 500

// A list whose continue token expired begins anew. More often than this, the server forgets faster than it answers.
const mostRestarts = 3

/** Views of one resource: they share its path, and whether whole objects are asked for. */
export type Listing = readonly [ApiResource, ...ApiResource[]]

type Told =
  | Unlisted
  | { readonly state: 'observed'; readonly objects: readonly Json[]; readonly count: number }

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
  if (status === 404) return { kind: 'absent' }
  if (status !== 200) return { kind: 'failed', ...failureOf(reply, `list ${named(resource)}`) }
  const kind = textAt(body, 'kind') ?? ''
  // A server that does not know the form that was asked for sends whole objects: they are not kept.
  if (resource.metadataOnly && kind !== 'PartialObjectMetadataList')
    return {
      kind: 'failed',
      reason: 'server-failed',
      detail: `it sent whole ${resource.name}, not their metadata`,
    }
  if (!kind.endsWith('List'))
    return { kind: 'failed', reason: 'unparsable', detail: `what it sent for ${resource.id} is no list` }
  return { kind: 'page', items: listAt(body, 'items'), next: textAt(body, 'metadata', 'continue') ?? '' }
}

/** As rights name it: `deployments.apps`. */
function named({ name, group }: ApiResource): string {
  return group === '' ? name : `${name}.${group}`
}

type Unlisted =
  | { readonly state: 'absent' }
  | { readonly state: 'unavailable'; readonly reason: CollectFailure; readonly detail: string }

/** What goes wrong ends a list; what only came too late or too large begins it anew. */
function unlisted(page: Exclude<Page, { kind: 'page' | 'expired' }>): Unlisted {
  if (page.kind === 'absent') return { state: 'absent' }
  if (page.kind === 'failed') return { state: 'unavailable', reason: page.reason, detail: page.detail }
  return { state: 'unavailable', reason: 'truncated', detail: 'one object is larger than is taken' }
}

/** Every object of one listing for all who look at it, a page at a time; only what is kept stays in memory. */
export async function listObjects(
  server: ApiServer,
  [resource, ...others]: Listing,
): Promise<readonly RawList[]> {
  const views = [resource, ...others]
  const each = (told: (reader: number) => Told): readonly RawList[] =>
    views.map(({ id }, index) => ({ kind: 'list', id: `list:${id}`, resource: id, ...told(index) }))
  let limit = firstPage
  for (let restarts = 0; restarts <= mostRestarts; restarts++) {
    const readers = views.map(({ reader }) => reader())
    let count = 0
    let next = ''
    let page: Page
    do {
      page = pageOf(
        await server.ask({ path: pathOf(resource, limit, next), accept: acceptOf(resource) }),
        resource,
      )
      if (page.kind === 'too-large' && limit > 1) {
        limit = Math.ceil(limit / 8)
        continue
      }
      if (page.kind !== 'page') break
      for (const item of page.items) for (const reader of readers) reader.add(item)
      count += page.items.length
      next = page.next
    } while (page.kind !== 'page' || next !== '')
    if (page.kind === 'page')
      return each((index) => ({ state: 'observed', objects: readers[index]?.finish() ?? [], count }))
    if (page.kind !== 'expired') {
      const told = unlisted(page)
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
