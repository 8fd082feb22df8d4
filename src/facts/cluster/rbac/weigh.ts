import { type Inspection, nameOf, type Remark } from '../inspection.ts'
import type { Grant, Holding } from './holdings.ts'
import { isUnlimited, needsOf, type Power } from './powers.ts'
import type { Rbac } from './read-rbac.ts'
import { allowsEverything } from './rule.ts'
import { broadly, isMasters, subjectKey } from './subject.ts'

/** What a check says about who may hold a power. */
export interface Terms {
  /** `User alice`, `Group ops`, `ServiceAccount ns/name`. */
  readonly trusted: ReadonlySet<string>
  /** Grants within one namespace count like those everywhere. */
  readonly isNamespacedCounted: boolean
}

type Weighed = Pick<Inspection, 'offending' | 'noted' | 'exempted'>

// Enough to recognise them.
const mostNames = 3

function someOf(names: readonly string[]): string {
  const more = names.length - mostNames
  return `${names.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function byWhat({ binding, role, rules, isBuiltIn }: Holding): string {
  if (isBuiltIn) return `by ${nameOf(binding)}`
  const parts = [...new Set(rules.flatMap(({ rule }) => (rule.from === undefined ? [] : [rule.from])))]
  const added = parts.length === 0 ? '' : `, from ${someOf(parts)}`
  return `by ${nameOf(binding)} to ${role.kind} ${role.name}${added}`
}

function placeOf(holdings: readonly Holding[]): string {
  const namespaces = new Set(holdings.map(({ binding }) => binding.namespace))
  const [only] = namespaces
  return namespaces.size === 1 && only !== undefined ? `in namespace ${only}` : 'everywhere'
}

/** How a grant reads: `may read secrets everywhere, by ClusterRoleBinding x to ClusterRole y`. */
function phraseOf(power: Power, { holdings }: Grant, isLimited: boolean): string {
  const names = isLimited
    ? ` (only ${someOf([...new Set(holdings.flatMap(({ rules }) => rules.flatMap(({ rule }) => rule.names)))])})`
    : ''
  return `may ${power.may}${names} ${placeOf(holdings)}, ${holdings.map(byWhat).join(' and ')}`
}

/** True when some need of the power is met for objects of certain names only. */
function isLimitedTo(power: Power, { holdings }: Grant, mighty: ReadonlySet<string>): boolean {
  const unlimited = new Set(
    holdings.flatMap(({ rules }) =>
      rules.flatMap(({ need, rule }) => (isUnlimited(power, rule, mighty) ? [need] : [])),
    ),
  )
  return unlimited.size < needsOf(power)
}

/** Names of roles that allow everything, and of who holds one everywhere. */
function mightyIn({ bindings, roles }: Rbac): ReadonlySet<string> {
  const strong = new Set(
    roles.filter((role) => role.kind === 'ClusterRole' && role.rules.some(allowsEverything)),
  )
  const holders = bindings
    .filter(({ kind, role }) => kind === 'ClusterRoleBinding' && role !== undefined && strong.has(role))
    .flatMap(({ subjects }) => subjects.map(({ name }) => name))
  return new Set(['system:masters', ...[...strong].map(({ name }) => name), ...holders])
}

/** Whether holding a power is what it should not be, accepted, or left out, and why. */
export function weighGrants(power: Power, grants: readonly Grant[], terms: Terms & { rbac: Rbac }): Weighed {
  const offending: Remark[] = []
  const noted: Remark[] = []
  const exempted: Remark[] = []
  const mighty = power.namesMayLift === true ? mightyIn(terms.rbac) : new Set<string>()
  for (const grant of grants) {
    const { subject, holdings } = grant
    const isLimited = isLimitedTo(power, grant, mighty)
    const phrase = phraseOf(power, grant, isLimited)
    const broad = broadly(subject)
    const [first] = holdings
    const remark = (because: string): Remark => ({ on: subject, because })
    if (isMasters(subject))
      exempted.push(remark(`${phrase}; the API server lets this group do everything anyway`))
    else if (holdings.every(({ isBuiltIn }) => isBuiltIn))
      exempted.push(remark(`${phrase}, as ${first?.maker ?? 'the API server'} sets it up`))
    else if (broad !== undefined) offending.push(remark(`${phrase}: ${broad}`))
    else if (terms.trusted.has(subjectKey(subject))) exempted.push(remark(`${phrase}; it is trusted here`))
    else if (isLimited || (placeOf(holdings) !== 'everywhere' && !terms.isNamespacedCounted))
      noted.push(remark(phrase))
    else offending.push(remark(phrase))
  }
  return { offending, noted, exempted }
}

/** Bindings that give nothing for want of the role, which whoever may create it can change. */
export function danglingBindings({ bindings, gaps }: Rbac): readonly Remark[] {
  if (gaps.length > 0) return []
  return bindings
    .filter(({ role }) => role === undefined)
    .map((binding) => ({
      on: binding,
      because: `gives nothing: there is no ${binding.roleKind} ${binding.roleName}`,
    }))
}
