import { joinSources, type Source, unavailable } from '../../../model/evidence.ts'
import type { Json } from '../../../model/finding.ts'
import type { RawList } from '../../../model/node-evidence.ts'
import type { NodeContext } from '../../fact-kind.ts'
import { gapOf, sourceOf } from '../../files/raw-source.ts'
import type { Inspection } from '../inspection.ts'
import { listAt, nameAt, textAt, wordsAt } from '../json.ts'
import { LabelIndex } from './aggregation.ts'
import { type Rule, readRule } from './rule.ts'
import { readSubject, type Subject } from './subject.ts'

const group = 'rbac.authorization.k8s.io/v1'

/** The lists that say who may do what. */
export const rbacLists = [
  `${group}/clusterroles`,
  `${group}/roles`,
  `${group}/clusterrolebindings`,
  `${group}/rolebindings`,
] as const

/** A rule, and the ClusterRole it was aggregated from where it is not the role's own. */
export interface OwnedRule extends Rule {
  readonly from?: string
}

/** A role with all it allows, what it aggregates included. */
export interface Role {
  readonly kind: 'ClusterRole' | 'Role'
  readonly namespace?: string
  readonly name: string
  readonly rules: readonly OwnedRule[]
  readonly isAggregate: boolean
  readonly labels: { readonly [key: string]: string }
}

/** A role given to somebody: in one namespace, or everywhere. */
export interface Binding {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding'
  readonly namespace?: string
  readonly name: string
  readonly roleKind: string
  readonly roleName: string
  /** Undefined where the role does not exist, or could not be read. */
  readonly role?: Role
  readonly subjects: readonly Subject[]
}

/** Who may do what in a cluster. */
export interface Rbac {
  readonly roles: readonly Role[]
  readonly bindings: readonly Binding[]
  readonly gaps: Inspection['gaps']
  readonly source: Source
}

/** What could not be looked at in a list: all of it, or objects whose form is not what it should be. */
export function gapsIn(list: RawList, kind: string): Inspection['gaps'] {
  const source = sourceOf(list)
  if (list.state === 'unavailable') return [gapOf(list, `the ${kind} list was not answered`)]
  // Not served is not "nobody may": something else decides then.
  if (list.state === 'absent')
    return [unavailable('ambiguous', source, `the API server does not serve ${list.resource}`)]
  return list.objects.flatMap((one) => {
    const problem = textAt(one, 'broken')
    const at = [textAt(one, 'namespace'), textAt(one, 'name')].filter(Boolean).join('/')
    return problem === undefined ? [] : [unavailable('unparsable', source, `${kind} ${at}: ${problem}`)]
  })
}

/** The objects of a list that have the form they should have. */
export function soundIn(list: RawList): readonly Json[] {
  if (list.state !== 'observed') return []
  return list.objects.filter((one) => textAt(one, 'broken') === undefined)
}

function roleOf(kind: Role['kind'], object: Json): Role {
  const namespace = textAt(object, 'namespace')
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name: nameAt(object, 'name'),
    rules: listAt(object, 'rules').map(readRule),
    isAggregate: listAt(object, 'aggregates').length > 0,
    labels: wordsAt(object, 'labels'),
  }
}

/** ClusterRoles with the rules of those they aggregate: the controller writes them down some time later. */
function clusterRolesOf(objects: readonly Json[]): readonly Role[] {
  const plain = objects.map((object) => roleOf('ClusterRole', object))
  const byName = new Map(plain.map((role) => [role.name, role]))
  const index = new LabelIndex(plain)
  const parts = new Map<string, ReadonlySet<string>>()
  for (const object of objects) {
    const name = nameAt(object, 'name')
    const selectors = listAt(object, 'aggregates')
    if (selectors.length > 0)
      parts.set(name, new Set(selectors.flatMap((one) => index.selected(one)).filter((one) => one !== name)))
  }
  return plain.map((role) => (role.isAggregate ? { ...role, rules: allRules(role, parts, byName) } : role))
}

function allRules(
  role: Role,
  parts: ReadonlyMap<string, ReadonlySet<string>>,
  byName: ReadonlyMap<string, Role>,
): readonly OwnedRule[] {
  const seen = new Set([role.name])
  const waiting = [...(parts.get(role.name) ?? [])]
  const gathered: OwnedRule[] = []
  const texts = new Set<string>()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const inner = parts.get(next)
    waiting.push(...(inner ?? []))
    if (inner !== undefined) continue
    for (const rule of byName.get(next)?.rules ?? []) {
      gathered.push({ ...rule, from: next })
      texts.add(JSON.stringify(rule))
    }
  }
  // What stands in the aggregate and in none of its parts is in force until the controller has seen to it.
  return [...gathered, ...role.rules.filter((rule) => !texts.has(JSON.stringify(rule)))]
}

function bindingOf(kind: Binding['kind'], object: Json, roles: ReadonlyMap<string, Role>): Binding {
  const namespace = textAt(object, 'namespace')
  const roleKind = nameAt(object, 'role', 'kind')
  const roleName = nameAt(object, 'role', 'name')
  const isOwn = roleKind === 'Role' && kind === 'RoleBinding'
  const role = roles.get(isOwn ? `${namespace ?? ''}/${roleName}` : `${roleKind} ${roleName}`)
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name: nameAt(object, 'name'),
    roleKind,
    roleName,
    ...(role === undefined ? {} : { role }),
    subjects: listAt(object, 'subjects').flatMap((one) => readSubject(one, namespace) ?? []),
  }
}

/** Reads the four lists once for all facts about them. */
export function readRbac(node: NodeContext): Rbac {
  return node.memo('rbac', () => {
    const lists = {
      ClusterRole: node.view.list(`${group}/clusterroles`),
      Role: node.view.list(`${group}/roles`),
      ClusterRoleBinding: node.view.list(`${group}/clusterrolebindings`),
      RoleBinding: node.view.list(`${group}/rolebindings`),
    }
    const global = clusterRolesOf(soundIn(lists.ClusterRole))
    const local = soundIn(lists.Role).map((object) => roleOf('Role', object))
    const byKey = new Map([
      ...global.map((role) => [`ClusterRole ${role.name}`, role] as const),
      ...local.map((role) => [`${role.namespace ?? ''}/${role.name}`, role] as const),
    ])
    return {
      roles: [...global, ...local],
      bindings: [
        ...soundIn(lists.ClusterRoleBinding).map((object) => bindingOf('ClusterRoleBinding', object, byKey)),
        ...soundIn(lists.RoleBinding).map((object) => bindingOf('RoleBinding', object, byKey)),
      ],
      gaps: Object.entries(lists).flatMap(([kind, list]) => gapsIn(list, kind)),
      source: joinSources(...Object.values(lists).map(sourceOf)),
    }
  })
}
