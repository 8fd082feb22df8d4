import type { Check, Condition, ParameterValue } from '../model/check.ts'
import { isParameter, type OperatorRule } from './compile-condition.ts'

/** What is wrong with a value for one parameter of one check: its kind, or an operator that cannot compare with it. */
export function parameterFaults(
  { check, name, value }: { readonly check: Check; readonly name: string; readonly value: ParameterValue },
  operators: ReadonlyMap<string, OperatorRule>,
): readonly string[] {
  const usual = check.parameters[name]?.default
  if (usual !== undefined && kindOf(usual) !== kindOf(value))
    return [
      `parameter "${name}" of ${check.id} is ${kindOf(usual)}, and ${JSON.stringify(value)} is ${kindOf(value)}`,
    ]
  return operatorsUsing(check.condition, name).flatMap((operator) => {
    const complaint = operators.get(operator)?.expects.validate(value) ?? null
    return complaint !== null ? [`parameter "${name}" of ${check.id}: ${complaint}`] : []
  })
}

function kindOf(value: ParameterValue): string {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'object') return 'a list'
  return typeof value === 'number' ? 'a number' : 'true or false'
}

/** Operators that compare with `{ parameter: name }`, without `every:` and `some:`. */
function operatorsUsing(condition: Condition, name: string): readonly string[] {
  if ('all' in condition) return condition.all.flatMap((inner) => operatorsUsing(inner, name))
  if ('any' in condition) return condition.any.flatMap((inner) => operatorsUsing(inner, name))
  if ('not' in condition) return operatorsUsing(condition.not, name)
  const uses = isParameter(condition.value) && condition.value.parameter === name
  return uses ? [condition.operator.replace(/^(?:every|some|nodes:[a-z-]+):/, '')] : []
}
