import type { ClusterPlan } from '../collect/cluster/plan.ts'
import { apiResources, namespacePrefix } from '../facts/cluster/resources.ts'

interface Right {
  readonly verb: 'get' | 'list'
  readonly group: string
  readonly resource: string
}

/** `/api/v1/nodes/NAME/proxy/configz`: group, resource and subresource of a path to one object. */
const objectPath =
  /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+\/(?:namespaces\/[^/]+\/(?=[^/]+\/))?(?<resource>[^/]+)\/[^/]+(?:\/(?<sub>[^/]+))?/

/** The right an authenticated question needs; a text is a path that is no resource. */
function rightOf(question: string): Right | string | undefined {
  // Who asks without credentials needs no right, and a review of one's own rights is everybody's.
  if (!question.startsWith('GET ')) return undefined
  const path = question.slice('GET '.length)
  const { group = '', resource, sub } = objectPath.exec(path)?.groups ?? {}
  if (resource === undefined) return path
  return { verb: 'get', group, resource: sub === undefined ? resource : `${resource}/${sub}` }
}

/** What nodes are seen by: static pods of control planes, and what kubelets say of themselves. */
const ofNodes: readonly Right[] = [
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'get', group: '', resource: 'nodes/proxy' },
]

const warning = [
  '  # get on nodes/proxy reaches the whole API of kubelets, which is enough to run commands in any pod.',
  '  # Without it the settings of kubelets are not seen; everything else is.',
]

function ruleLines(verb: string, group: string, resources: readonly string[]): readonly string[] {
  return [
    ...(resources.includes('nodes/proxy') ? warning : []),
    `  - apiGroups: ["${group}"]`,
    `    resources: [${resources.toSorted().join(', ')}]`,
    `    verbs: [${verb}]`,
  ]
}

/** What stands in a namespace is found by listing whatever it may hold. */
function namespaceRoles({ lists }: ClusterPlan): readonly string[] {
  const namespaces = lists.flatMap((id) =>
    id.startsWith(namespacePrefix) ? [id.slice(namespacePrefix.length)] : [],
  )
  return namespaces.flatMap((namespace) => [
    '---',
    '# What stands in this namespace, whatever it is: khard asks for names and owners alone, which RBAC cannot tell apart.',
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: Role',
    'metadata:',
    '  name: khard-audit',
    `  namespace: ${namespace}`,
    'rules:',
    '  - apiGroups: ["*"]',
    '    resources: ["*"]',
    '    verbs: [list]',
    '',
  ])
}

const isSecrets = (id: string): boolean => {
  const resource = apiResources.get(id)
  return resource?.group === '' && resource.name === 'secrets'
}

/** Whoever may list Secrets may read them: a role to hand out does not say so by itself. */
const withoutSecrets = [
  '# The right to list secrets is left out, since RBAC cannot limit it to the metadata khard asks for. Without it, khard',
  '# does not tell whether a mounted Secret holds a token of a service account.',
]

/** The smallest ClusterRole with which everything in the plan but Secrets is answered, as YAML to apply. */
export function clusterRoleFor(plan: ClusterPlan): string {
  const asked = ['GET /version', ...plan.questions].flatMap((question) => rightOf(question) ?? [])
  const urls = [...new Set(asked.filter((one) => typeof one === 'string'))].sort()
  const rights: readonly Right[] = [
    ...plan.lists.flatMap((id): readonly Right[] => {
      const resource = apiResources.get(id)
      return resource === undefined || isSecrets(id)
        ? []
        : [{ verb: 'list', group: resource.group, resource: resource.name }]
    }),
    ...asked.filter((one) => typeof one !== 'string'),
    ...(plan.asksNodes ? ofNodes : []),
  ]
  const rules = new Map<string, { readonly right: Right; readonly resources: Set<string> }>()
  for (const right of rights) {
    const key = `${right.verb} ${right.group}`
    const known = rules.get(key) ?? { right, resources: new Set() }
    rules.set(key, known)
    known.resources.add(right.resource)
  }
  return [
    '# What khard asks of the API server for this selection. Bind it to the user or the account that khard runs as.',
    ...(plan.lists.some(isSecrets) ? withoutSecrets : []),
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRole',
    'metadata:',
    '  name: khard-audit',
    'rules:',
    ...[...rules.values()].flatMap(({ right, resources }) =>
      ruleLines(right.verb, right.group, [...resources]),
    ),
    `  - nonResourceURLs: [${urls.join(', ')}]`,
    '    verbs: [get]',
    '',
    ...namespaceRoles(plan),
  ].join('\n')
}
