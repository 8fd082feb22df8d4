import type { Fact } from '../model/evidence.ts'
import { isFactList, isFactRecord } from '../model/evidence.ts'
import type { Json } from '../model/finding.ts'
import { failureWords } from './failures.ts'
import type { ItemOutcome, LeafOutcome, LeafPlan, Outcome } from './outcome.ts'
import { type Missing, plainFact } from './plain.ts'
import { mostItems, safeJson, sentence, showItems, showText, showValue } from './show.ts'

/** Fields that name an item of a list, best first. */
const naming = ['path', 'name', 'unit', 'subject', 'file'] as const

/** What an item is called: its path or name, or its position; null for one that is a value of its own. */
function itemName({ item, index }: ItemOutcome): string | null {
  if (item.kind !== 'observed' || !isFactRecord(item.fact)) return null
  for (const field of naming) {
    const name = Object.hasOwn(item.fact, field) ? item.fact[field] : undefined
    if (name?.kind === 'observed' && typeof name.fact === 'string') return showText(name.fact)
  }
  return `item ${index + 1}`
}

function shownValue(node: Fact, { plan }: LeafOutcome): Json {
  return plan.operator.shows(plainFact(node).value)
}

/** What a leaf was about as a whole: its value, or how many of a list hold. */
function wholeOf(leaf: LeafOutcome): Json {
  const { node, plan } = leaf
  const listed = plan.quantifier === null ? [] : membersOf(node)
  return listed.length > 0 ? `all ${listed.length}` : shownValue(node, leaf)
}

function observedItem(outcome: ItemOutcome, leaf: LeafOutcome): Json {
  const value = safeJson(shownValue(outcome.node, leaf))
  const name = itemName(outcome)
  return name === null ? value : { item: name, value }
}

/** Members of a list; none of anything else. */
function membersOf(node: Fact): readonly Fact[] {
  return node.kind === 'observed' && isFactList(node.fact) ? node.fact : []
}

/** What an `every` that holds saw: its first items, the others counted. */
function sampled(leaf: LeafOutcome): Json {
  const { node, sample } = leaf
  const total = membersOf(node).length
  const shown = sample.map((item) => {
    // What is not there has no value: the item was looked at.
    const name = itemName(item)
    return name !== null && item.node.kind === 'absent' ? name : observedItem(item, leaf)
  })
  return total > sample.length ? [...shown, `and ${total - sample.length} more`] : shown
}

function leafObserved(leaf: LeafOutcome): Json {
  if (leaf.items.length === 0) return leaf.sample.length > 0 ? sampled(leaf) : safeJson(wholeOf(leaf))
  const items = leaf.items.slice(0, mostItems).map((item) => observedItem(item, leaf))
  const more = leaf.items.length - items.length
  return more > 0 ? [...items, `and ${more} more`] : items
}

function itemText(outcome: ItemOutcome, leaf: LeafOutcome): string {
  const value = showValue(shownValue(outcome.node, leaf))
  const name = itemName(outcome)
  return name === null ? value : `${name} (${value})`
}

function leafText(leaf: LeafOutcome): string {
  if (leaf.items.length > 0) {
    const texts = leaf.items.slice(0, mostItems).map((item) => itemText(item, leaf))
    return showItems(texts, leaf.items.length)
  }
  return leaf.plan.quantifier !== null && leaf.truth === 'false'
    ? 'nothing was found'
    : showValue(wholeOf(leaf))
}

// What is wanted does not depend on the node.
const wanted = new WeakMap<LeafPlan, Json>()

function leafExpected({ plan }: LeafOutcome): Json {
  const known = wanted.get(plan)
  if (known !== undefined) return known
  const phrased = phrase(plan)
  wanted.set(plan, phrased)
  return phrased
}

function phrase(plan: LeafPlan): Json {
  const { expected, operator, quantifier, negated } = plan
  const claim: Json = operator.phrase(showValue(expected)) ?? expected
  const all =
    quantifier === null ? claim : `${quantifier === 'every' ? 'each' : 'at least one'} ${showValue(claim)}`
  return negated ? `not: ${showValue(all)}` : all
}

