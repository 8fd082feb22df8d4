import { createHash } from 'node:crypto'
import type { Content } from '../content/content.ts'
import { type EvaluationInput, evaluateNode } from '../evaluate/node.ts'
import type { Selection } from '../evaluate/select.ts'
import { createSummary } from '../evaluate/summary.ts'
import { openWaivers } from '../evaluate/waivers.ts'
import { type Detection, detectNode } from '../facts/detect.ts'
import type { NodeContext } from '../facts/fact-kind.ts'
import { factKinds } from '../facts/index.ts'
import { itemDigest } from '../facts/item-digest.ts'
import { createNodeView } from '../facts/node-view.ts'
import { settingDrift } from '../facts/settings/of-node.ts'
import { decideGate } from '../gate/decide.ts'
import type { FailOn, Waiver } from '../model/benchmark.ts'
import type { FactRequest } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import { type Evidence, noSource, observed, unavailable } from '../model/evidence.ts'
import type { Finding, Result, Target } from '../model/finding.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import type { Choice } from './choose.ts'

/** Everything a run needs besides evidence. */
export interface Assessment {
  readonly content: Content
  readonly choice: Choice
  readonly waivers: readonly Waiver[]
  /** The moment expiry rules count from. */
  readonly atMs: number
  readonly failOn?: FailOn
  readonly maxErrors?: number | 'any'
  readonly toolVersion: string
  readonly startedAtMs: number
  readonly now: () => number
}

/** One node's findings, with what was found out about it. */
export interface AssessedNode {
  readonly target: Target
  readonly selection: Selection
  readonly findings: readonly Finding[]
}

/** The evidence of one node as fact kinds see it. */
export function nodeContext(evidence: NodeEvidence, content: Content, atMs: number): NodeContext {
  const remembered = new Map<string, unknown>()
  return {
    view: createNodeView(evidence),
    components: content.components,
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
    roles: told(detection, node, detection.roles),
    distribution: told(detection, node, detection.distribution),
    version:
      detection.version === undefined
        ? unavailable('version-unknown', noSource)
        : observed(detection.version, noSource),
    derive: (request) => kindOf(request).derive(request, node),
    itemDigests: digests,
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
export function prepareNode(
  evidence: NodeEvidence,
  id: string,
  assessment: Pick<Assessment, 'content' | 'choice' | 'atMs'>,
): PreparedNode {
  const node = nodeContext(evidence, assessment.content, assessment.atMs)
  const detection = detectNode(node)
  const { selection, because } = assessment.choice.forNode(detection)
  const target: Target = {
    ...describeTarget(evidence, detection, id),
    profile: selection.profile.id,
    chosenBecause: because,
  }
  return { target, selection, input: evaluationInput(node, target, detection) }
}

/** Evaluates one node: every selected control answered. */
export function assessNode(
  evidence: NodeEvidence,
  id: string,
  assessment: Pick<Assessment, 'content' | 'choice' | 'atMs'>,
): AssessedNode {
  const { target, selection, input } = prepareNode(evidence, id, assessment)
  return { target, selection, findings: evaluateNode(selection, input) }
}

/** Names that tell targets apart: the node's own, and the address as well where two share it. */
function namer(): (evidence: NodeEvidence) => string {
  const taken = new Set<string>()
  return ({ name, target }) => {
    const full = taken.has(name) ? `${name} (${target})` : name
    const id = taken.has(full) ? `${full} #${taken.size + 1}` : full
    taken.add(id)
    return id
  }
}

/** Evaluates evidence target by target and makes one result of it. */
export async function assess(
  evidence: AsyncIterable<NodeEvidence>,
  assessment: Assessment,
  seen: (node: AssessedNode) => Promise<void> = async () => undefined,
): Promise<Result> {
  const book = openWaivers(assessment.waivers, assessment.atMs)
  const nameOf = namer()
  const nodes: AssessedNode[] = []
  for await (const one of evidence) {
    const node = assessNode(one, nameOf(one), assessment)
    const waived = { ...node, findings: node.findings.map(book.apply) }
    nodes.push(waived)
    await seen(waived)
  }
  nodes.sort((a, b) => (a.target.id < b.target.id ? -1 : 1))
  return resultOf(nodes, assessment, book.unused())
}

async function resultOf(
  nodes: readonly AssessedNode[],
  assessment: Assessment,
  waiversUnused: Result['waiversUnused'],
): Promise<Result> {
  const selections = distinct(
    nodes.length > 0 ? nodes.map(({ selection }) => selection) : assessment.choice.selections,
  )
  const benchmarks = [
    ...new Map(
      selections.flatMap((one) => one.benchmarks).map((one) => [`${one.id} ${one.version}`, one]),
    ).values(),
  ]
  const summary = createSummary(benchmarks)
  const findings = nodes.flatMap((node) => node.findings)
  summary.add(findings)
  const profiles = selections.map(({ profile: { id, version, digest, title } }) => ({
    id,
    version,
    digest,
    title,
  }))
  const [only] = profiles
  const targets = nodes.map(({ target }) => target)
  const gate = await decideGate({ findings, targets, ...threshold(selections, assessment) })
  return {
    schema: 'khard.result/v1',
    tool: { name: 'khard', version: assessment.toolVersion },
    startedAt: new Date(assessment.startedAtMs).toISOString(),
    finishedAt: new Date(assessment.now()).toISOString(),
    evaluatedAt: new Date(assessment.atMs).toISOString(),
    profile:
      profiles.length === 1 && only !== undefined
        ? { id: only.id, version: only.version, digest: only.digest }
        : perTarget(profiles),
    profiles,
    benchmarks: benchmarks.map(({ id, version, title }) => ({ id, version, title })),
    targets,
    findings,
    waiversUnused,
    summary: summary.finish(),
    gate,
  }
}

function distinct(selections: readonly Selection[]): readonly Selection[] {
  return [...new Map(selections.map((one) => [one.profile.id, one])).values()].sort((a, b) =>
    a.profile.id < b.profile.id ? -1 : 1,
  )
}

function perTarget(profiles: readonly { readonly digest: string }[]): Result['profile'] {
  const all = profiles.map(({ digest }) => digest).join('\n')
  return {
    id: 'per-target',
    version: '1',
    digest: `sha256:${createHash('sha256').update(all).digest('hex')}`,
  }
}

const strictness: readonly FailOn[] = ['low', 'medium', 'high', 'critical', 'none']

/** What was asked for; else the strictest threshold and the smallest allowance of the profiles in play. */
function threshold(
  selections: readonly Selection[],
  { failOn, maxErrors }: Assessment,
): { threshold: FailOn; maxErrors: number | 'any' } {
  const gates = selections.map(({ profile }) => profile.gate)
  const strictest = strictness.find((one) => gates.some((gate) => gate.failOn === one)) ?? 'high'
  const allowances = gates.map((gate) => gate.maxErrors).filter((allowance) => allowance !== 'any')
  const least = allowances.length > 0 ? Math.min(...allowances) : gates.length > 0 ? 'any' : 0
  return { threshold: failOn ?? strictest, maxErrors: maxErrors ?? least }
}
