import { theNodes } from '../../model/check.ts'
import { rollUp } from '../../model/roll-up.ts'
import type { CheckInput } from '../check-input.ts'
import { createGroups } from './forming.ts'
import type { GroupCheck } from './group-check.ts'
import { type GroupOutcome, notApplicable } from './outcome.ts'

/** What a row of a truth table gives for one node. */
export interface ExampleNode {
  readonly name: string
  readonly input: CheckInput
}

/** The maps under `nodes` of a row; what else stands there is no node. */
export function nodesGiven(given: {
  readonly [name: string]: unknown
}): readonly { readonly [name: string]: unknown }[] {
  const nodes = given[theNodes]
  return Array.isArray(nodes) ? nodes.filter(isMap) : []
}

function isMap(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a check over nodes says of the nodes of a row: of several groups, the answer that needs action first. */
export function judgeExample(check: GroupCheck, nodes: readonly ExampleNode[]): GroupOutcome {
  if (nodes.length < 2) return notApplicable('There is nothing to compare one node with')
  const groups = createGroups()
  for (const { name, input } of nodes) groups.add(check, { target: name, itemDigests: () => [] }, input)
  const outcomes = groups.judge(check).map(([, outcome]) => outcome)
  return outcomes.reduce((worst, next) =>
    rollUp([worst.verdict, next.verdict]) === worst.verdict ? worst : next,
  )
}
