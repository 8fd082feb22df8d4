import { canonicalJson } from '../model/canonical-json.ts'
import type { Check, FactRequest } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import type { Fact } from '../model/evidence.ts'
import {
  type ApplicabilityPlan,
  componentRequest,
  judgeApplicability,
  type Surroundings,
} from './applicability.ts'
import { type CheckOutcome, type DriftOf, describeNotJudged, describeOutcome } from './check-outcome.ts'
import { compileCondition, conditionFaults, factsNamed, type ParameterValues } from './condition.ts'
import type { Facts } from './leaf.ts'

/** What evaluating a check may ask of one node. */
export interface CheckInput extends Omit<Surroundings, 'component'> {
  /** The fact a request stands for; `key` is the request's canonical JSON, the same for equal requests. */
  readonly fact: (request: FactRequest, key: string) => Fact
  /** What differs between the file on disk and the running process for one setting. */
  readonly drift?: DriftOf
}

/** A check read once, to be run over many nodes. */
export interface CompiledCheck {
  readonly check: Check
  readonly evaluate: (input: CheckInput) => CheckOutcome
}

function parametersOf(check: Check, values: ParameterValues): ParameterValues {
  const pairs = Object.entries(check.parameters).map(([name, parameter]) => {
    const given = Object.hasOwn(values, name) ? values[name] : undefined
    return [name, given ?? parameter.default] as const
  })
  return Object.fromEntries(pairs)
}

/** Everything that is wrong with a check beyond its form, for its author; empty when it can be evaluated. */
export function checkFaults(check: Check, values: ParameterValues = {}): readonly string[] {
  const { applies, condition, evidence } = check
  const parameters = parametersOf(check, values)
  const conditions = applies.when === undefined ? [condition] : [condition, applies.when]
  const faults = conditions.flatMap((part) => conditionFaults(part, parameters))
  for (const name of new Set(conditions.flatMap((part) => [...factsNamed(part)]))) {
    if (!Object.hasOwn(evidence, name)) faults.push(`no evidence is named "${name}"`)
  }
  if (applies.startedAs !== undefined && applies.component === undefined) {
    faults.push('"startedAs" needs the component it is about')
  }
  return faults
}

function claimSound(check: Check, values: ParameterValues): void {
  const faults = checkFaults(check, values)
  if (faults.length === 0) return
  const message = `${check.file}: ${check.id}: ${faults.join('; ')}`
  throw new KhardError({
    code: 'content-invalid',
    message,
    next: 'Correct the check, then run `khard validate` on it.',
  })
}

function planOf({ applies }: Check, parameters: ParameterValues): ApplicabilityPlan {
  return applies.when === undefined
    ? { applies }
    : { applies, when: compileCondition(applies.when, parameters) }
}

function keyed(request: FactRequest): { readonly request: FactRequest; readonly key: string } {
  return { request, key: canonicalJson(request) }
}

/** Reads a check and its parameter values once. Throws `content-invalid` with all of its faults. */
export function compileCheck(check: Check, values: ParameterValues = {}): CompiledCheck {
  claimSound(check, values)
  const parameters = parametersOf(check, values)
  const condition = compileCondition(check.condition, parameters)
  const plan = planOf(check, parameters)
  const requests = Object.entries(check.evidence).map(([name, request]) => ({ name, ...keyed(request) }))
  const about =
    check.applies.component === undefined ? undefined : keyed(componentRequest(check.applies.component))
  const evaluate = (input: CheckInput): CheckOutcome => {
    const facts = (): Facts =>
      Object.fromEntries(requests.map(({ name, request, key }) => [name, input.fact(request, key)]))
    const { roles, distribution, version } = input
    const component = about && input.fact(about.request, about.key)
    const applies = judgeApplicability(plan, { roles, distribution, version, component }, facts)
    if (applies.kind !== 'applies') return describeNotJudged(applies)
    return describeOutcome(check, condition(facts()), input.drift)
  }
  return { check, evaluate }
}

/** Evaluates one check on one node; never throws for what the node holds. */
export function evaluateCheck(check: Check, input: CheckInput, values: ParameterValues = {}): CheckOutcome {
  return compileCheck(check, values).evaluate(input)
}
