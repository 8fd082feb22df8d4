import type { Evidence } from '../../model/evidence.ts'
import { observed, unavailable } from '../../model/evidence.ts'
import type { Mapping } from './document.ts'
import { mappingList, readDocument, stringList } from './document.ts'

/** Audit levels, weakest first. */
export const auditLevels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const
export type AuditLevel = (typeof auditLevels)[number]

const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic']

/** Resources of one API group a rule selects. */
export interface GroupResources {
  readonly group: string
  readonly resources: readonly string[]
  readonly resourceNames: readonly string[]
}

/** One rule of an audit policy; an empty selector selects everything. */
export interface AuditRule {
  readonly level: AuditLevel
  readonly users: readonly string[]
  readonly userGroups: readonly string[]
  readonly verbs: readonly string[]
  readonly namespaces: readonly string[]
  readonly resources: readonly GroupResources[]
  readonly nonResourceURLs: readonly string[]
  /** Those of the policy as well. */
  readonly omitStages: readonly string[]
}

/** Rules beyond this are not simulated; the largest published policies have about 60. */
const maxRules = 500

function isLevel(value: unknown): value is AuditLevel {
  return auditLevels.some((level) => level === value)
}

/** A list of words of a rule, or why the API server would refuse it. */
function words(rule: Mapping, key: string): readonly string[] {
  const list = stringList(rule[key])
  if (list === undefined) throw new RefusedPolicy(`${key} is not a list of words`)
  return list
}

class RefusedPolicy extends Error {}

function groupResources(entry: Mapping): GroupResources {
  const group = entry['group'] ?? ''
  if (typeof group !== 'string' || group.startsWith('/'))
    throw new RefusedPolicy('a resource group is not a name')
  const resources = words(entry, 'resources')
  const resourceNames = words(entry, 'resourceNames')
  if (resources.length === 0 && resourceNames.length > 0) {
    throw new RefusedPolicy('resourceNames without resources')
  }
  return { group, resources, resourceNames }
}

function omitted(mapping: Mapping): readonly string[] {
  const list = words(mapping, 'omitStages')
  const odd = list.find((stage) => !stages.includes(stage))
  if (odd !== undefined) throw new RefusedPolicy('omitStages names an unknown stage')
  return list
}

function urlFits(url: string): boolean {
  return url === '*' || (url.startsWith('/') && !url.slice(0, -1).includes('*'))
}

function parseRule(rule: Mapping, omitEverywhere: readonly string[]): AuditRule {
  const level = rule['level']
  if (!isLevel(level)) throw new RefusedPolicy('a rule has no known level')
  const groups = mappingList(rule['resources'])
  if (groups === undefined) throw new RefusedPolicy('resources is not a list')
  const parsed: AuditRule = {
    level,
    users: words(rule, 'users'),
    userGroups: words(rule, 'userGroups'),
    verbs: words(rule, 'verbs'),
    namespaces: words(rule, 'namespaces'),
    resources: groups.map(groupResources),
    nonResourceURLs: words(rule, 'nonResourceURLs'),
    omitStages: [...new Set([...omitEverywhere, ...omitted(rule)])],
  }
  if (!parsed.nonResourceURLs.every(urlFits)) throw new RefusedPolicy('a nonResourceURLs entry is not a path')
  if (parsed.nonResourceURLs.length > 0 && parsed.resources.length + parsed.namespaces.length > 0) {
    throw new RefusedPolicy('a rule selects resources and non-resource paths at once')
  }
  return parsed
}

function parseRules(policy: Mapping): readonly AuditRule[] {
  const rules = mappingList(policy['rules'])
  if (rules === undefined || rules.length === 0) throw new RefusedPolicy('it has no rules')
  const omitEverywhere = omitted(policy)
  return rules.map((rule) => parseRule(rule, omitEverywhere))
}

/**
 * Rules of an audit policy file. What the API server would refuse at start (k8s.io/apiserver/pkg/audit/policy
 * and pkg/apis/audit/validation) is unavailable, since no such policy can be in force.
 */
export function readAuditPolicy(file: Evidence<unknown>): Evidence<readonly AuditRule[]> {
  const document = readDocument(file, { kind: 'Policy', apiVersions: ['audit.k8s.io/v1'] })
  if (document.kind !== 'observed') return document
  try {
    const rules = parseRules(document.fact)
    if (rules.length <= maxRules) return observed(rules, document.source)
    return unavailable('truncated', document.source, `more than ${maxRules} audit rules`)
  } catch (fault) {
    if (!(fault instanceof RefusedPolicy)) throw fault
    return unavailable(
      'unparsable',
      document.source,
      `kube-apiserver would refuse this policy: ${fault.message}`,
    )
  }
}
