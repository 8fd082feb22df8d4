import type { ApiQuestion, ApiReply, ApiServer } from './api.ts'
import type { Credentials } from './kubeconfig.ts'
import { type Sent, send } from './request.ts'

export interface ServerOptions {
  /** Until a connection stands. */
  readonly connectTimeoutMs: number
  /** For one answer. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** 0 to 1, for the jitter between two tries. */
  readonly random: () => number
}

/** One answer, a page of a list included. A page that is larger is asked for again with fewer objects. */
const mostBytes = 32 * 1024 * 1024

const firstWaitMs = 500

// An answer that stays an error after this many tries is the answer; only "come back later" is tried for longer.
const mostTries = 5

const worthAnotherTry = new Set([429, 500, 502, 503, 504])

// Asking again does not change whether a name resolves, a port answers or a certificate is trusted.
const isPassing = (sent: Sent): boolean =>
  sent.kind === 'answered'
    ? worthAnotherTry.has(sent.status)
    : sent.kind === 'failed' && sent.reason === 'disconnected'

const isRefused = (sent: Sent): boolean => sent.kind === 'answered' && sent.status === 401

const isThrottled = (sent: Sent): boolean => sent.kind === 'answered' && sent.status === 429

/** An API server as the user of a kubeconfig sees it. Trouble that may pass is waited out, within a budget. */
export function createApiServer(credentials: Credentials, options: ServerOptions): ApiServer {
  // All waiting of a run: a server in trouble is not asked for ever.
  let patience = options.timeoutMs
  const once = async (question: ApiQuestion): Promise<Sent> => {
    const { method = 'GET', path, accept = 'application/json', body, only, isAnonymous = false } = question
    try {
      return await send({
        url: new URL(`${credentials.url}${path}`),
        method,
        accept,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(only === undefined ? {} : { only }),
        options: isAnonymous ? await credentials.anonymous() : await credentials.options(),
        connectTimeoutMs: options.connectTimeoutMs,
        timeoutMs: options.timeoutMs,
        maxBytes: mostBytes,
        signal: options.signal,
      })
    } catch (cause) {
      // The plugin or the files that hold the credentials failed.
      const why = cause instanceof Error ? cause.message : String(cause)
      return { kind: 'failed', reason: 'unauthenticated', detail: `the credentials cannot be had: ${why}` }
    }
  }
  return {
    url: credentials.url,
    name: credentials.context,
    ask: async (question): Promise<ApiReply> => {
      let wait = firstWaitMs
      let isRenewed = false
      for (let tries = 1; ; tries++) {
        const sent = await once(question)
        if (isRefused(sent) && question.isAnonymous !== true && !isRenewed && credentials.renew()) {
          isRenewed = true
          continue
        }
        if (question.isPassedOn === true || !isPassing(sent) || options.signal.aborted) return sent
        if (tries >= mostTries && !isThrottled(sent)) return sent
        const asked = 'retryAfterMs' in sent ? (sent.retryAfterMs ?? 0) : 0
        // Never sooner than asked, and not all at the same moment.
        const pause = Math.max(asked, wait * (0.5 + options.random()))
        if (pause > patience) return sent
        patience -= pause
        wait *= 2
        await waitFor(pause, options.signal)
      }
    },
    close: () => credentials.close(),
  }
}

/** Waits, and no longer than until the run is stopped. */
function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
