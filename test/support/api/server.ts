import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { metricsText } from './metrics.ts'
import type { ApiList, Recording } from './recordings.ts'
import type { Certificates } from './users.ts'

interface Rules {
  readonly status: {
    readonly incomplete: boolean
    readonly resourceRules: readonly {
      readonly verbs: readonly string[]
      readonly apiGroups: readonly string[]
      readonly resources: readonly string[]
      readonly resourceNames?: readonly string[]
    }[]
  }
}

/** One request as the server saw it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Common name of the client's certificate; `anon` without one. */
  readonly user: string
  readonly accept: string
  /** What the request carried to prove who asks, besides a certificate. */
  readonly authorization: string
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The body as it goes out to who takes gzip, where it was made before. It is not among what was sent. */
  readonly zipped?: Buffer
}

/** A fault to plant: an answer in place of the recorded one, `cut` to break the connection in the middle of it. */
export type Fault = (seen: Seen, nth: number) => Answer | 'cut' | 'cut-zipped' | 'hang' | undefined

export interface RunningServer {
  readonly url: string
  readonly seen: readonly Seen[]
  /** Bodies as they were sent, one text a request. */
  readonly sent: readonly string[]
  close(): Promise<void>
}

const status = (code: number, reason: string, message: string): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
})

/** `/api/v1/pods`, `/apis/apps/v1/deployments`, `/apis/apps/v1/namespaces/default/deployments`. */
const listPath =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)\/(?:namespaces\/(?<namespace>[^/]+)\/)?(?<resource>[a-z]+)$/

const holds = (words: readonly string[], wanted: string): boolean =>
  words.includes('*') || words.includes(wanted)

function mayList({ user, path }: Seen, recording: Recording): boolean {
  const { group = '', resource = '' } = listPath.exec(path)?.groups ?? {}
  const rules = recording.file<Rules>(`reviews/${user}.rules`)?.status
  if (rules?.incomplete === true) return true
  return (rules?.resourceRules ?? []).some(
    ({ verbs, apiGroups, resources, resourceNames }) =>
      holds(verbs, 'list') &&
      holds(apiGroups, group) &&
      holds(resources, resource) &&
      resourceNames === undefined,
  )
}

function metadataOnly(list: ApiList): ApiList {
  const items = list.items.map(({ metadata }) => ({ metadata }))
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: list.metadata, items }
}

/** One page, as `limit` and `continue` ask for it. */
function pageOf(list: ApiList, query: URLSearchParams): ApiList {
  const from = Number(Buffer.from(query.get('continue') ?? '', 'base64url').toString() || 0)
  const limit = Number(query.get('limit') ?? 0) || list.items.length
  const rest = list.items.length - from - limit
  const next = Buffer.from(String(from + limit)).toString('base64url')
  return {
    ...list,
    metadata: { ...list.metadata, ...(rest > 0 ? { continue: next, remainingItemCount: rest } : {}) },
    items: list.items.slice(from, from + limit),
  }
}

function listAnswer(seen: Seen, recording: Recording): Answer {
  const { resource = '', group = '', namespace } = listPath.exec(seen.path)?.groups ?? {}
  const whole = recording.objects(resource)
  const served = whole?.apiVersion.replace(/\/?[^/]+$/, '')
  if (whole === null || served !== group) return { status: 404, body: '404 page not found\n' }
  const items = whole.items.filter(
    ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
  )
  const list = { ...whole, items }
  if (seen.user === 'anon') return anonymousAnswer(seen, recording)
  if (!mayList(seen, recording)) {
    const text = `${resource} is forbidden: User "${seen.user}" cannot list resource "${resource}" in API group "${group}" at the cluster scope`
    return status(403, 'Forbidden', text)
  }
  const page = pageOf({ ...list, items }, seen.query)
  return {
    status: 200,
    body: seen.accept.includes('as=PartialObjectMetadataList') ? metadataOnly(page) : page,
  }
}

/** What a kubelet answers, which only the administrator may ask. */
function kubeletAnswer({ path, user }: Seen, recording: Recording): Answer {
  if (user !== 'admin')
    return status(403, 'Forbidden', `nodes is forbidden: User "${user}" cannot get resource "nodes/proxy"`)
  const text = recording.text(`node/kubelet.${path.endsWith('/configz') ? 'configz.json' : 'flagz.txt'}`)
  return text === null ? status(502, '', 'the kubelet is gone') : { status: 200, body: text }
}

