import type { Condition, ConditionValue, LeafCondition, ParameterValue } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import { splitPath } from '../model/field-path.ts'
import { type Facts, judgeLeaf } from './leaf.ts'
import { operatorNamed } from './operators/index.ts'
import type { LeafOutcome, LeafPlan, Outcome } from './outcome.ts'
import { type Combination, combine, negate } from './truth.ts'
import { isList, isScalar } from './values/list.ts'

/** A condition ready to run: pure, synchronous, and never throws. */
export type CompiledCondition = (facts: Facts) => Outcome

/** Parameter values by name. */
export interface ParameterValues {
  readonly [name: string]: ParameterValue
}

interface Compiling {
  readonly parameters: ParameterValues
  readonly negated: boolean
  readonly faults: string[]
}

/** The right-hand side with a parameter filled in; null (and a fault) when there is none of that name. */
function resolve(leaf: LeafCondition, { parameters, faults }: Compiling): ConditionValue {
  const { value } = leaf
  if (value === null || isScalar(value) || isList(value)) return value
  const given = Object.hasOwn(parameters, value.parameter) ? parameters[value.parameter] : undefined
  if (given !== undefined) return given
  faults.push(`${labelOf(leaf)}: there is no parameter "${value.parameter}"`)
  return null
}

function labelOf({ fact, path }: LeafCondition): string {
  return path === undefined ? fact : `${fact}.${path}`
}

const quantified = /^(every|some):(.*)$/

function planLeaf(leaf: LeafCondition, compiling: Compiling): LeafPlan | null {
  const { faults, negated } = compiling
  const label = labelOf(leaf)
  const before = faults.length
  const [, word, rest] = quantified.exec(leaf.operator) ?? []
  const quantifier = word === 'every' || word === 'some' ? word : null
  const operator = operatorNamed(rest ?? leaf.operator)
  const segments = leaf.path === undefined ? [] : splitPath(leaf.path)
  const expected = resolve(leaf, compiling)
  if (segments === null) faults.push(`${label}: "${leaf.path}" is not a path`)
  if (operator === undefined) faults.push(`${label}: there is no operator "${leaf.operator}"`)
  // Over an empty list "not every" would hold although nothing was looked at.
  if (quantifier === 'every' && negated) faults.push(`${label}: "every" below "not"; write "some" instead`)
  if (operator === undefined || segments === null || faults.length > before) return null
  const prepared = operator.prepare(expected)
  if (prepared === null) faults.push(`${label}: ${operator.expects.validate(expected)}`)
  return prepared && { fact: leaf.fact, segments, label, quantifier, operator, expected, prepared, negated }
}

function combined(how: Combination, parts: readonly CompiledCondition[]): CompiledCondition {
  return (facts) => {
    const outcomes = parts.map((part) => part(facts))
    const truth = combine(
      how,
      outcomes.map((outcome) => outcome.truth),
    )
    const decisive: LeafOutcome[] = []
    for (const outcome of outcomes) if (outcome.truth === truth) decisive.push(...outcome.decisive)
    return { truth, decisive }
  }
}

function compileList(how: Combination, list: readonly Condition[], compiling: Compiling): CompiledCondition {
  if (list.length === 0) compiling.faults.push(`an empty "${how}" would be decided without evidence`)
  return combined(
    how,
    list.map((part) => compile(part, compiling)),
  )
}

function compile(condition: Condition, compiling: Compiling): CompiledCondition {
  if ('all' in condition) return compileList('all', condition.all, compiling)
  if ('any' in condition) return compileList('any', condition.any, compiling)
  if ('not' in condition) {
    const inner = compile(condition.not, { ...compiling, negated: !compiling.negated })
    return (facts) => {
      const { truth, decisive } = inner(facts)
      return { truth: negate(truth), decisive }
    }
  }
  const plan = planLeaf(condition, compiling)
  if (plan === null) return combined('any', [])
  return (facts) => {
    const leaf = judgeLeaf(plan, facts)
    return { truth: leaf.truth, decisive: [leaf] }
  }
}

/** Everything that is wrong with a condition, for its author; empty when it can be compiled. */
export function conditionFaults(condition: Condition, parameters: ParameterValues = {}): readonly string[] {
  const faults: string[] = []
  compile(condition, { parameters, negated: false, faults })
  return faults
}

/** Reads a condition once, to be run over many nodes. Throws `content-invalid` with all of its faults. */
export function compileCondition(condition: Condition, parameters: ParameterValues = {}): CompiledCondition {
  const faults: string[] = []
  const compiled = compile(condition, { parameters, negated: false, faults })
  if (faults.length === 0) return compiled
  const next = 'Correct the condition; operators and their values are listed in the check reference.'
  throw new KhardError({ code: 'content-invalid', message: faults.join('; '), next })
}

/** Names of the facts a condition looks at. */
export function factsNamed(condition: Condition): ReadonlySet<string> {
  if ('all' in condition) return new Set(condition.all.flatMap((part) => [...factsNamed(part)]))
  if ('any' in condition) return new Set(condition.any.flatMap((part) => [...factsNamed(part)]))
  return 'not' in condition ? factsNamed(condition.not) : new Set([condition.fact])
}
