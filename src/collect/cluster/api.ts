import type { CollectFailure } from '../../model/evidence.ts'

/** How a question to the API server ended. */
export type ApiReply =
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'failed'; readonly reason: CollectFailure; readonly detail: string }
  /** The answer is larger than is taken in one piece. */
  | { readonly kind: 'too-large' }

export interface ApiQuestion {
  readonly method?: 'GET' | 'POST'
  /** With its query. */
  readonly path: string
  readonly accept?: string
  /** JSON to send. */
  readonly body?: unknown
  /** Keep only the lines of the answer that begin like one of these; it may then be of any length. */
  readonly only?: readonly string[]
  /** Ask without any credentials. */
  readonly isAnonymous?: boolean
  /** Trouble on the way is the answer: the server passes the question on to somebody who may be gone. */
  readonly isPassedOn?: boolean
}

/** One API server, as one user. Never throws for what the server does. */
export interface ApiServer {
  /** `https://10.0.0.1:6443`. */
  readonly url: string
  /** The context's name, for people. */
  readonly name: string
  ask(question: ApiQuestion): Promise<ApiReply>
  /** Closes the connections. */
  close(): void
}
