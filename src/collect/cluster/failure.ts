import { textAt } from '../../facts/cluster/json.ts'
import type { CollectFailure } from '../../model/evidence.ts'
import { oneLine } from '../carriers/one-line.ts'

/**
 * True when an API server says that it does not serve a path. A proxy in between answers 404 as well, for what the
 * server may well serve.
 */
export function saysNotServed({
  status,
  body,
}: {
  readonly status: number
  readonly body: unknown
}): boolean {
  if (status !== 404) return false
  if (typeof body === 'string') return body.trim() === '404 page not found'
  return textAt(body, 'kind') === 'Status'
}

/** Why an answer is no answer, by its status; `needed` is the right the question takes: `list secrets`. */
export function failureOf(
  { status, body }: { readonly status: number; readonly body: unknown },
  needed: string,
): { readonly reason: CollectFailure; readonly detail: string } {
  const said = oneLine(textAt(body, 'message') ?? '')
  const because = said === '' ? '' : `: ${said}`
  switch (status) {
    case 401:
      return {
        reason: 'unauthenticated',
        detail: `the API server does not accept the credentials (401${because})`,
      }
    case 403:
      return { reason: 'forbidden', detail: `the right to ${needed} is missing${because}` }
    case 429:
      return { reason: 'throttled', detail: `the API server kept asking to come back later (429)` }
    default:
      return { reason: 'server-failed', detail: `the API server answered ${status}${because}` }
  }
}
