import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { createGunzip } from 'node:zlib'
import { oneLine } from '../carriers/one-line.ts'
import type { ApiReply } from './api.ts'

/** One request as it goes out. */
export interface Sending {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly accept: string
  readonly body?: string
  /** Lines of an answer to keep, by how they begin; all of it when not given. */
  readonly only?: readonly string[]
  readonly options: RequestOptions
  readonly connectTimeoutMs: number
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** An answer with what it says about asking again. */
export type Sent = ApiReply & { readonly retryAfterMs?: number }

/** What a fault of the connection means; the code is Node's. */
function faultOf(cause: unknown, sending: Sending): Sent {
  if (sending.signal.aborted) return { kind: 'failed', reason: 'interrupted', detail: 'the run was stopped' }
  const { code, message } = described(cause)
  const where = sending.url.host
  if (code === 'KHARD_TIMEOUT') return { kind: 'failed', reason: 'timed-out', detail: message }
  if (/^(?:ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|Z_BUF_ERROR|HPE_)/.test(code))
    return {
      kind: 'failed',
      reason: 'disconnected',
      detail: `the connection to ${where} ended before all was sent`,
    }
  if (/KEY_VALUES_MISMATCH|ERR_OSSL|ERR_TLS/.test(code) && !/ALTNAME/.test(code))
    return { kind: 'failed', reason: 'unauthenticated', detail: faultOfPair(code, message) }
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME|SIGNATURE/.test(code))
    return {
      kind: 'failed',
      reason: 'unreachable',
      detail: `the certificate of ${where} is not trusted with the CA of the kubeconfig (${message})`,
    }
  return { kind: 'failed', reason: 'unreachable', detail: `${where} cannot be reached (${message})` }
}

function faultOfPair(code: string, message: string): string {
  return code.includes('KEY_VALUES_MISMATCH')
    ? 'the client key of the kubeconfig does not belong to its client certificate'
    : `a certificate or key of the kubeconfig cannot be used (${message})`
}

function described(cause: unknown): { readonly code: string; readonly message: string } {
  if (!(cause instanceof Error)) return { code: '', message: oneLine(String(cause)) }
  const code = 'code' in cause ? String(cause.code) : ''
  return { code, message: oneLine(cause.message || code) }
}

class Late extends Error {
  readonly code = 'KHARD_TIMEOUT'
}

/** Seconds, or a date. */
function retryAfterOf(response: IncomingMessage): number | undefined {
  const said = response.headers['retry-after'] ?? ''
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now()
  return ms >= 0 ? ms : undefined
}

/** Sends one request and takes the whole answer, at most `maxBytes` of it. Never throws for what the server does. */
export async function send(sending: Sending): Promise<Sent> {
  try {
    const response = await answer(sending)
    const bytes = await bodyOf(response, sending)
    if (bytes === null) return { kind: 'too-large' }
    const retryAfterMs = retryAfterOf(response)
    const status = response.statusCode ?? 0
    return {
      kind: 'answered',
      status,
      body: parsed(bytes.toString('utf8')),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  } catch (cause) {
    return faultOf(cause, sending)
  }
}

function answer(sending: Sending): Promise<IncomingMessage> {
  const { url, method, accept, body, options, connectTimeoutMs, timeoutMs, signal } = sending
  const headers = {
    ...options.headers,
    accept,
    'accept-encoding': 'gzip',
    'user-agent': 'khard',
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  }
  const start = url.protocol === 'http:' ? httpRequest : httpsRequest
  return new Promise((resolve, reject) => {
    const outgoing = start(url, { ...options, method, headers, signal })
    const late = (what: string, ms: number): NodeJS.Timeout =>
      setTimeout(() => outgoing.destroy(new Late(`${what} within ${ms / 1000} s`)), ms)
    const whole = late(`${url.host} did not answer`, timeoutMs)
    const connecting = late(`${url.host} did not let us in`, connectTimeoutMs)
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) clearTimeout(connecting)
      else socket.once(url.protocol === 'http:' ? 'connect' : 'secureConnect', () => clearTimeout(connecting))
    })
    outgoing.on('close', () => {
      clearTimeout(whole)
      clearTimeout(connecting)
    })
    outgoing.on('response', resolve)
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

async function bodyOf(
  response: IncomingMessage,
  { only, maxBytes }: Pick<Sending, 'only' | 'maxBytes'>,
): Promise<Buffer | null> {
  const isZipped = response.headers['content-encoding'] === 'gzip'
  const plain = isZipped ? response.pipe(createGunzip()) : response
  if (isZipped) response.on('error', (fault) => plain.destroy(fault))
  const chunks: Buffer[] = []
  let length = 0
  const stream: AsyncIterable<Buffer> =
    only === undefined || response.statusCode !== 200 ? plain : linesOf(plain, only)
  for await (const chunk of stream) {
    length += chunk.length
    if (length > maxBytes) {
      response.destroy()
      return null
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

// No line anybody asks for is longer; what is, is let go of.
const longestLine = 64 * 1024

/** The lines that begin like one of `only`, as they come: what stands between them is never held. */
async function* linesOf(chunks: AsyncIterable<Buffer>, only: readonly string[]): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()?.slice(0, longestLine) ?? ''
    const kept = lines.filter((line) => only.some((start) => line.startsWith(start)))
    if (kept.length > 0) yield Buffer.from(`${kept.join('\n')}\n`)
  }
  if (only.some((start) => rest.startsWith(start))) yield Buffer.from(`${rest}\n`)
}

/** JSON, or the text itself where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
