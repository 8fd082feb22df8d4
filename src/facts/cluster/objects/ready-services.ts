import { compact, flagAt, listAt, textAt } from '../json.ts'
import type { ListReader } from './reader.ts'

// A label every slice carries that was made for a Service.
const serviceLabel = 'kubernetes.io/service-name'

function isReady(slice: unknown): boolean {
  // Unset means ready, as the API says of it.
  return listAt(slice, 'endpoints').some((one) => flagAt(one, 'conditions', 'ready') !== false)
}

/** EndpointSlices by Service: whether anything answers for it. */
export function readyServices(): ListReader {
  const services = new Map<string, { readonly namespace: string; readonly name: string; isReady: boolean }>()
  return {
    add: (slice) => {
      const name = textAt(slice, 'metadata', 'labels', serviceLabel)
      if (name === undefined) return
      const namespace = textAt(slice, 'metadata', 'namespace') ?? ''
      const key = `${namespace}/${name}`
      const known = services.get(key) ?? { namespace, name, isReady: false }
      known.isReady ||= isReady(slice)
      services.set(key, known)
    },
    finish: () =>
      [...services]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { namespace, name, isReady: ready }]) => compact({ namespace, name, ready })),
  }
}
