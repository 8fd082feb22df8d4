import type { Content } from '../content/content.ts'
import { type EvaluationInput, evaluateNode } from '../evaluate/node.ts'
import type { Selection } from '../evaluate/select.ts'
import { type Detection, detectNode } from '../facts/detect.ts'
import type { NodeContext } from '../facts/fact-kind.ts'
import { factKinds } from '../facts/index.ts'
import { instancesOf } from '../facts/instances.ts'
import { itemDigest } from '../facts/item-digest.ts'
import { createNodeView } from '../facts/node-view.ts'
import { ofImage } from '../facts/offline.ts'
import { settingDrift } from '../facts/settings/of-node.ts'
import type { FactRequest } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import { type Evidence, noSource, observed, unavailable } from '../model/evidence.ts'
import type { Finding, Target } from '../model/finding.ts'
import type { NodeEvidence, NodeView } from '../model/node-evidence.ts'
import type { Choice } from './choose.ts'

/** What decides how one node is judged. */
export interface NodeAssessment {
  readonly content: Content
  readonly choice: Choice
  /** The moment expiry rules count from. */
  readonly atMs: number
  /** What every node is taken for, in place of what is detected. */
  readonly distribution?: string
}

/** One node's findings, with what was found out about it. */
export interface AssessedNode {
  readonly target: Target
  readonly selection: Selection
  readonly findings: readonly Finding[]
}

/** The evidence of one node as fact kinds see it. */
export function nodeContext(evidence: NodeEvidence, content: Content, atMs: number): NodeContext {
  return contextOf(createNodeView(evidence), { components: content.components, atMs })
}

function contextOf(
  view: NodeView,
  { components, atMs }: Pick<NodeContext, 'components' | 'atMs'>,
): NodeContext {
  const remembered = new Map<string, unknown>()
  return {
    view,
    components,
    atMs,
    memo: <T>(key: string, make: () => T): T => {
      if (!remembered.has(key)) remembered.set(key, make())
      return recall<T>(remembered, key)
    },
  }
}

/** Each key is only ever filled by one derivation, whose type it has. */
function recall<T>(remembered: ReadonlyMap<string, unknown>, key: string): T {
  const value: unknown = remembered.get(key)
  assertRemembered<T>(value)
  return value
}

function assertRemembered<T>(_value: unknown): asserts _value is T {
  // Nothing to look at: the key stands for the type.
}

function told<T>(detection: Detection, node: NodeContext, value: T | undefined): Evidence<T> {
  if (value !== undefined && detection.distribution !== 'unknown') return observed(value, noSource)
  const { end } = node.view.evidence
  return unavailable(end === 'complete' ? 'ambiguous' : end, noSource, 'what was seen does not decide it')
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

function askedOf(node: NodeContext): Required<Pick<EvaluationInput, 'derive' | 'drift'>> {
  return {
    derive: (request) => {
      const fact = kindOf(request).derive(request, node)
      return node.view.evidence.offline ? ofImage(fact) : fact
    },
    drift: (component, setting) => settingDrift(node, component, setting),
  }
}

function kindOf(request: FactRequest) {
  const kind = factKinds[request.fact]
  if (kind !== undefined) return kind
  throw new KhardError({
    code: 'internal',
    message: `no fact is called ${request.fact}`,
    next: 'Run khard validate on your content.',
  })
}

/** Digests are only computed for items a finding rests on, once each. */
function digestsOf(evidence: NodeEvidence): (ids: readonly string[]) => readonly string[] {
  const items = new Map(evidence.items.map((item) => [item.id, item]))
  const known = new Map<string, string>()
  const digest = (id: string): string | undefined => {
    const item = items.get(id)
    if (item === undefined) return undefined
    const fresh = itemDigest(item)
    known.set(id, fresh)
    return fresh
  }
  return (ids) => {
    const digests: string[] = []
    for (const id of ids) {
      const one = known.get(id) ?? digest(id)
      if (one !== undefined) digests.push(one)
    }
    return digests
  }
}

function describeTarget(
  evidence: NodeEvidence,
  detection: Detection,
  id: string,
): Omit<Target, 'profile' | 'chosenBecause'> {
  const reached = evidence.uid !== null
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
  const detection = detectNode(node, assessment.distribution)
  const { selection, because } = assessment.choice.forNode(detection)
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

/** Evaluates one node: every selected control answered. */
export function assessNode(evidence: NodeEvidence, id: string, assessment: NodeAssessment): AssessedNode {
  const { target, selection, input } = prepareNode(evidence, id, assessment)
  return { target, selection, findings: evaluateNode(selection, input) }
}
