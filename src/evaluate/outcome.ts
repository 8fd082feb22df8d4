import { type Fact, isFactList, joinSources, type Source } from '../model/evidence.ts'
import type { Json } from '../model/finding.ts'
import type { Operator, PreparedTest } from './operators/operator.ts'
import type { Truth } from './truth.ts'

/** A leaf condition, read once: names looked up, path split, right-hand side in the operator's own form. */
export interface LeafPlan {
  /** Name the check gave the fact. */
  readonly fact: string
  readonly segments: readonly string[]
  /** Fact and path as the author wrote them, for people. */
  readonly label: string
  readonly quantifier: 'every' | 'some' | null
  readonly operator: Operator
  /** Right-hand side with parameters filled in. */
  readonly expected: Json
  readonly prepared: PreparedTest
  /** True below an odd number of `not`. */
  readonly negated: boolean
}

/** What one item of a list came to. */
export interface ItemOutcome {
  readonly truth: Truth
  /** Position in the list. */
  readonly index: number
  readonly item: Fact
  /** The value below the item that was tested. */
  readonly node: Fact
}

/** What one leaf came to. */
export interface LeafOutcome {
  readonly plan: LeafPlan
  readonly truth: Truth
  /** The value that was tested; for a quantified leaf the list. */
  readonly node: Fact
  /** The items that made a quantified leaf what it is; empty when all of `every` hold. */
  readonly items: readonly ItemOutcome[]
  /** The first items of an `every` that holds, for people. */
  readonly sample: readonly ItemOutcome[]
  /** True when the path runs into a list or a single value before its end. */
  readonly stuck: boolean
}

/** What a condition came to, with the leaves that decided it; of a true one, those that made it true. */
export interface Outcome {
  readonly truth: Truth
  readonly decisive: readonly LeafOutcome[]
}

// Several checks rest on the same long list (certificates, files); its union is made once.
const unions = new WeakMap<Fact, Source>()

function unionOf(node: Fact, list: readonly Fact[]): Source {
  const known = unions.get(node)
  if (known !== undefined) return known
  const union = joinSources(node.source, ...list.map((item) => item.source))
  unions.set(node, union)
  return union
}

function leafSources({ plan, node, items }: LeafOutcome): readonly Source[] {
  if (items.length > 0)
    return [...items.flatMap(({ item, node: tested }) => [tested.source, item.source]), node.source]
  const isWhole = plan.quantifier !== null && node.kind === 'observed' && isFactList(node.fact)
  return [isWhole ? unionOf(node, node.fact) : node.source]
}

/** What an outcome rests on, most telling first. */
export function outcomeSource(outcome: Outcome): Source {
  return joinSources(...outcome.decisive.flatMap(leafSources))
}
