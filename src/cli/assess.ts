import type { CheckInput } from '../evaluate/check-input.ts'
import { openClusters, type Place } from '../evaluate/fleet/clusters.ts'
import { inDocumentOrder } from '../evaluate/fleet/fleet.ts'
import { groupNames } from '../evaluate/fleet/groups.ts'
import { marksOf } from '../evaluate/fleet/marks.ts'
import { checkInput, evaluateNode } from '../evaluate/node.ts'
import { openWaivers } from '../evaluate/waivers.ts'
import type { Result, Target } from '../model/finding.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import { clustersLast } from './join-nodes.ts'
import { askedOfNodes, openNodeAnswers } from './nodes-of-cluster.ts'
import type { AssessedNode } from './prepare-node.ts'
import { prepareTarget } from './prepare-target.ts'
import { type Assessment, resultOf } from './result-of.ts'
import { openSharedTexts } from './share-texts.ts'

/** Names that tell targets apart: the node's own, and the address as well where two share it. */
function namer(): (evidence: NodeEvidence) => string {
  const taken = new Set<string>(Object.values(groupNames))
  return ({ name, target }) => {
    const full = taken.has(name) ? `${name} (${target})` : name
    const id = taken.has(full) ? `${full} #${taken.size + 1}` : full
    taken.add(id)
    return id
  }
}

/** Where a node belongs, from what was detected and seen. */
export function placeOf({ distribution }: Target, asked: CheckInput): Place {
  return { distribution: distribution === 'unknown' ? null : distribution, marks: marksOf(asked) }
}

/** Evaluates evidence target by target and makes one result of it. */
export async function assess(
  evidence: AsyncIterable<NodeEvidence>,
  assessment: Assessment,
  seen: (node: AssessedNode) => Promise<void> = async () => undefined,
): Promise<Result> {
  const book = openWaivers(assessment.waivers, assessment.atMs)
  const nameOf = namer()
  const clusters = openClusters()
  const shared = openSharedTexts()
  const nodes: AssessedNode[] = []
  const answers = openNodeAnswers(askedOfNodes(assessment.choice.selections))
  for await (const { evidence: one, isOfCluster } of clustersLast(evidence)) {
    const { target, selection, input } = prepareTarget(one, nameOf(one), { ...assessment, nodes: answers.of })
    const asked = checkInput(input)
    const findings = evaluateNode(selection, input, asked)
    if (isOfCluster) answers.add(target.id, asked)
    // What the API shows of a node is too little to put it beside others.
    if (target.kind === 'node' && one.carrier !== 'api')
      clusters.add(placeOf(target, asked), input, { selection, input: asked })
    const waived = { target, selection, findings: shared.of(findings.map(book.apply)) }
    nodes.push(waived)
    await seen(waived)
  }
  const { groups, alone } = clusters.finish()
  const assessed = [
    ...nodes.map(({ target, selection, findings }) => {
      const more = alone.filter((finding) => finding.target === target.id)
      return {
        target,
        findings: more.length === 0 ? findings : inDocumentOrder(selection, [...findings, ...more]),
      }
    }),
    ...groups.map(({ target, findings }) => ({ target, findings: findings.map(book.apply) })),
  ]
  assessed.sort((a, b) => (a.target.id < b.target.id ? -1 : 1))
  const selections = nodes.map(({ selection }) => selection)
  const kinds = new Set(nodes.map(({ target }) => target.kind))
  return resultOf({ assessed, selections, kinds }, assessment, book.unused())
}
