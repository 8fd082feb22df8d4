import { flagAt, listAt, textAt, textsAt } from '../../facts/cluster/json.ts'
import type { ApiResource } from '../../facts/cluster/resources.ts'
import { lookUp } from '../../facts/text/document.ts'
import type { RawAnswer } from '../../model/node-evidence.ts'
import type { ApiServer } from './api.ts'
import { failureOf } from './failure.ts'

/** What the user may do, as far as the server can tell. */
export interface Rights {
  /** The user, for the record. */
  readonly items: readonly RawAnswer[]
  /** False only where the server says that nothing allows it. */
  mayList(resource: Pick<ApiResource, 'group' | 'name'>): boolean
}

const selfPath = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
const rulesPath = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'

type MayList = Rights['mayList']

/** Which lists the user may have, those over all namespaces included, as the rules for one namespace say. */
export async function readListRights(server: ApiServer, namespace: string): Promise<MayList> {
  const rules = await server.ask({
    method: 'POST',
    path: rulesPath,
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace },
    },
  })
  if (rules.kind !== 'answered' || rules.status !== 201) return () => true
  // Authorizers that cannot list what they allow (webhooks, the node authorizer) leave it incomplete.
  if (flagAt(rules.body, 'status', 'incomplete') === true) return () => true
  if (!Array.isArray(lookUp(rules.body, ['status', 'resourceRules']))) return () => true
  const known = listAt(rules.body, 'status', 'resourceRules')
  return (resource) => known.some((rule) => allowsList(rule, resource))
}

/** Asks the server who it takes us for and what that user may do. */
export async function readRights(server: ApiServer): Promise<Rights> {
  const mayList = await readListRights(server, 'kube-system')
  return { items: [await whoAmI(server)], mayList }
}

function allowsList(rule: unknown, { group, name }: Pick<ApiResource, 'group' | 'name'>): boolean {
  const holds = (field: string, wanted: string): boolean => {
    const words = textsAt(rule, field)
    return words.includes('*') || words.includes(wanted)
  }
  return (
    holds('verbs', 'list') &&
    holds('apiGroups', group) &&
    holds('resources', name) &&
    listAt(rule, 'resourceNames').length === 0
  )
}

async function whoAmI(server: ApiServer): Promise<RawAnswer> {
  const question = `POST ${selfPath}`
  const about = { kind: 'answer', id: `answer:${question}`, question } as const
  const reply = await server.ask({
    method: 'POST',
    path: selfPath,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  })
  if (reply.kind !== 'answered')
    return { ...about, state: 'unavailable', reason: reply.kind === 'failed' ? reply.reason : 'truncated' }
  if (reply.status === 404) return { ...about, state: 'absent' }
  if (reply.status !== 201)
    return { ...about, state: 'unavailable', ...failureOf(reply, 'create selfsubjectreviews') }
  const user = ['status', 'userInfo'] as const
  return {
    ...about,
    state: 'observed',
    status: reply.status,
    body: {
      username: textAt(reply.body, ...user, 'username') ?? '',
      groups: [...textsAt(reply.body, ...user, 'groups')],
    },
  }
}
