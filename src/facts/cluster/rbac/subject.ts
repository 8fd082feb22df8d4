import type { ObjectName } from '../inspection.ts'
import { nameOf } from '../inspection.ts'
import { nameAt, textAt } from '../json.ts'

/** Who a binding gives a role to. */
export interface Subject extends ObjectName {
  readonly kind: 'User' | 'Group' | 'ServiceAccount'
}

const accountPrefix = 'system:serviceaccount:'
const accountsGroup = 'system:serviceaccounts'

/**
 * A subject of a binding; undefined for one that is nobody. A service account without a namespace is of the binding's,
 * and the user name of a service account is that account.
 */
export function readSubject(subject: unknown, bindingNamespace: string | undefined): Subject | undefined {
  const name = nameAt(subject, 'name')
  if (name === '') return undefined
  switch (textAt(subject, 'kind')) {
    case 'User':
      return accountNamed(name) ?? { kind: 'User', name }
    case 'Group':
      return { kind: 'Group', name }
    case 'ServiceAccount': {
      const namespace = textAt(subject, 'namespace') ?? bindingNamespace
      return namespace === undefined ? undefined : { kind: 'ServiceAccount', namespace, name }
    }
    default:
      return undefined
  }
}

function accountNamed(user: string): Subject | undefined {
  if (!user.startsWith(accountPrefix)) return undefined
  const [namespace = '', name = '', ...more] = user.slice(accountPrefix.length).split(':')
  return namespace === '' || name === '' || more.length > 0
    ? undefined
    : { kind: 'ServiceAccount', namespace, name }
}

/** A text that is the same for the same subject only: `Group ops`. */
export const subjectKey: (subject: Subject) => string = nameOf

/** The namespace of a group of all service accounts of one namespace. */
export function accountsOf({ kind, name }: Subject): string | undefined {
  return kind === 'Group' && name.startsWith(`${accountsGroup}:`)
    ? name.slice(accountsGroup.length + 1)
    : undefined
}

const everybody: ReadonlyMap<string, string> = new Map([
  ['Group system:authenticated', 'everybody who is logged in'],
  ['Group system:unauthenticated', 'everybody who reaches the API'],
  ['User system:anonymous', 'everybody who reaches the API'],
  [`Group ${accountsGroup}`, 'every service account'],
])

/** Who a subject stands for when it is no one in particular; undefined for anybody else. */
export function broadly(subject: Subject): string | undefined {
  const namespace = accountsOf(subject)
  return namespace === undefined
    ? everybody.get(subjectKey(subject))
    : `every service account of ${namespace}`
}

/** The groups everybody knows a subject to be in, besides itself: what they hold, it holds. */
export function groupsOf({ kind, name, namespace }: Subject): readonly string[] {
  if (kind === 'User')
    return name === 'system:anonymous' ? ['Group system:unauthenticated'] : ['Group system:authenticated']
  if (kind === 'Group')
    return name === accountsGroup || name.startsWith(`${accountsGroup}:`)
      ? ['Group system:authenticated']
      : []
  return [`Group ${accountsGroup}:${namespace ?? ''}`, `Group ${accountsGroup}`, 'Group system:authenticated']
}

/** True for the group the API server lets do everything without asking RBAC. */
export function isMasters({ kind, name }: Subject): boolean {
  return kind === 'Group' && name === 'system:masters'
}
