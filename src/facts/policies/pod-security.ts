import { type Evidence, observed, unavailable } from '../../model/evidence.ts'
import { isRecord } from '../text/document.ts'
import { type Mapping, readDocument, stringList } from './document.ts'

/** What the PodSecurity plugin does where a namespace says nothing. */
export interface PodSecurity {
  readonly enforce: string
  readonly enforceVersion: string
  readonly audit: string
  readonly auditVersion: string
  readonly warn: string
  readonly warnVersion: string
  readonly exemptNamespaces: readonly string[]
  readonly exemptUsernames: readonly string[]
  readonly exemptRuntimeClasses: readonly string[]
}

/** Without a configuration, or a default in it (k8s.io/pod-security-admission/admission/api). */
export const builtIn: PodSecurity = {
  enforce: 'privileged',
  enforceVersion: 'latest',
  audit: 'privileged',
  auditVersion: 'latest',
  warn: 'privileged',
  warnVersion: 'latest',
  exemptNamespaces: [],
  exemptUsernames: [],
  exemptRuntimeClasses: [],
}

const levels = ['privileged', 'baseline', 'restricted']

const form = {
  kind: 'PodSecurityConfiguration',
  apiVersions: ['v1', 'v1beta1', 'v1alpha1'].map(
    (version) => `pod-security.admission.config.k8s.io/${version}`,
  ),
}

function part(document: Mapping, name: string): Mapping | undefined {
  const value = document[name] ?? {}
  return isRecord(value) ? value : undefined
}

/** A text; undefined when something else stands there. Empty is the default, as the API server has it. */
function text(value: unknown, usual: string): string | undefined {
  if (value === undefined || value === null || value === '') return usual
  return typeof value === 'string' ? value : undefined
}

function level(value: unknown): string | undefined {
  const given = text(value, 'privileged')
  return given !== undefined && levels.includes(given) ? given : undefined
}

function version(value: unknown): string | undefined {
  const given = text(value, 'latest')
  return given !== undefined && /^(latest|v1\.\d{1,3})$/.test(given) ? given : undefined
}

/** Reads a PodSecurityConfiguration. The API server refuses to start on anything that does not fit. */
export function readPodSecurity(file: Evidence<unknown>): Evidence<PodSecurity> {
  const document = readDocument(file, form)
  if (document.kind !== 'observed') return document
  const defaults = part(document.fact, 'defaults')
  const exemptions = part(document.fact, 'exemptions')
  const read = {
    enforce: level(defaults?.['enforce']),
    enforceVersion: version(defaults?.['enforce-version']),
    audit: level(defaults?.['audit']),
    auditVersion: version(defaults?.['audit-version']),
    warn: level(defaults?.['warn']),
    warnVersion: version(defaults?.['warn-version']),
    exemptNamespaces: stringList(exemptions?.['namespaces']),
    exemptUsernames: stringList(exemptions?.['usernames']),
    exemptRuntimeClasses: stringList(exemptions?.['runtimeClasses']),
  }
  const isWhole = defaults !== undefined && exemptions !== undefined && isComplete(read)
  if (isWhole) return observed(read, document.source)
  return unavailable('unparsable', document.source, 'it is not in the form of a PodSecurityConfiguration')
}

type Partly = { readonly [field in keyof PodSecurity]: PodSecurity[field] | undefined }

function isComplete(read: Partly): read is PodSecurity {
  return Object.values(read).every((value) => value !== undefined)
}
