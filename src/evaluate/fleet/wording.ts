import type { Json } from '../../model/finding.ts'
import { safeJson, showText, showValue } from '../show.ts'
import { isList } from '../values/list.ts'
import type { Claim } from './claim.ts'
import type { ClaimOutcome } from './judge.ts'
import type { Seen } from './tally.ts'

// Enough to go and look; the rest is counted, and listed in the JSON result.
const mostNamed = 5

/** `a, b and c`, or `a, b, c, d, e and 3 more`. */
function named({ holders, count }: Seen): string {
  const names = holders.slice(0, mostNamed).map(({ node }) => showText(node))
  const rest = count - names.length
  const parts = rest > 0 ? [...names, `${rest} more`] : names
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(' and ')
}

/** A value within a sentence; of a digest as much as tells it apart. */
function shown(value: Json): string {
  return showValue(value).replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1…')
}

function onNodes(seen: Seen): string {
  return `${shown(seen.value)} on ${named(seen)}`
}

/** A value that is known to lie between two. */
function rangeOn(seen: Seen): string {
  const { value } = seen
  return isList(value) ? `${value.map(showValue).join(' to ')} on ${named(seen)}` : onNodes(seen)
}

function listed(texts: readonly string[]): string {
  const rest = texts.length - mostNamed
  return rest > 0 ? `${texts.slice(0, mostNamed).join('; ')}; and ${rest} more` : texts.join('; ')
}

/** The value most nodes have, when it is not among those that are told by name. */
function majorityOf({ telling, tallies }: ClaimOutcome): readonly Seen[] {
  return tallies.own.seen().filter(({ key }) => telling.every((one) => one.key !== key))
}

/** Majority first, by number; the odd ones by name. */
function sameText(outcome: ClaimOutcome): string {
  const { claim, telling } = outcome
  const most = majorityOf(outcome).map(({ value, count }) => `${shown(value)} on ${count} nodes`)
  return `${claim.subject.label} is ${listed([...most, ...telling.map(onNodes)])}`
}

/** What was seen, in a sentence. */
export function seenText(outcome: ClaimOutcome): string {
  const { claim, telling, beside, number, truth } = outcome
  switch (claim.kind) {
    case 'same':
      return truth === 'false'
        ? sameText(outcome)
        : `${claim.subject.label} is ${listed(telling.map(({ value }) => shown(value)))}`
    case 'unique':
      return truth === 'false' ? listed(telling.map(onNodes)) : `${telling.length} different values`
    case 'count':
      return `${number} (${listed(telling.map(({ value }) => showValue(value)))})`
    case 'span':
    case 'minor-span':
      return number === null ? listed(telling.map(onNodes)) : `${number} (${listed(telling.map(rangeOn))})`
    case 'minors-behind': {
      const versions = `${claim.subject.label} is ${listed(telling.map(onNodes))}`
      return beside.length === 0
        ? versions
        : `${versions}, beside ${claim.of.label} ${listed(beside.map(onNodes))}`
    }
    case 'majority':
      return `${number} of ${beside.length}`
    default:
      return claim satisfies never
  }
}

/** The same as JSON: every telling value with its nodes, the one most nodes have with their number. */
export function seenJson(outcome: ClaimOutcome): Json {
  const { claim, telling, truth, number } = outcome
  if (claim.kind !== 'same' && claim.kind !== 'unique' && claim.kind !== 'minors-behind') return number
  if (truth !== 'false')
    return claim.kind === 'unique' ? telling.length : telling.map(({ value }) => safeJson(value))
  const majority = claim.kind === 'same' ? majorityOf(outcome) : []
  const most = majority.map(({ value, count }) => ({ value: safeJson(value), count }))
  const odd = telling.map(({ value, count, holders }) => ({
    value: safeJson(value),
    count,
    nodes: holders.map(({ node }) => showText(node)),
  }))
  return [...most, ...odd]
}

/** What was wanted, for people. */
export function wantedText(claim: Claim): string {
  switch (claim.kind) {
    case 'same':
      return 'the same on every node'
    case 'unique':
      return 'different on every node'
    case 'majority':
      return 'more than half'
    case 'count':
    case 'span':
    case 'minor-span':
    case 'minors-behind': {
      const { operator, expected } = claim.comparison
      return operator.inText(showValue(expected))
    }
    default:
      return claim satisfies never
  }
}
