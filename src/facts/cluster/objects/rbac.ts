import type { Json } from '../../../model/finding.ts'
import { isRecord, lookUp } from '../../text/document.ts'
import { compact, listAt, textAt, textsAt, wordsAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

function cutRule(rule: unknown): Json {
  return compact({
    verbs: textsAt(rule, 'verbs'),
    groups: textsAt(rule, 'apiGroups'),
    resources: textsAt(rule, 'resources'),
    names: textsAt(rule, 'resourceNames'),
    urls: textsAt(rule, 'nonResourceURLs'),
  })
}

function isListOrNothing(object: unknown, field: string): boolean {
  const value = lookUp(object, [field])
  return value === undefined || value === null || (Array.isArray(value) && value.every(isRecord))
}

/** Roles and ClusterRoles: their rules, and for an aggregate the label selectors it is made from. */
export const cutRole: Cut = (role) => {
  if (!isListOrNothing(role, 'rules')) return 'its rules are not a list of rules'
  return {
    ...place(role),
    ...compact({
      labels: wordsAt(role, 'metadata', 'labels'),
      rules: listAt(role, 'rules').map(cutRule),
      aggregates: listAt(role, 'aggregationRule', 'clusterRoleSelectors').map((selector) =>
        compact({
          labels: wordsAt(selector, 'matchLabels'),
          expressions: listAt(selector, 'matchExpressions').map((one) =>
            compact({
              key: textAt(one, 'key'),
              operator: textAt(one, 'operator'),
              values: textsAt(one, 'values'),
            }),
          ),
        }),
      ),
    }),
  }
}

/** RoleBindings and ClusterRoleBindings: the role, and who holds it. */
export const cutBinding: Cut = (binding) => {
  const role = textAt(binding, 'roleRef', 'name')
  const kind = textAt(binding, 'roleRef', 'kind')
  if (role === undefined || kind === undefined) return 'it names no role'
  if (!isListOrNothing(binding, 'subjects')) return 'its subjects are not a list of subjects'
  return {
    ...place(binding),
    ...compact({
      labels: wordsAt(binding, 'metadata', 'labels'),
      role: { kind, name: role },
      subjects: listAt(binding, 'subjects').map((subject) =>
        compact({
          kind: textAt(subject, 'kind'),
          name: textAt(subject, 'name'),
          namespace: textAt(subject, 'namespace'),
        }),
      ),
    }),
  }
}
