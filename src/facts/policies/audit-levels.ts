import type { AuditRequest } from './audit-match.ts'
import { levelOf } from './audit-match.ts'
import type { AuditLevel, AuditRule } from './audit-policy-document.ts'
import { auditLevels } from './audit-policy-document.ts'

const reads = ['get', 'list', 'watch'] as const
const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const

interface Who {
  readonly user: string
  readonly groups: readonly string[]
}

/** Subjects no policy exempts by accident: a person, an administrator and a workload. */
const ordinary: readonly Who[] = [
  { user: 'person', groups: ['system:authenticated'] },
  { user: 'administrator', groups: ['system:masters', 'system:authenticated'] },
  {
    user: 'system:serviceaccount:apps:workload',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:apps', 'system:authenticated'],
  },
]

/** A namespace that no policy names. */
const elsewhere = 'a-namespace-no-rule-names'

interface Area {
  readonly resources: readonly {
    readonly group: string
    readonly name: string
    readonly subresource?: string
  }[]
  readonly verbs: readonly string[]
  readonly namespaced: boolean
}

const streams = ['exec', 'attach', 'portforward', 'proxy'].map((subresource) => ({
  group: '',
  name: 'pods',
  subresource,
}))

/** What CIS 3.2.2 asks about, and a resource that stands for everything no rule names. */
export const auditAreas = {
  secrets: { resources: [{ group: '', name: 'secrets' }], verbs: [...reads, ...writes], namespaced: true },
  configmaps: {
    resources: [{ group: '', name: 'configmaps' }],
    verbs: [...reads, ...writes],
    namespaced: true,
  },
  // Token reviews can only be created.
  tokenreviews: {
    resources: [{ group: 'authentication.k8s.io', name: 'tokenreviews' }],
    verbs: ['create'],
    namespaced: false,
  },
  'pods-write': { resources: [{ group: '', name: 'pods' }], verbs: writes, namespaced: true },
  'deployments-write': {
    resources: [{ group: 'apps', name: 'deployments' }],
    verbs: writes,
    namespaced: true,
  },
  'rbac-write': {
    resources: ['clusterroles', 'clusterrolebindings'].map((name) => ({
      group: 'rbac.authorization.k8s.io',
      name,
    })),
    verbs: writes,
    namespaced: false,
  },
  // A websocket makes exec a get, SPDY makes it a create; the proxies take any verb.
  exec: {
    resources: [...streams, { group: '', name: 'services', subresource: 'proxy' }],
    verbs: ['get', 'create'],
    namespaced: true,
  },
  'node-proxy': {
    resources: [{ group: '', name: 'nodes', subresource: 'proxy' }],
    verbs: ['get', 'create'],
    namespaced: false,
  },
  'catch-all': {
    resources: [{ group: 'example.invalid', name: 'things' }],
    verbs: [...reads, ...writes],
    namespaced: true,
  },
} as const satisfies { readonly [area: string]: Area }

export type AuditArea = keyof typeof auditAreas

function* requestsOf(
  area: Area,
  who: readonly Who[],
  namespaces: readonly string[],
): Generator<AuditRequest> {
  for (const { user, groups } of who) {
    for (const resource of area.resources) {
      for (const verb of area.verbs) {
        for (const namespace of area.namespaced ? namespaces : [''])
          yield { user, groups, verb, namespace, resource }
      }
    }
  }
}

function sorted(levels: ReadonlySet<AuditLevel>): readonly AuditLevel[] {
  return auditLevels.filter((level) => levels.has(level))
}

/** Namespaces a policy names (at most 100 are tried), and one it does not. */
function namespacesOf(rules: readonly AuditRule[]): readonly string[] {
  const named = new Set(rules.flatMap((rule) => rule.namespaces).filter((name) => name !== ''))
  return [elsewhere, ...[...named].slice(0, 100)]
}

