import type { Evidence } from '../../model/evidence.ts'
import { absent, observed, unavailable } from '../../model/evidence.ts'
import { isRecord } from '../text/document.ts'
import { mappingList, readDocument } from './document.ts'

/** Who reaches the API server without credentials: nobody, health probes, or anyone. */
export type AnonymousScope = 'none' | 'health' | 'all'

const healthPaths = ['/livez', '/readyz', '/healthz']

/** The scope an AuthenticationConfiguration sets; absent when it leaves anonymous requests to the flag. */
export function readAnonymousScope(file: Evidence<unknown>): Evidence<AnonymousScope> {
  const document = readDocument(file, {
    kind: 'AuthenticationConfiguration',
    apiVersions: ['v1alpha1', 'v1beta1', 'v1'].map((version) => `apiserver.config.k8s.io/${version}`),
  })
  if (document.kind !== 'observed') return document
  const { source } = document
  const { anonymous } = document.fact
  if (anonymous === undefined || anonymous === null) return absent(source)
  const refuse = (detail: string): Evidence<AnonymousScope> => unavailable('unparsable', source, detail)
  if (!isRecord(anonymous)) return refuse('anonymous is not a mapping')
  const enabled = anonymous['enabled'] ?? false // a plain bool upstream: not given is false
  const conditions = mappingList(anonymous['conditions'])
  if (typeof enabled !== 'boolean' || conditions === undefined) return refuse('anonymous is not in its form')
  if (!enabled)
    return conditions.length === 0 ? observed('none', source) : refuse('conditions while disabled')
  if (conditions.length === 0) return observed('all', source)
  const onlyHealth = conditions.every(({ path }) => typeof path === 'string' && healthPaths.includes(path))
  return observed(onlyHealth ? 'health' : 'all', source)
}
