import type { Check, Grouping } from '../../model/check.ts'
import type { Evidence } from '../../model/evidence.ts'
import { judgeApplicability } from '../applicability.ts'
import type { CheckInput } from '../check-input.ts'
import type { ParameterValues } from '../condition.ts'
import { failureWords } from '../failures.ts'
import type { Facts } from '../leaf.ts'
import { readQuestions } from '../questions.ts'
import { showText } from '../show.ts'
import { type Claim, factsClaimed, readClaims } from './claim.ts'
import { type GroupName, placingOf } from './groups.ts'
import type { Gap } from './tally.ts'

/** What one node is to a check over nodes. */
export type Membership =
  | { readonly kind: 'member'; readonly groups: readonly GroupName[]; readonly facts: Facts }
  /** It may belong to these groups; that could not be told. */
  | { readonly kind: 'unsure'; readonly groups: readonly GroupName[]; readonly gap: Omit<Gap, 'node'> }
  | { readonly kind: 'apart' }

/** A check over nodes, read once. */
export interface GroupCheck {
  readonly check: Check
  readonly grouping: Grouping
  readonly claims: readonly Claim[]
  readonly membership: (input: CheckInput) => Membership
}

/** Everything that is wrong with the claims of a check, for its author. */
export function claimFaults({ condition, evidence }: Check, parameters: ParameterValues): readonly string[] {
  const faults: string[] = []
  const claims = readClaims(condition, parameters, faults)
  for (const name of factsClaimed(claims))
    if (!Object.hasOwn(evidence, name)) faults.push(`no evidence is named "${name}"`)
  return faults
}

/** Why a value, or what a node is, could not be told. */
export function gapOf(
  what: string,
  { reason, detail, source }: Extract<Evidence<never>, { kind: 'unavailable' }>,
): Omit<Gap, 'node'> {
  const { says, next } = failureWords[reason]
  const more = detail === undefined ? '' : ` (${showText(detail)})`
  return { because: `${what}: ${says}${more}`, next, at: source.at }
}

/** Reads a sound check over nodes. */
export function compileGroupCheck(check: Check, grouping: Grouping, parameters: ParameterValues): GroupCheck {
  const { plan, facts, surroundings } = readQuestions(check, parameters)
  const membership = (input: CheckInput): Membership => {
    const { groups, unknown } = placingOf(grouping, input.roles)
    if (unknown !== null) return { kind: 'unsure', groups, gap: gapOf('its role', unknown) }
    if (groups.length === 0) return { kind: 'apart' }
    const applies = judgeApplicability(plan, surroundings(input), () => facts(input))
    if (applies.kind === 'notApplicable') return { kind: 'apart' }
    if (applies.kind === 'applies') return { kind: 'member', groups, facts: facts(input) }
    const { reason, next, source } = applies
    return { kind: 'unsure', groups, gap: { because: reason.replace(/\.$/, ''), next, at: source.at } }
  }
  return { check, grouping, claims: readClaims(check.condition, parameters, []), membership }
}
