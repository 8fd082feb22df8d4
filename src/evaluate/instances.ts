import type { CheckInput, CompiledCheck } from './check.ts'
import type { CheckOutcome } from './check-outcome.ts'
import { mostItems, sentence } from './show.ts'

/** The node as its checks ask it, beside one of several processes that are the same component. */
export interface InstanceInput {
  readonly name: string
  readonly input: CheckInput
}

/** From what must be said first to what may be left unsaid. */
const weight: Readonly<Record<CheckOutcome['verdict'], number>> = {
  fail: 6,
  error: 5,
  unknown: 4,
  notChecked: 3,
  pass: 2,
  informational: 1,
  notApplicable: 0,
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}

interface Answer {
  readonly name: string
  readonly outcome: CheckOutcome
}

/** What was seen of each, by name, unless they share what was looked at. */
function observedOf(answers: readonly Answer[], worst: CheckOutcome): Pick<CheckOutcome, 'observed'> {
  const seen = answers.flatMap(({ name, outcome: { observed, provenance } }) =>
    observed === undefined || observed === null ? [] : [{ name, observed, provenance }],
  )
  const distinct = unique(seen.map(({ observed, provenance }) => [observed, provenance]))
  if (distinct.length > 1)
    return { observed: Object.fromEntries(seen.map(({ name, observed }) => [name, observed])) }
  return worst.observed === undefined ? {} : { observed: worst.observed }
}

/** The first place of each, then the second of each: a limit cuts none off. */
function inTurn(places: readonly CheckOutcome['provenance'][]): CheckOutcome['provenance'] {
  const turns = Math.max(...places.map(({ length }) => length))
  return unique(
    Array.from({ length: turns }, (_, turn) => places.flatMap((each) => each.slice(turn, turn + 1))).flat(),
  )
}

function answerOf(compiled: CompiledCheck, { name, input }: InstanceInput): Answer {
  return { name, outcome: compiled.evaluate(input) }
}

/** What a check comes to where every instance has to meet it: the worst counts, and is named when they differ. */
export function evaluateInstances(
  compiled: CompiledCheck,
  [one, ...others]: readonly [InstanceInput, ...InstanceInput[]],
): CheckOutcome {
  const first = answerOf(compiled, one)
  const answers = [first, ...others.map((other) => answerOf(compiled, other))]
  const worst = answers.reduce(
    (before, next) => (weight[next.outcome.verdict] > weight[before.outcome.verdict] ? next : before),
    first,
  )
  const alike = answers.filter(({ outcome }) => outcome.verdict === worst.outcome.verdict)
  const better = answers.filter((answer) => !alike.includes(answer))
  const places = [...alike, ...better].map(({ outcome }) => outcome.provenance)
  const sources = {
    ...observedOf(answers, worst.outcome),
    provenance: inTurn(places).slice(0, mostItems),
    items: unique(answers.flatMap(({ outcome }) => outcome.items)),
  }
  const isSame = answers.every(({ outcome }) => outcome.reason === worst.outcome.reason)
  if (isSame) return { ...worst.outcome, ...sources }
  const reasons = unique(alike.map(({ name, outcome }) => `${name}: ${outcome.reason}`))
  return { ...worst.outcome, ...sources, reason: sentence(reasons.join(' ')) }
}
