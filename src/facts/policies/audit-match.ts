import type { AuditLevel, AuditRule, GroupResources } from './audit-policy-document.ts'

/** A request as audit rules see it. */
export interface AuditRequest {
  readonly user: string
  readonly groups: readonly string[]
  readonly verb: string
  /** Empty for cluster-wide requests. */
  readonly namespace: string
  /** `undefined`: a request for `path`, not for a resource. */
  readonly resource?: { readonly group: string; readonly name: string; readonly subresource?: string }
  /** Object name; empty for lists and creates. */
  readonly name?: string
  readonly path?: string
}

function selects(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.includes(value)
}

// Any resource; the resource as named; its subresource in any resource; the resource with all of its
// subresources, which takes the resource itself as well.
function resourceFits(pattern: string, resource: string, subresource: string | undefined): boolean {
  if (pattern === '*') return true
  if (pattern === (subresource === undefined ? resource : `${resource}/${subresource}`)) return true
  if (subresource !== undefined && pattern === `*/${subresource}`) return true
  return pattern === `${resource}/*`
}

function groupFits(entry: GroupResources, request: AuditRequest): boolean {
  const { resource } = request
  if (resource === undefined || entry.group !== resource.group) return false
  if (entry.resources.length === 0) return true
  if (!selects(entry.resourceNames, request.name ?? '')) return false
  return entry.resources.some((pattern) => resourceFits(pattern, resource.name, resource.subresource))
}

function pathFits(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true
  return pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, ''))
}

/** True when a rule takes the request (k8s.io/apiserver/pkg/audit/policy/checker.go, ruleMatches). */
export function ruleMatches(rule: AuditRule, request: AuditRequest): boolean {
  if (!selects(rule.users, request.user)) return false
  if (rule.userGroups.length > 0 && !request.groups.some((group) => rule.userGroups.includes(group)))
    return false
  if (!selects(rule.verbs, request.verb)) return false
  if (rule.namespaces.length > 0 || rule.resources.length > 0) {
    if (request.resource === undefined || !selects(rule.namespaces, request.namespace)) return false
    return rule.resources.length === 0 || rule.resources.some((entry) => groupFits(entry, request))
  }
  if (rule.nonResourceURLs.length === 0) return true
  const { path } = request
  return path !== undefined && rule.nonResourceURLs.some((pattern) => pathFits(pattern, path))
}

/** Stages of an answered request; leaving out all of them leaves no event. */
function leavesEvent(omitStages: readonly string[], verb: string): boolean {
  const stages = ['RequestReceived', 'ResponseComplete', ...(verb === 'watch' ? ['ResponseStarted'] : [])]
  return stages.some((stage) => !omitStages.includes(stage))
}

/** Level a request is recorded at: the first rule that takes it decides, and no rule means None. */
export function levelOf(rules: readonly AuditRule[], request: AuditRequest): AuditLevel {
  const rule = rules.find((one) => ruleMatches(one, request))
  return rule !== undefined && leavesEvent(rule.omitStages, request.verb) ? rule.level : 'None'
}
