import { isBootstrapRule, makerOf } from './bootstrap/policy.ts'
import type { Binding, Rbac } from './read-rbac.ts'
import { groupsOf, type Subject, subjectKey } from './subject.ts'

/** The bindings that give a subject something beyond what everybody is given to find their way. */
export interface Rights {
  /** Of the subject itself; the groups it is in have theirs. */
  byItself(subject: Subject): readonly Binding[]
  /** Of the subject and of all groups it is known to be in. */
  all(subject: Subject): readonly Binding[]
}

/** What every API server gives everybody, and nothing that was added to it. */
function isEverybodys(binding: Binding, subject: Subject): boolean {
  const { role } = binding
  if (role === undefined || subject.kind !== 'Group' || makerOf(binding, subject) === undefined) return false
  return role.rules.every((rule) => isBootstrapRule(role, rule))
}

/** Reads who is given what, leaving out roles that allow nothing and the bindings every API server makes. */
export function rightsIn({ bindings }: Rbac): Rights {
  const held = new Map<string, Binding[]>()
  for (const binding of bindings) {
    if (binding.role === undefined || binding.role.rules.length === 0) continue
    for (const subject of binding.subjects) {
      if (isEverybodys(binding, subject)) continue
      const key = subjectKey(subject)
      const known = held.get(key)
      if (known === undefined) held.set(key, [binding])
      else known.push(binding)
    }
  }
  const of = (key: string): readonly Binding[] => held.get(key) ?? []
  return {
    byItself: (subject) => of(subjectKey(subject)),
    all: (subject) => [subjectKey(subject), ...groupsOf(subject)].flatMap(of),
  }
}
