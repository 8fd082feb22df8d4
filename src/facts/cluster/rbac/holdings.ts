import { isBootstrapRule, makerOf } from './bootstrap/policy.ts'
import { needsMet, needsOf, type Power } from './powers.ts'
import type { Binding, OwnedRule, Rbac, Role } from './read-rbac.ts'
import { groupsOf, type Subject, subjectKey } from './subject.ts'

/** What one binding gives one subject of a power. */
export interface Holding {
  readonly binding: Binding
  readonly role: Role
  /** Rules that give some of it, by the need they meet. */
  readonly rules: readonly { readonly need: number; readonly rule: OwnedRule }[]
  /** Who makes the binding in every cluster of its kind. */
  readonly maker?: string
  /** True when it is made so in every cluster and its role has no more rules there than here. */
  readonly isBuiltIn: boolean
}

/** A subject that holds a power, and by what. */
export interface Grant {
  readonly subject: Subject
  readonly holdings: readonly Holding[]
}

type Given = Holding['rules']

/** The rules of each role that give something of a power, worked out once for a role. */
function giving(power: Power): (binding: Binding, role: Role) => Given {
  const known = { everywhere: new Map<Role, Given>(), within: new Map<Role, Given>() }
  return ({ kind }, role) => {
    const isEverywhere = kind === 'ClusterRoleBinding'
    const memo = isEverywhere ? known.everywhere : known.within
    const earlier = memo.get(role)
    if (earlier !== undefined) return earlier
    const found = role.rules.flatMap((rule) =>
      needsMet(power, rule, isEverywhere).map((need) => ({ need, rule })),
    )
    memo.set(role, found)
    return found
  }
}

function holdingOf(binding: Binding, role: Role, about: { subject: Subject; rules: Given }): Holding {
  const maker = makerOf(binding, about.subject)
  const added =
    maker === undefined ? about.rules : about.rules.filter(({ rule }) => !isBootstrapRule(role, rule))
  const isBuiltIn = added.length === 0
  return {
    binding,
    role,
    rules: isBuiltIn ? about.rules : added,
    ...(maker === undefined ? {} : { maker }),
    isBuiltIn,
  }
}

/** Everybody who holds a power, by one binding or by several together. */
export function grantsOf(power: Power, { bindings }: Rbac): readonly Grant[] {
  const rulesFor = giving(power)
  const held = new Map<string, { readonly subject: Subject; readonly holdings: Holding[] }>()
  for (const binding of bindings) {
    const { role } = binding
    const rules = role === undefined ? [] : rulesFor(binding, role)
    if (role === undefined || rules.length === 0) continue
    for (const subject of binding.subjects) {
      const key = subjectKey(subject)
      const known = held.get(key) ?? { subject, holdings: [] }
      held.set(key, known)
      known.holdings.push(holdingOf(binding, role, { subject, rules }))
    }
  }
  const all = [...held.values()]
  if (needsOf(power) === 1)
    return all.flatMap(({ subject, holdings }) => holdings.map((one) => ({ subject, holdings: [one] })))
  return all.flatMap(({ subject, holdings }) => {
    const more = groupsOf(subject).flatMap((group) => held.get(group)?.holdings ?? [])
    const together = [...holdings, ...more]
    const met = new Set(together.flatMap(({ rules }) => rules.map(({ need }) => need)))
    return met.size === needsOf(power) ? [{ subject, holdings: together }] : []
  })
}