/** One object out of a recorded list: `/api/v1/namespaces/default/endpoints/kubernetes`. */
function objectAt(path: string, recording: Recording): unknown {
  const [, namespace, resource = '', name] = /\/namespaces\/([^/]+)\/([a-z]+)\/([^/]+)$/.exec(path) ?? []
  const items = resource === '' ? [] : (recording.objects(resource)?.items ?? [])
  return items.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name)
}

function anonymousAnswer({ path }: Seen, recording: Recording): Answer {
  const code = recording.status(path, 'anon')
  return code === 200
    ? { status: 200, body: recording.file(path.slice(1).replaceAll('/', '-')) ?? {} }
    : status(code, '', '')
}

/** What the recorded API server answers. */
export function recordedAnswer(seen: Seen, recording: Recording): Answer {
  const { method, path, user } = seen
  if (method === 'POST' && path.endsWith('/selfsubjectreviews'))
    return { status: 201, body: recording.file(`reviews/${user}.self`) }
  if (method === 'POST' && path.endsWith('/selfsubjectrulesreviews'))
    return { status: 201, body: recording.file(`reviews/${user}.rules`) }
  if (method !== 'GET') return status(405, 'MethodNotAllowed', 'the server does not allow this method')
  if (path.includes('/proxy/')) return kubeletAnswer(seen, recording)
  if (listPath.test(path)) return listAnswer(seen, recording)
  if (user === 'anon') return anonymousAnswer(seen, recording)
  const one = objectAt(path, recording)
  if (one !== undefined) return { status: 200, body: one }
  if (path === '/metrics')
    return recording.status(path, user) === 200
      ? { status: 200, body: metricsText() }
      : status(403, 'Forbidden', `forbidden: User "${user}" cannot get path "/metrics"`)
  const isAggregated = path === '/apis' && seen.accept.includes('as=APIGroupDiscoveryList')
  const known = recording.file(isAggregated ? 'apis-aggregated' : path.slice(1).replaceAll('/', '-'))
  return known === null
    ? status(404, 'NotFound', 'the server could not find the requested resource')
    : { status: 200, body: known }
}

function seenOf(request: IncomingMessage): Seen {
  const url = new URL(request.url ?? '/', 'https://server')
  const socket = request.socket as TLSSocket
  const name: unknown = socket.authorized ? socket.getPeerCertificate().subject?.CN : undefined
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    user: typeof name === 'string' ? name : 'anon',
    accept: request.headers.accept ?? '',
    authorization: request.headers.authorization ?? '',
  }
}

/** Serves a recording over HTTPS on loopback; who asks is told by the client certificate, as a real API server does. */
export async function serve(
  recording: Recording,
  certificates: Certificates,
  fault: Fault = () => undefined,
): Promise<RunningServer> {
  const seen: Seen[] = []
  const sent: string[] = []
  const times = new Map<string, number>()
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const one = seenOf(request)
    seen.push(one)
    const nth = (times.get(one.path) ?? 0) + 1
    times.set(one.path, nth)
    const planted = fault(one, nth)
    if (planted === 'hang') return
    const {
      status: code,
      body,
      headers = {},
    } = typeof planted !== 'object' ? recordedAnswer(one, recording) : planted
    if (typeof planted === 'object' && planted.zipped !== undefined) {
      response.writeHead(code, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(planted.zipped)
      return
    }
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    sent.push(text)
    const type = { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers }
    if (planted === 'cut' || planted === 'cut-zipped') {
      const whole = planted === 'cut' ? Buffer.from(text) : gzipSync(text)
      const encoding = planted === 'cut' ? {} : { 'content-encoding': 'gzip' }
      response.writeHead(code, { ...type, ...encoding, 'content-length': whole.length })
      response.write(whole.subarray(0, whole.length / 2), () => response.socket?.destroy())
      return
    }
    const isZipped = (request.headers['accept-encoding'] ?? '').includes('gzip') && text.length > 128 * 1024
    response.writeHead(code, isZipped ? { ...type, 'content-encoding': 'gzip' } : type)
    response.end(isZipped ? gzipSync(text) : text)
  }
  const { ca, server: own } = certificates
  const server = createServer(
    { ca, cert: own.certificate, key: own.key, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      request.resume().on('end', () => answer(request, response))
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}`,
    seen,
    sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
