import type { Evidence } from '../../model/evidence.ts'
import { observed, unavailable } from '../../model/evidence.ts'
import { isRecord } from '../text/document.ts'
import type { Mapping } from './document.ts'
import { mappingList, readDocument } from './document.ts'

/** Where an AdmissionConfiguration keeps the EventRateLimit limits. */
export type LimitsPlace =
  | { readonly kind: 'none' }
  | { readonly kind: 'inline'; readonly configuration: Mapping }
  | { readonly kind: 'path'; readonly path: string }

const limitVersions = ['eventratelimit.admission.k8s.io/v1alpha1']

/** Finds the EventRateLimit entry; a path counts from the directory of the configuration file. */
export function findEventRateLimit(file: Evidence<unknown>, at: string): Evidence<LimitsPlace> {
  const document = readDocument(file, {
    kind: 'AdmissionConfiguration',
    apiVersions: [
      'apiserver.config.k8s.io/v1',
      'apiserver.k8s.io/v1alpha1',
      'apiserver.config.k8s.io/v1alpha1',
    ],
  })
  if (document.kind !== 'observed') return document
  const { source } = document
  const plugins = mappingList(document.fact['plugins'])
  if (plugins === undefined) return unavailable('unparsable', source, 'plugins is not a list')
  const entry = plugins.find((plugin) => plugin['name'] === 'EventRateLimit')
  if (entry === undefined) return observed({ kind: 'none' }, source)
  const { configuration, path } = entry
  // An embedded configuration wins over a path (k8s.io/apiserver/pkg/admission/config.go).
  if (isRecord(configuration)) return observed({ kind: 'inline', configuration }, source)
  if (typeof path !== 'string' || path === '') return observed({ kind: 'none' }, source)
  const full = path.startsWith('/') ? path : `${at.slice(0, at.lastIndexOf('/'))}/${path}`
  return observed({ kind: 'path', path: full }, source)
}

/** True when an EventRateLimit configuration limits something. */
export function hasLimits(configuration: Mapping): boolean {
  const { kind, apiVersion, limits } = configuration
  if (kind !== 'Configuration' || !limitVersions.some((version) => version === apiVersion)) return false
  return (mappingList(limits) ?? []).some((limit) => typeof limit['qps'] === 'number' && limit['qps'] > 0)
}

/** The limits file of an EventRateLimit entry: whether it limits something. */
export function readLimits(file: Evidence<unknown>): Evidence<boolean> {
  const document = readDocument(file)
  return document.kind === 'observed' ? observed(hasLimits(document.fact), document.source) : document
}
