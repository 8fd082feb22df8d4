import type { Applicability, FactRequest, Role } from '../model/check.ts'
import { distributionName } from '../model/distribution-name.ts'
import type { Evidence, Fact, Source } from '../model/evidence.ts'
import { unavailable } from '../model/evidence.ts'
import { versionSatisfies } from '../model/version.ts'
import type { CompiledCondition } from './condition.ts'
import { describeMissing, isHidden } from './describe.ts'
import { failureWords } from './failures.ts'
import type { Facts } from './leaf.ts'
import { outcomeSource } from './outcome.ts'
import { walk } from './path.ts'
import { sentence, showText } from './show.ts'

/** What a check may ask of the node as a whole before it looks at its evidence. */
export interface Surroundings {
  readonly roles: Evidence<readonly Role[]>
  /** `rke2`, `kubeadm`, …, `none` without Kubernetes. */
  readonly distribution: Evidence<string>
  /** Version of Kubernetes on the node. */
  readonly version: Evidence<string>
  /** The `component` fact of the component the check is about, if it is about one. */
  readonly component: Fact | undefined
}

/** Whether a check says anything about a node. Everything but `applies` comes with its one-sentence reason. */
export type Applies =
  | { readonly kind: 'applies' }
  | {
      /** `notChecked`: what would tell is not shown where it was looked. */
      readonly kind: 'notApplicable' | 'error' | 'unknown' | 'notChecked'
      readonly reason: string
      readonly source: Source
      /** What to do about it. */
      readonly next?: string
    }

/** The facts of a check by name; only asked for when nothing else has settled the matter. */
export type LazyFacts = () => Facts

/** An applicability with its `when` compiled. */
export interface ApplicabilityPlan {
  readonly applies: Applicability
  readonly when?: CompiledCondition
}

const applies: Applies = { kind: 'applies' }

function cannotTell(what: string, evidence: Evidence<unknown>): Applies {
  if (evidence.kind !== 'unavailable') {
    return { kind: 'error', reason: sentence(`${what} could not be told`), source: evidence.source }
  }
  const { source, detail } = evidence
  const { says, next } = failureWords[evidence.reason]
  const because = `${says}${detail === undefined ? '' : ` (${showText(detail)})`}`
  const kind = evidence.reason === 'not-shown' ? 'notChecked' : 'error'
  return { kind, reason: sentence(`${what} could not be told: ${because}`), source, next }
}

function notApplicable(reason: string, source: Source): Applies {
  return { kind: 'notApplicable', reason: sentence(reason), source }
}

/** The request for the `component` fact of one component. */
export function componentRequest(id: string): FactRequest {
  return { fact: 'component', of: id }
}

function judgeComponent(id: string, fact: Fact): Applies {
  if (fact.kind === 'absent') return notApplicable(`There is no ${id} on this node`, fact.source)
  return fact.kind === 'observed' ? applies : cannotTell(`Whether ${id} runs on this node`, fact)
}

function judgeWord(
  claim: { what: string; wanted: readonly string[]; because: string | undefined },
  fact: Fact,
): Applies {
  if (fact.kind !== 'observed' || typeof fact.fact !== 'string') return cannotTell(claim.what, fact)
  if (claim.wanted.includes(fact.fact)) return applies
  return notApplicable(claim.because ?? `${claim.what} is ${showText(fact.fact)}`, fact.source)
}

function judgeRoles(
  wanted: readonly Role[],
  roles: Surroundings['roles'],
  because: string | undefined,
): Applies {
  if (roles.kind === 'unavailable') return cannotTell('The role of this node', roles)
  const held = roles.kind === 'observed' ? roles.fact : []
  if (wanted.some((role) => held.includes(role))) return applies
  const is = held.length === 0 ? 'has no role in a cluster' : `is ${held.join(' and ')} only`
  return notApplicable(because ?? `This node ${is}`, roles.source)
}

function judgeDistribution(
  { distributions, because }: Applicability,
  { distribution }: Surroundings,
): Applies {
  if (distribution.kind !== 'observed') return cannotTell('The distribution of this node', distribution)
  const excluded = distributions?.except?.includes(distribution.fact) === true
  const included = distributions?.only?.includes(distribution.fact) ?? true
  if (included && !excluded) return applies
  return notApplicable(
    because ?? `This node runs ${showText(distributionName(distribution.fact))}`,
    distribution.source,
  )
}

function judgeVersion(range: string, version: Evidence<unknown>, check: Applicability): Applies {
  const what = `The version of ${check.component ?? 'Kubernetes'}`
  if (version.kind !== 'observed') return cannotTell(what, version)
  const text = typeof version.fact === 'string' ? version.fact : ''
  const inside = versionSatisfies(text, range)
  if (inside === true) return applies
  if (inside === false)
    return notApplicable(check.because ?? `${what} is ${showText(text)}, not ${range}`, version.source)
  return {
    kind: 'unknown',
    reason: sentence(`${what} ("${showText(text)}") is not a version`),
    source: version.source,
  }
}

function judgeWhen(when: CompiledCondition, facts: LazyFacts, because: string | undefined): Applies {
  const outcome = when(facts())
  if (outcome.truth === 'true') return applies
  const source = outcomeSource(outcome)
  if (outcome.truth === 'false')
    return notApplicable(because ?? 'What the check is about is not in use here', source)
  if (outcome.truth === 'error')
    return { kind: isHidden(outcome) ? 'notChecked' : 'error', ...describeMissing(outcome), source }
  return { kind: 'unknown', reason: 'Whether the check applies is unclear.', source }
}

function partOf(component: Fact, field: string): Fact {
  const { node, next } = walk(component, [field], 0)
  return next === 0 ? unavailable('unparsable', node.source, 'it is not a record') : node
}

function* claims(
  { applies: check, when }: ApplicabilityPlan,
  node: Surroundings,
  facts: LazyFacts,
): Generator<Applies> {
  const { because, component: id } = check
  const { component } = node
  const part = (field: string): Fact | undefined => component && partOf(component, field)
  if (id !== undefined && component !== undefined) yield judgeComponent(id, component)
  if (check.roles !== undefined) yield judgeRoles(check.roles, node.roles, because)
  if (check.distributions !== undefined) yield judgeDistribution(check, node)
  const startedAs = part('started-as')
  if (check.startedAs !== undefined && startedAs !== undefined) {
    yield judgeWord({ what: `The way ${id} is started`, wanted: check.startedAs, because }, startedAs)
  }
  if (check.versions !== undefined) yield judgeVersion(check.versions, part('version') ?? node.version, check)
  if (when !== undefined) yield judgeWhen(when, facts, because)
}

const weight = { applies: 0, notApplicable: 0, unknown: 1, notChecked: 2, error: 3 } as const

/**
 * Whether a check applies: one claim that does not hold settles it; otherwise one that could not be told does.
 */
export function judgeApplicability(plan: ApplicabilityPlan, node: Surroundings, facts: LazyFacts): Applies {
  let worst: Applies = applies
  for (const claim of claims(plan, node, facts)) {
    if (claim.kind === 'notApplicable') return claim
    if (weight[claim.kind] > weight[worst.kind]) worst = claim
  }
  return worst
}