/** What was wanted within a sentence, which says itself whether it is about each of a list. */
function wantedText({ plan }: LeafOutcome): string {
  const wanted = plan.operator.inText(showValue(plan.expected))
  return plan.negated ? `not: ${wanted}` : wanted
}

/** One entry for each label, in the order the leaves come. */
function byLabel<T>(
  leaves: readonly LeafOutcome[],
  of: (leaf: LeafOutcome) => T,
): ReadonlyMap<string, readonly T[]> {
  const entries = new Map<string, T[]>()
  for (const leaf of leaves) {
    const known = entries.get(leaf.plan.label)
    if (known === undefined) entries.set(leaf.plan.label, [of(leaf)])
    else known.push(of(leaf))
  }
  return entries
}

function collapse(values: readonly Json[]): Json {
  return values.reduce((all, value) => {
    const [left, right] = [showValue(all), showValue(value)]
    return left === right ? all : `${left}; ${right}`
  })
}

/** One value for each label; the value alone where there is one label. */
function byLabelAsJson(leaves: readonly LeafOutcome[], of: (leaf: LeafOutcome) => Json): Json {
  const [first, second] = leaves
  // Most checks are decided by one leaf.
  if (first !== undefined && second === undefined) return of(first)
  const entries = [...byLabel(leaves, of)]
  if (entries.length === 1) return collapse(entries.flatMap(([, values]) => values))
  return Object.fromEntries(entries.map(([label, values]) => [label, collapse(values)]))
}

function asText(entries: ReadonlyMap<string, readonly string[]>): string {
  const named = entries.size > 1
  return [...entries]
    .map(([label, texts]) =>
      [...new Set(texts)].map((text) => (named ? `${label} ${text}` : text)).join('; '),
    )
    .join('; ')
}

/** What was seen and what was wanted, of the leaves that decided, as JSON. */
export function observedAndExpected(outcome: Outcome): { readonly observed: Json; readonly expected: Json } {
  const { decisive } = outcome
  return {
    observed: byLabelAsJson(decisive, leafObserved),
    expected: byLabelAsJson(decisive, leafExpected),
  }
}

/** The text of a check with `{observed}` and `{expected}` filled in. What a node sent is never read as a template. */
export function fillIn(template: string, { decisive }: Outcome): string {
  if (!template.includes('{')) return template
  return template.replace(/\{(observed|expected)\}/g, (_, word: string) =>
    word === 'observed' ? asText(byLabel(decisive, leafText)) : asText(byLabel(decisive, wantedText)),
  )
}

/** Something that could not be looked at, with the name a check has for it. */
interface MissingPart {
  readonly label: string
  readonly fact: Missing
}

const isNotShown = ({ fact }: MissingPart): boolean => fact.reason === 'not-shown'

/** Every part that kept a condition from an answer; first what the API does not show, which nothing else makes up for. */
function missingParts({ decisive }: Outcome): readonly MissingPart[] {
  const parts = decisive.flatMap(({ plan, node, items }) => {
    const nodes = items.length > 0 ? items.map((item) => item.node) : [node]
    return nodes.flatMap((part) => plainFact(part).missing.map((fact) => ({ label: plan.label, fact })))
  })
  return [...parts.filter(isNotShown), ...parts.filter((part) => !isNotShown(part))]
}

/** True where something is missing that the API does not show: a right or another try would not bring the answer. */
export function isHidden(outcome: Outcome): boolean {
  return missingParts(outcome).some(isNotShown)
}

/** Why a condition could not be answered and what to do: the first part that is missing, the others counted. */
export function describeMissing(outcome: Outcome): { readonly reason: string; readonly next?: string } {
  const [first, ...others] = missingParts(outcome)
  if (first === undefined) return { reason: 'The evidence could not be looked at.' }
  const { fact, label } = first
  const place = fact.source.at[0]
  const where = place === undefined ? '' : ` (${showText(place.at)})`
  const detail = fact.detail === undefined ? '' : ` (${showText(fact.detail)})`
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  const { says, next } = failureWords[fact.reason]
  return { reason: sentence(`Could not look at ${label}${where}: ${says}${detail}${more}`), next }
}
