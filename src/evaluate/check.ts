import type { Check } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import { judgeApplicability } from './applicability.ts'
import type { CheckInput } from './check-input.ts'
import { type CheckOutcome, describeNotJudged, describeOutcome } from './check-outcome.ts'
import { compileCondition, conditionFaults, factsNamed, type ParameterValues } from './condition.ts'
import { claimFaults, compileGroupCheck, type GroupCheck } from './fleet/group-check.ts'
import { readQuestions } from './questions.ts'
import { remarksOf } from './remarks.ts'

export type { CheckInput } from './check-input.ts'

/** A check read once, to be run over many nodes. */
export interface CompiledCheck {
  readonly check: Check
  readonly evaluate: (input: CheckInput) => CheckOutcome
  /** Set for a check over nodes: what each node adds to its group, and what is claimed of that. */
  readonly group?: GroupCheck
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
  const { applies, condition, evidence, over } = check
  const parameters = parametersOf(check, values)
  const conditions = [
    ...(over === undefined ? [condition] : []),
    ...(applies.when === undefined ? [] : [applies.when]),
  ]
  const faults = conditions.flatMap((part) => conditionFaults(part, parameters))
  if (over !== undefined) faults.push(...claimFaults(check, parameters))
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

/** What a check over nodes says of a node by itself. */
const needsOthers: CheckOutcome = {
  verdict: 'notApplicable',
  reason: 'It compares nodes: one by itself has nothing to be compared with.',
  provenance: [],
  items: [],
}

/** Reads a check and its parameter values once. Throws `content-invalid` with all of its faults. */
export function compileCheck(check: Check, values: ParameterValues = {}): CompiledCheck {
  claimSound(check, values)
  const parameters = parametersOf(check, values)
  if (check.over !== undefined)
    return {
      check,
      evaluate: () => needsOthers,
      group: compileGroupCheck(check, check.over.group, parameters),
    }
  const condition = compileCondition(check.condition, parameters)
  const questions = readQuestions(check, parameters)
  const evaluate = (input: CheckInput): CheckOutcome => {
    const { plan, facts, surroundings } = questions
    const applies = judgeApplicability(plan, surroundings(input), () => facts(input))
    if (applies.kind !== 'applies') return describeNotJudged(applies)
    const seen = facts(input)
    const outcome = describeOutcome(check, condition(seen), input)
    const objects = check.about === undefined ? undefined : remarksOf(seen)
    return objects === undefined ? outcome : { ...outcome, objects }
  }
  return { check, evaluate }
}

/** Evaluates one check on one node; never throws for what the node holds. */
export function evaluateCheck(check: Check, input: CheckInput, values: ParameterValues = {}): CheckOutcome {
  return compileCheck(check, values).evaluate(input)
}
