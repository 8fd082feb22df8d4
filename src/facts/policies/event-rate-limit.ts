import type { Evidence } from '../../model/evidence.ts'
import { observed } from '../../model/evidence.ts'
import { findPlugin, type PluginPlace } from './admission-configuration.ts'
import type { Mapping } from './document.ts'
import { mappingList, readDocument } from './document.ts'

const limitVersions = ['eventratelimit.admission.k8s.io/v1alpha1']

/** Finds the EventRateLimit entry of an AdmissionConfiguration that lies at a path. */
export function findEventRateLimit(file: Evidence<unknown>, at: string): Evidence<PluginPlace> {
  return findPlugin(file, { plugin: 'EventRateLimit', at })
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
