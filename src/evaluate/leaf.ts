import type { Fact } from '../model/evidence.ts'
import { isFactList, isFactRecord, noSource, unavailable } from '../model/evidence.ts'
import type { ItemOutcome, LeafOutcome, LeafPlan } from './outcome.ts'
import { walk } from './path.ts'
import { plainFact } from './plain.ts'
import { combine, type Truth } from './truth.ts'

/** Facts by the names a check gave them. */
export interface Facts {
  readonly [name: string]: Fact
}

const noFields = {}

function isObservedRecord(item: Fact): boolean {
  return item.kind === 'observed' && isFactRecord(item.fact)
}

/** Operators that ask whether there is anything, not what it is. */
const asksPresence: readonly string[] = ['set', 'absent']

function testNode(node: Fact, { prepared, operator }: LeafPlan): Truth {
  if (node.kind === 'absent') return prepared.onAbsent
  if (node.kind === 'unavailable') return 'error'
  if (isFactRecord(node.fact)) return prepared.test({})
  if (!isFactList(node.fact)) return prepared.test(node.fact)
  // Operators see records as empty ones: of a list of records only its length tells, and copying it costs.
  if (node.fact.every(isObservedRecord)) return prepared.test(node.fact.map(() => noFields))
  // One item that was seen settles it: a neighbour that could not be read must not hide the others.
  const seen = node.fact.filter((item) => item.kind === 'observed')
  if (asksPresence.includes(operator.name) && seen.length > 0) return prepared.test(seen.map(() => noFields))
  const list = plainFact(node)
  return list.missing.length > 0 ? 'error' : prepared.test(list.value)
}

function judgeItem(
  item: Fact,
  index: number,
  tail: { readonly plan: LeafPlan; readonly from: number },
): ItemOutcome {
  const { segments } = tail.plan
  const { node, next } = walk(item, segments, tail.from)
  return { truth: next < segments.length ? 'unknown' : testNode(node, tail.plan), index, item, node }
}

// Enough to see what kind of thing held; the rest is counted.
const mostSamples = 5

function judgeList(plan: LeafPlan, node: Fact, from: number): LeafOutcome {
  if (node.kind === 'unavailable') return { plan, truth: 'error', node, items: [], sample: [], stuck: false }
  // Nothing there to look at is never "every one is fine".
  if (node.kind === 'absent') return { plan, truth: 'false', node, items: [], sample: [], stuck: false }
  if (!isFactList(node.fact)) return { plan, truth: 'unknown', node, items: [], sample: [], stuck: true }
  if (node.fact.length === 0) return { plan, truth: 'false', node, items: [], sample: [], stuck: false }
  const every = plan.quantifier === 'every'
  const telling: ItemOutcome[] = []
  const sample: ItemOutcome[] = []
  for (const [index, item] of node.fact.entries()) {
    const outcome = judgeItem(item, index, { plan, from })
    if (!every || outcome.truth !== 'true') telling.push(outcome)
    else if (sample.length < mostSamples) sample.push(outcome)
  }
  const truth = combine(
    every ? 'all' : 'any',
    telling.map((outcome) => outcome.truth),
  )
  const items = telling.filter((outcome) => outcome.truth === truth)
  return { plan, truth, node, items, sample: truth === 'true' ? sample : [], stuck: false }
}

/** Judges one leaf over the facts of a check. A fact nobody handed over is no evidence. */
export function judgeLeaf(plan: LeafPlan, facts: Facts): LeafOutcome {
  const given = Object.hasOwn(facts, plan.fact) ? facts[plan.fact] : undefined
  const root = given ?? unavailable('not-collected', noSource, `no evidence is named "${plan.fact}"`)
  const { node, next } = walk(root, plan.segments, 0)
  if (plan.quantifier !== null) return judgeList(plan, node, next)
  const stuck = next < plan.segments.length
  return { plan, truth: stuck ? 'unknown' : testNode(node, plan), node, items: [], sample: [], stuck }
}
