import { Engine, type NestedCondition } from 'json-rules-engine'
import type { Condition } from '../model/check.ts'
import type { Scalar } from '../model/evidence.ts'
import { splitPath } from '../model/field-path.ts'
import type { Json } from '../model/finding.ts'
import { compileCondition, type ParameterValues } from './condition.ts'
import { operators } from './operators/index.ts'
import type { Operator } from './operators/operator.ts'
import { isList, isScalar } from './values/list.ts'

/** Values below each item of a list, kept apart from a list that is one value. */
class Spread {
  readonly items: readonly (Json | Spread)[]

  constructor(items: readonly (Json | Spread)[]) {
    this.items = items
  }
}

type Seen = Json | Spread
type Wanted = Scalar | readonly Scalar[]

function refuse(message: string): never {
  throw new Error(message)
}

function isSeen(value: unknown): value is Seen {
  return isScalar(value) || typeof value === 'object'
}

function segmentsOf(path: string): readonly string[] {
  return splitPath(path) ?? refuse(`"${path}" is not a path`)
}

/** Follows a path through plain JSON, null for absent, as the evaluator follows it through facts. */
function follow(value: unknown, segments: readonly string[]): Seen {
  const [name, ...rest] = segments
  if (name === undefined || value === null) return isSeen(value) ? value : refuse('this is not plain JSON')
  if (Array.isArray(value)) return new Spread(value.map((item: unknown) => follow(item, segments)))
  const field = typeof value === 'object' ? Object.entries(value).find(([key]) => key === name) : undefined
  return field === undefined ? refuse(`there is no "${name}" here`) : follow(field[1], rest)
}

function judge(operator: Operator, seen: Seen, wanted: Wanted): boolean {
  if (seen instanceof Spread) return refuse('a list stands where one value was expected')
  const answer = seen === null ? operator.onAbsent(wanted) : operator.test(seen, wanted)
  return answer === 'unknown' ? refuse(`${operator.name} cannot interpret the value`) : answer === 'true'
}

function itemsOf(seen: Seen): readonly Seen[] {
  if (seen instanceof Spread) return seen.items
  if (seen === null) return []
  return isList(seen) ? seen : refuse('one value stands where a list was expected')
}

/** A fresh engine that knows khard's operators. One run each: concurrent runs on one engine lose rules. */
export function createEngine(): Engine {
  const engine = new Engine([], {
    allowUndefinedFacts: false,
    pathResolver: (value, path) => follow(value, segmentsOf(path)),
  })
  for (const operator of Object.values(operators)) {
    engine.addOperator<Seen, Wanted>(operator.name, (seen, wanted) => judge(operator, seen, wanted))
    engine.addOperator<Seen, Wanted>(`every:${operator.name}`, (seen, wanted) => {
      const answers = itemsOf(seen).map((item) => judge(operator, item, wanted))
      return answers.length > 0 && !answers.includes(false)
    })
    engine.addOperator<Seen, Wanted>(`some:${operator.name}`, (seen, wanted) =>
      itemsOf(seen)
        .map((item) => judge(operator, item, wanted))
        .includes(true),
    )
  }
  return engine
}

/** Whether the one rule of a run held; throws when the engine was asked one and did not answer one. */
export function claimOne(held: number, failed: number): boolean {
  return held + failed === 1 ? held === 1 : refuse(`the engine answered ${held + failed} rules of 1`)
}

function resolved(condition: Condition, parameters: ParameterValues): NestedCondition {
  if ('all' in condition) return { all: condition.all.map((part) => resolved(part, parameters)) }
  if ('any' in condition) return { any: condition.any.map((part) => resolved(part, parameters)) }
  if ('not' in condition) return { not: resolved(condition.not, parameters) }
  const { fact, path, operator, value } = condition
  const named = value !== null && !isScalar(value) && !isList(value)
  return {
    fact,
    operator,
    value: named ? parameters[value.parameter] : value,
    ...(path === undefined ? {} : { path }),
  }
}

/**
 * Runs a condition on json-rules-engine over plain facts (null for absent). Rejects when any leaf has no answer:
 * the engine knows true and false only. Throws `content-invalid` for a condition the evaluator would not take.
 */
export async function runOnEngine(
  condition: Condition,
  facts: { readonly [name: string]: Json },
  parameters: ParameterValues = {},
): Promise<boolean> {
  compileCondition(condition, parameters)
  const engine = createEngine()
  engine.addRule({ conditions: { all: [resolved(condition, parameters)] }, event: { type: 'holds' } })
  const { results, failureResults } = await engine.run({ ...facts })
  return claimOne(results.length, failureResults.length)
}
