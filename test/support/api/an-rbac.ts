import { apiResources } from '../../../src/facts/cluster/resources.ts'
import type { CollectFailure } from '../../../src/model/evidence.ts'
import type { Json } from '../../../src/model/finding.ts'
import type { NodeEvidence, RawItem } from '../../../src/model/node-evidence.ts'

const group = 'rbac.authorization.k8s.io'

/** Objects in the API's own form. */
export type ApiObject = { readonly [field: string]: unknown }

export interface RuleText {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

/** `get,list secrets`, `create apps/deployments`, `get secrets tls-front`: verbs, group/resources, names. */
export function rule(text: string): RuleText {
  const [verbs = '', what = '', names] = text.split(' ')
  const [first = '', ...more] = what.split(':')
  const [apiGroup, resources] = more.length === 0 ? ['', first] : [first, more.join(':')]
  return {
    verbs: verbs.split(','),
    apiGroups: [apiGroup],
    resources: resources.split(','),
    ...(names === undefined ? {} : { resourceNames: names.split(',') }),
  }
}

interface Made {
  readonly labels?: { readonly [key: string]: string }
  readonly aggregationRule?: unknown
}

/** `name`, or `namespace/name` for a Role. */
export function role(name: string, rules: readonly (string | RuleText)[], more: Made = {}): ApiObject {
  const { labels, ...rest } = more
  const [namespace, own] = name.includes('/') ? name.split('/') : [undefined, name]
  return {
    metadata: {
      name: own,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
    },
    rules: rules.map((one) => (typeof one === 'string' ? rule(one) : one)),
    ...rest,
  }
}

/** `User alice`, `Group ops`, `ServiceAccount ns/name`, `ServiceAccount name`. */
export function subject(text: string): ApiObject {
  const [kind = '', name = ''] = text.split(' ')
  if (kind !== 'ServiceAccount') return { kind, apiGroup: group, name }
  const [namespace, own] = name.includes('/') ? name.split('/') : [undefined, name]
  return { kind, name: own, ...(namespace === undefined ? {} : { namespace }) }
}

/** `name` for a ClusterRoleBinding, `namespace/name` for a RoleBinding; the role as `ClusterRole view`. */
export function binding(name: string, to: string, ...subjects: readonly string[]): ApiObject {
  const [namespace, own] = name.includes('/') ? name.split('/') : [undefined, name]
  const [kind, roleName] = to.split(' ')
  return {
    metadata: { name: own, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: group, kind, name: roleName },
    ...(subjects.length === 0 ? {} : { subjects: subjects.map(subject) }),
  }
}

export function account(name: string, automount?: boolean): ApiObject {
  const [namespace, own] = name.split('/')
  return {
    metadata: { namespace, name: own },
    ...(automount === undefined ? {} : { automountServiceAccountToken: automount }),
  }
}

export interface Described {
  readonly roles?: readonly ApiObject[]
  readonly bindings?: readonly ApiObject[]
  readonly accounts?: readonly ApiObject[]
  readonly requests?: readonly ApiObject[]
  readonly secrets?: readonly ApiObject[]
  /** As the reader of pods keeps them. */
  readonly pods?: readonly { readonly [field: string]: Json }[]
  /** Lists that were not answered, by the end of their id: `secrets`, `rolebindings`. */
  readonly refused?: { readonly [resource: string]: CollectFailure | 'absent' }
}

const isNamespaced = (one: ApiObject): boolean =>
  (one.metadata as { readonly namespace?: string } | undefined)?.namespace !== undefined

function listItem(resource: string, objects: readonly Json[], refused: Described['refused']): RawItem {
  const about = { kind: 'list', id: `list:${resource}`, resource } as const
  const fault = refused?.[resource.slice(resource.lastIndexOf('/') + 1).replace(/#.*$/, '')]
  if (fault === undefined) return { ...about, state: 'observed', objects, count: objects.length }
  if (fault === 'absent') return { ...about, state: 'absent' }
  return {
    ...about,
    state: 'unavailable',
    reason: fault,
    detail: `the right to list ${resource.split('/').toReversed()[0]?.replace(/#.*$/, '')} is missing`,
  }
}

/** Evidence of a cluster, cut down as it is when it is collected. What is not described was looked for and is not there. */
export function clusterOf(described: Described): NodeEvidence {
  const {
    roles = [],
    bindings = [],
    accounts = [],
    requests = [],
    secrets = [],
    pods = [],
    refused,
  } = described
  const lists: { readonly [resource: string]: readonly ApiObject[] } = {
    [`${group}/v1/clusterroles`]: roles.filter((one) => !isNamespaced(one)),
    [`${group}/v1/roles`]: roles.filter(isNamespaced),
    [`${group}/v1/clusterrolebindings`]: bindings.filter((one) => !isNamespaced(one)),
    [`${group}/v1/rolebindings`]: bindings.filter(isNamespaced),
    'v1/serviceaccounts': accounts,
    'v1/secrets#tokens': secrets,
    'certificates.k8s.io/v1/certificatesigningrequests': requests,
  }
  const items = Object.entries(lists).map(([resource, objects]) => {
    const reader = apiResources.get(resource)?.reader()
    for (const one of objects) reader?.add(one)
    return listItem(resource, reader?.finish() ?? [], refused)
  })
  return {
    target: 'cluster',
    name: 'test',
    carrier: 'api',
    about: 'cluster',
    offline: false,
    collectedAt: '2026-11-21T00:00:00.000Z',
    nodeClock: null,
    uid: null,
    scriptDigest: '',
    end: 'complete',
    items: [
      {
        kind: 'answer',
        id: 'answer:GET /version',
        question: 'GET /version',
        state: 'observed',
        status: 200,
        body: { gitVersion: 'v1.33.0' },
      },
      listItem('v1/nodes', [], refused),
      listItem('v1/pods', pods, refused),
      ...items,
    ].sort((a, b) => (a.id < b.id ? -1 : 1)) as readonly RawItem[],
  }
}
