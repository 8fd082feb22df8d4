import type { Content } from '../content/content.ts'
import type { EvaluationInput } from '../evaluate/node.ts'
import type { Selection } from '../evaluate/select.ts'
import { type Detection, detectNode } from '../facts/detect.ts'
import type { NodeContext } from '../facts/fact-kind.ts'
import { instancesOf } from '../facts/instances.ts'
import { isThroughApi } from '../facts/through-api/node-object.ts'
import { detectShownNode } from '../facts/through-api/shown-node.ts'
import { type Evidence, noSource, observed, unavailable } from '../model/evidence.ts'
import type { Finding, Target } from '../model/finding.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import { askedOf, contextOf, digestsOf, nodeContext } from './ask-evidence.ts'
import type { Choice } from './choose.ts'

/** What decides how one node is judged. */
export interface NodeAssessment {
  readonly content: Content
  readonly choice: Choice
  /** The moment expiry rules count from. */
  readonly atMs: number
  /** What every node is taken for, in place of what is detected. */
  readonly distribution?: string
  /** For a cluster: what its nodes say. */
  readonly nodes?: NonNullable<NodeContext['nodes']>
}

/** One node's findings, with what was found out about it. */
export interface AssessedNode {
  readonly target: Target
  readonly selection: Selection
  readonly findings: readonly Finding[]
}

function told<T>(detection: Detection, node: NodeContext, value: T | undefined): Evidence<T> {
  if (value !== undefined && detection.distribution !== 'unknown') return observed(value, noSource)
  const { end } = node.view.evidence
  const reason = isThroughApi(node.view) ? 'not-shown' : 'ambiguous'
  return unavailable(end === 'complete' ? reason : end, noSource, 'what was seen does not decide it')
}

function evaluationInput(node: NodeContext, target: Target, detection: Detection): EvaluationInput {
  const digests = digestsOf(node.view.evidence)
  return {
    target: target.id,
    roles: detection.held,
    distribution: told(detection, node, detection.distribution),
    version:
      detection.version === undefined
        ? unavailable('version-unknown', noSource)
        : observed(detection.version, noSource),
    itemDigests: digests,
    ...askedOf(node),
  }
}

function describeTarget(
  evidence: NodeEvidence,
  detection: Detection,
  id: string,
): Omit<Target, 'profile' | 'chosenBecause'> {
  // A node that the API shows has an object there.
  const reached = evidence.carrier === 'api' || evidence.uid !== null
  const problem = evidence.end === 'complete' ? undefined : (evidence.endDetail ?? evidence.end)
  return {
    id,
    kind: 'node',
    address: evidence.target,
    roles: detection.roles,
    distribution: detection.distribution,
    signals: detection.signals,
    ...(detection.version === undefined ? {} : { version: detection.version }),
    os: detection.os,
    reached,
    ...(problem === undefined ? {} : { problem }),
  }
}

/** A node before its checks are judged. */
export interface PreparedNode {
  readonly target: Target
  readonly selection: Selection
  readonly input: EvaluationInput
}

/** Detects what a node is, chooses what applies, and makes its evidence ready to be asked. */
export function prepareNode(evidence: NodeEvidence, id: string, assessment: NodeAssessment): PreparedNode {
  const whole = nodeContext(evidence, assessment.content, assessment.atMs)
  const instances = instancesOf(whole).map(({ name, view }) => ({ name, node: contextOf(view, whole) }))
  const node = instances[0]?.node ?? whole
  const detection = isThroughApi(node.view)
    ? detectShownNode(node.view, assessment.distribution)
    : detectNode(node, assessment.distribution)
  const { selection, because } = assessment.choice.forNode({
    ...detection,
    isThroughApi: isThroughApi(node.view),
  })
  const target: Target = {
    ...describeTarget(evidence, detection, id),
    profile: selection.profile.id,
    chosenBecause: because,
  }
  const input: EvaluationInput = {
    ...evaluationInput(node, target, detection),
    instances: instances.map((instance) => ({ name: instance.name, ...askedOf(instance.node) })),
  }
  return { target, selection, input }
}
