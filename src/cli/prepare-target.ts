import { evaluateNode } from '../evaluate/node.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import { prepareCluster } from './prepare-cluster.ts'
import { type AssessedNode, type NodeAssessment, type PreparedNode, prepareNode } from './prepare-node.ts'

/** Detects what a target is, chooses what applies, and makes its evidence ready to be asked. */
export function prepareTarget(evidence: NodeEvidence, id: string, assessment: NodeAssessment): PreparedNode {
  const prepare = evidence.about === 'cluster' ? prepareCluster : prepareNode
  return prepare(evidence, id, assessment)
}

/** Evaluates one target: every selected control answered. */
export function assessNode(evidence: NodeEvidence, id: string, assessment: NodeAssessment): AssessedNode {
  const { target, selection, input } = prepareTarget(evidence, id, assessment)
  return { target, selection, findings: evaluateNode(selection, input) }
}