/** Distinct levels that requests of an area end at, weakest first: every verb, namespace and ordinary subject. */
export function areaLevels(rules: readonly AuditRule[], area: AuditArea): readonly AuditLevel[] {
  const levels = new Set<AuditLevel>()
  for (const request of requestsOf(auditAreas[area], ordinary, namespacesOf(rules))) {
    levels.add(levelOf(rules, request))
  }
  return sorted(levels)
}

/** The weaker of two levels; None when there is nothing. */
export function weakest(levels: readonly AuditLevel[]): AuditLevel {
  return auditLevels.find((level) => levels.includes(level)) ?? 'None'
}

/** Requests made of a rule's own selectors: if none of these is recorded by it, something above shadows it. */
function* witnesses(rule: AuditRule): Generator<AuditRequest> {
  const user = rule.users[0] ?? 'person'
  const groups = [...rule.userGroups.slice(0, 1), 'system:authenticated']
  const namespaces = rule.namespaces.length > 0 ? rule.namespaces.slice(0, 20) : [elsewhere, '']
  for (const verb of rule.verbs.length > 0 ? rule.verbs.slice(0, 20) : [...reads, ...writes]) {
    const base = { user, groups, verb }
    for (const pattern of rule.nonResourceURLs.slice(0, 20)) {
      yield { ...base, namespace: '', path: pattern === '*' ? '/other' : pattern.replace(/\*+$/, '') }
    }
    if (rule.nonResourceURLs.length > 0) continue
    for (const namespace of namespaces) {
      for (const [resource, name] of witnessResources(rule)) yield { ...base, namespace, resource, name }
    }
  }
}

function witnessResources(
  rule: AuditRule,
): readonly (readonly [
  { readonly group: string; readonly name: string; readonly subresource?: string },
  string,
])[] {
  if (rule.resources.length === 0) return [[{ group: 'example.invalid', name: 'things' }, '']]
  return rule.resources.slice(0, 20).flatMap(({ group, resources, resourceNames }) =>
    (resources.length > 0 ? resources.slice(0, 20) : ['*']).map((pattern) => {
      const [name = '*', subresource] = pattern.split('/')
      const resource = { group, name: name === '*' ? 'things' : name }
      const object = resourceNames[0] ?? ''
      if (subresource === undefined) return [resource, object] as const
      return [{ ...resource, subresource: subresource === '*' ? 'status' : subresource }, object] as const
    }),
  )
}

/** True when some request is recorded at all. */
export function recordsEvents(rules: readonly AuditRule[]): boolean {
  return rules.some((rule) => {
    if (rule.level === 'None') return false
    for (const request of witnesses(rule)) if (levelOf(rules, request) !== 'None') return true
    return false
  })
}

const sensitive: readonly AuditArea[] = ['secrets', 'configmaps', 'tokenreviews', 'exec', 'node-proxy']

/** Who is recorded below everyone else in a sensitive area, as sentences for people; at most 50. */
export function exemptions(rules: readonly AuditRule[]): readonly string[] {
  const found: string[] = []
  const usualLevels = sensitive.map((area) => ({ area, usual: weakest(areaLevels(rules, area)) }))
  for (const who of namedSubjects(rules)) {
    for (const { area, usual } of usualLevels) {
      const requests = requestsOf(auditAreas[area], [who.as], [elsewhere])
      const level = weakest([...requests].map((request) => levelOf(rules, request)))
      if (auditLevels.indexOf(level) < auditLevels.indexOf(usual))
        found.push(`${who.label}: ${area} at ${level}`)
      if (found.length === 50) return found
    }
  }
  return found
}

function namedSubjects(rules: readonly AuditRule[]): readonly { readonly label: string; readonly as: Who }[] {
  const users = new Set(rules.flatMap((rule) => rule.users))
  const groups = new Set(rules.flatMap((rule) => rule.userGroups))
  return [
    ...[...users].slice(0, 100).map((user) => ({
      label: `user ${user}`,
      as: { user, groups: ['system:authenticated'] },
    })),
    ...[...groups].slice(0, 100).map((group) => ({
      label: `group ${group}`,
      as: { user: 'person', groups: [group, 'system:authenticated'] },
    })),
  ]
}
