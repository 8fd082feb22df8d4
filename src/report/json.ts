import {
  type Finding,
  type GateDecision,
  type GroupTarget,
  isSingle,
  type Result,
  type Summary,
  type Target,
} from '../model/finding.ts'
import type { Reporter } from './reporter.ts'

/** The published order of keys. A field added to the type does not compile until it has its place here. */
export type KeyOrder<T> = { readonly [key in keyof Required<T>]: true }

/** Copies the keys in the published order, whatever order the value was put together in; absent ones stay out. */
export function inOrder<T extends object>(value: T, order: KeyOrder<T>): object {
  const copy: { [key: string]: unknown } = {}
  for (const key in order) {
    if (value[key] !== undefined) copy[key] = value[key]
  }
  return copy
}

export const tallyOrder: KeyOrder<Summary['verdicts']> = {
  pass: true,
  fail: true,
  error: true,
  unknown: true,
  notApplicable: true,
  notChecked: true,
  informational: true,
  fixed: true,
}

const targetOrder: KeyOrder<Target> = {
  id: true,
  kind: true,
  address: true,
  roles: true,
  distribution: true,
  signals: true,
  version: true,
  os: true,
  reached: true,
  problem: true,
  profile: true,
  chosenBecause: true,
}

const findingOrder: KeyOrder<Finding> = {
  benchmark: true,
  benchmarkVersion: true,
  control: true,
  check: true,
  target: true,
  title: true,
  section: true,
  level: true,
  assessment: true,
  severity: true,
  verdict: true,
  reason: true,
  observed: true,
  expected: true,
  objects: true,
  provenance: true,
  drift: true,
  waiver: true,
  next: true,
  remediation: true,
  references: true,
  evidence: true,
}

const gateOrder: KeyOrder<GateDecision> = {
  threshold: true,
  maxErrors: true,
  met: true,
  complete: true,
  because: true,
  exitCode: true,
  baseline: true,
}

function orderedGate(gate: GateDecision): object {
  const { baseline } = gate
  if (baseline === undefined) return inOrder(gate, gateOrder)
  const known = inOrder(baseline.known, { failing: true, unassessed: true })
  const order = { file: true, digest: true, evaluatedAt: true, known: true } as const
  return { ...inOrder(gate, gateOrder), baseline: { ...inOrder(baseline, order), known } }
}

function orderedTarget(target: Target | GroupTarget): object {
  if (!isSingle(target)) return inOrder(target, { id: true, kind: true, members: true, assumes: true })
  const signals = target.signals.map((signal) => inOrder(signal, { says: true, strength: true, at: true }))
  const os = inOrder(target.os, { id: true, version: true, kernel: true, name: true })
  // Replacing the value of a key keeps its place.
  return { ...inOrder(target, targetOrder), signals, os }
}

/** A finding with its keys in the published order. */
export function orderedFinding(finding: Finding): object {
  const provenance = finding.provenance.map((place) =>
    inOrder(place, { target: true, kind: true, at: true, line: true }),
  )
  return { ...inOrder(finding, findingOrder), provenance }
}

function orderedSummary({ verdicts, waived, score, coverage, bySection }: Summary): object {
  const sections = bySection.map(({ benchmark, section, title, verdicts: counts }) => ({
    benchmark,
    section,
    title,
    verdicts: inOrder(counts, tallyOrder),
  }))
  return { verdicts: inOrder(verdicts, tallyOrder), waived, score, coverage, bySection: sections }
}

function orderedResult(result: Result): object {
  return {
    schema: result.schema,
    tool: inOrder(result.tool, { name: true, version: true }),
    startedAt: result.startedAt,
    finishedAt: result.finishedAt,
    evaluatedAt: result.evaluatedAt,
    profile: inOrder(result.profile, { id: true, version: true, digest: true }),
    profiles: result.profiles.map((each) =>
      inOrder(each, { id: true, version: true, digest: true, title: true }),
    ),
    benchmarks: result.benchmarks.map((each) => inOrder(each, { id: true, version: true, title: true })),
    targets: result.targets.map(orderedTarget),
    findings: result.findings.map(orderedFinding),
    leftOut: result.leftOut.map((each) =>
      inOrder(each, { benchmark: true, version: true, control: true, because: true, profile: true }),
    ),
    tailorings: result.tailorings.map((each) =>
      inOrder(each, { id: true, version: true, digest: true, says: true }),
    ),
    waiversUnused: result.waiversUnused.map((each) => inOrder(each, { id: true, at: true })),
    summary: orderedSummary(result.summary),
    gate: orderedGate(result.gate),
  }
}

// JSON leaves these as they are; in a terminal they still steer, hide or reorder text.
const unseen = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Noncharacter_Code_Point}]/gu

function unitEscapes(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

/** JSON text without a raw control or invisible character; it reads back to the same value. */
export function plainJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(unseen, unitEscapes)}\n`
}

/** How much text a piece is made of; small beside the result, and large beside the cost of writing one. */
const findingsPerPiece = 100

const noFindings = '\n  "findings": []'
const listBegins = '{\n  "findings": ['
const listEnds = '\n  ]\n}\n'

/** Findings as they stand in the whole text, without the list around them. */
function listed(findings: readonly Finding[]): string {
  return plainJson({ findings: findings.map(orderedFinding) }).slice(listBegins.length, -listEnds.length)
}

/** The text of the JSON report piece by piece: that of a thousand nodes is larger than all they are judged by. */
export function* jsonPieces(result: Result): Generator<string> {
  const { findings } = result
  const around = plainJson(orderedResult({ ...result, findings: [] }))
  if (findings.length === 0) return yield around
  // No text within JSON holds a line break: only the list itself stands like this.
  const at = around.indexOf(noFindings) + noFindings.length - 1
  yield around.slice(0, at)
  for (let from = 0; from < findings.length; from += findingsPerPiece) {
    if (from > 0) yield ','
    yield listed(findings.slice(from, from + findingsPerPiece))
  }
  yield `\n  ${around.slice(at)}`
}

/** The result itself, in the form of reports/schemas/result-v1.json. */
export const renderJson: Reporter = (result) => [...jsonPieces(result)].join('')
