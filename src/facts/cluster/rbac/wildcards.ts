import { type Inspection, nameOf, type Remark } from '../inspection.ts'
import { isBootstrapRule } from './bootstrap/policy.ts'
import type { Binding, Rbac, Role } from './read-rbac.ts'
import type { Rule } from './rule.ts'

/** What a rule leaves open by a wildcard; undefined where it names everything. */
interface Wildcard {
  readonly says: string
  /** API groups alone: the resources in them are named. */
  readonly isMinor: boolean
}

const isOpen = (word: string): boolean => word === '*' || word.startsWith('*/') || word.endsWith('/*')

function shown(words: readonly string[]): string {
  return words.length === 0 ? 'nothing' : words.map((word) => (word === '' ? 'core' : word)).join(', ')
}

/** Looks for `*` anywhere in the lists of a rule, part of a word for resources included. */
export function wildcardIn({ verbs, groups, resources, urls }: Rule): Wildcard | undefined {
  const open = [
    ...(verbs.includes('*') ? ['every verb'] : []),
    ...(resources.some(isOpen) ? [`resources ${shown(resources.filter(isOpen))}`] : []),
    ...(urls.some((url) => url === '*' || url === '/*') ? ['every URL'] : []),
    ...(groups.includes('*') ? ['every API group'] : []),
  ]
  if (open.length === 0) return undefined
  const of = resources.length > 0 ? ` of ${shown(resources)} in ${shown(groups)}` : ` of ${shown(urls)}`
  const what = ` (${shown(verbs)}${of})`
  return {
    says: `allows ${open.join(', ')}${what}`,
    isMinor: open.length === 1 && open[0] === 'every API group',
  }
}

/** For each role somebody has been given, a binding that does it: by itself, or as part of an aggregate. */
function boundBy({ bindings }: Rbac): ReadonlyMap<string, Binding> {
  const found = new Map<string, Binding>()
  for (const binding of bindings) {
    const { role, subjects } = binding
    if (role === undefined || subjects.length === 0) continue
    const names = [
      nameOf(role),
      ...new Set(role.rules.flatMap(({ from }) => from ?? []).map((one) => `ClusterRole ${one}`)),
    ]
    for (const name of names) if (!found.has(name)) found.set(name, binding)
  }
  return found
}

type Weighed = Pick<Inspection, 'offending' | 'noted' | 'exempted'>

function weighRole(role: Role, binding: Binding | undefined): Weighed {
  const own = role.rules.filter(({ from }) => from === undefined)
  const sources = role.rules.filter((rule) => rule.from !== undefined && wildcardIn(rule) !== undefined)
  const about = own.flatMap((rule) => {
    const wildcard = wildcardIn(rule)
    return wildcard === undefined ? [] : [{ ...wildcard, isBuiltIn: isBootstrapRule(role, rule) }]
  })
  const remarks = (some: typeof about, because: string): readonly Remark[] =>
    some.length === 0
      ? []
      : [{ on: role, because: `${[...new Set(some.map(({ says }) => says))].join('; ')}${because}` }]
  const [builtIn, mine] = [about.filter((one) => one.isBuiltIn), about.filter((one) => !one.isBuiltIn)]
  const major = binding === undefined ? [] : mine.filter(({ isMinor }) => !isMinor)
  const given = binding === undefined ? '; nobody is given it' : `; given by ${nameOf(binding)}`
  const aggregated = [...new Set(sources.map(({ from }) => from))].map((from) => ({
    on: role,
    because: `has wildcards from ClusterRole ${from}, which is looked at by itself`,
  }))
  return {
    offending: remarks(major, given),
    noted: remarks(
      mine.filter((one) => !major.includes(one)),
      given,
    ),
    exempted: [...remarks(builtIn, ', as the API server sets it up'), ...aggregated],
  }
}

/** Goes through all roles for wildcards. An aggregated role is not blamed for what it is made of. */
export function weighWildcards(rbac: Rbac): Weighed {
  const bound = boundBy(rbac)
  const weighed = rbac.roles.map((role) => weighRole(role, bound.get(nameOf(role))))
  return {
    offending: weighed.flatMap(({ offending }) => offending),
    noted: weighed.flatMap(({ noted }) => noted),
    exempted: weighed.flatMap(({ exempted }) => exempted),
  }
}
