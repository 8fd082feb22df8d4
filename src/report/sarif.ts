import { escapeText } from '../model/escape.ts'
import type { Provenance } from '../model/evidence.ts'
import { type Finding, isSingle, type Json, type Result } from '../model/finding.ts'
import type { Severity, Verdict } from '../model/verdict.ts'
import { groupBy, keyOf } from './grouping.ts'
import { plainJson } from './json.ts'
import { placeOf } from './places.ts'
import type { Reporter } from './reporter.ts'
import { plainValue } from './values.ts'

// SARIF 2.1.0, 3.27.9: `open` is "could not be decided", `review` is "a person must look".
const kinds = {
  pass: 'pass',
  fixed: 'pass',
  fail: 'fail',
  error: 'open',
  unknown: 'open',
  notApplicable: 'notApplicable',
  notChecked: 'review',
  informational: 'informational',
} as const satisfies Record<Verdict, string>

const levels = {
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
} as const satisfies Record<Severity, string>

// Read by code scanning services to rank rules: above 9 critical, 7 high, 4 medium.
const securitySeverity = {
  low: '2.0',
  medium: '5.0',
  high: '8.0',
  critical: '9.5',
} as const satisfies Record<Severity, string>

interface Index {
  /** Ids and keys in the order they are written. */
  readonly rules: readonly string[]
  readonly benchmarks: readonly string[]
}

type JsonObject = { readonly [key: string]: Json }

/** Plain text of a message. `](` would make a link out of whatever a node called itself. */
function message(text: string): JsonObject {
  return { text: escapeText(text).replaceAll('](', '] (') }
}

/** A check is a rule; so is a control without one. */
function ruleId({ check, benchmark, control }: Finding): string {
  return check ?? `${benchmark}/${control}`
}

const benchmarkKey = ({ benchmark, benchmarkVersion }: Finding): string => keyOf(benchmark, benchmarkVersion)

function severest(findings: readonly Finding[]): Severity {
  const found = new Set(findings.map(({ severity }) => severity))
  return (['critical', 'high', 'medium'] as const).find((severity) => found.has(severity)) ?? 'low'
}

function ruleOf(findings: readonly [Finding, ...(readonly Finding[])], index: Index): JsonObject {
  const [first] = findings
  const severity = severest(findings)
  const controls = groupBy(findings, (each) => keyOf(benchmarkKey(each), each.control))
  return {
    id: escapeText(ruleId(first)),
    shortDescription: message(first.title),
    ...(first.next === undefined ? {} : { help: message(first.next) }),
    defaultConfiguration: { level: levels[severity] },
    relationships: controls.map(([each]) => ({ target: controlReference(each, index), kinds: ['relevant'] })),
    properties: {
      severity,
      'security-severity': securitySeverity[severity],
      tags: ['security', 'kubernetes'],
    },
  }
}

function controlReference(finding: Finding, { benchmarks }: Index): JsonObject {
  const index = benchmarks.indexOf(benchmarkKey(finding))
  return { id: escapeText(finding.control), toolComponent: { name: escapeText(finding.benchmark), index } }
}

function uriOf(target: string, place: Provenance | undefined): string {
  const path = place === undefined ? '' : place.at.replace(/^\/*/, '/')
  return `${target}${path}`
    .split('/')
    .map((part) => encodeURIComponent(escapeText(part)))
    .join('/')
}

/** The file on the target where the value is set, else the target itself: readers insist on one place. */
function locationOf({ target, provenance }: Finding): JsonObject {
  const file = provenance.find(({ kind }) => kind === 'file')
  const line = file?.line
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file?.target ?? target, file) },
      ...(line === undefined ? {} : { region: { startLine: line } }),
    },
    logicalLocations: [{ name: escapeText(target), kind: 'resource' }],
    ...(provenance.length === 0 ? {} : { message: message(provenance.map(placeOf).join(', ')) }),
  }
}

/** A waiver excuses a failure while it lasts; it answers no question that is open. */
function suppressionsOf({ verdict, waiver }: Finding): readonly Json[] {
  if (verdict !== 'fail' || waiver === undefined || waiver.expired) return []
  const justification = `waiver ${escapeText(waiver.id)}, until ${waiver.expires}`
  return [{ kind: 'external', status: 'accepted', justification }]
}

function sentence({ reason, observed, expected, next, waiver }: Finding): string {
  const compared =
    observed === undefined || expected === undefined
      ? ''
      : ` Observed ${plainValue(observed)}, expected ${plainValue(expected)}.`
  const expired = waiver?.expired === true ? ` Waiver ${waiver.id} expired ${waiver.expires}.` : ''
  return `${reason}${compared}${expired}${next === undefined ? '' : ` Next: ${next}`}`
}

function resultOf(finding: Finding, index: Index): JsonObject {
  const id = ruleId(finding)
  const kind = kinds[finding.verdict]
  return {
    ruleId: escapeText(id),
    ruleIndex: index.rules.indexOf(id),
    kind,
    // 3.27.10: anything but a failure has the level `none`.
    level: kind === 'fail' ? levels[finding.severity] : 'none',
    message: message(sentence(finding)),
    locations: [locationOf(finding)],
    partialFingerprints: {
      'khard/v1': escapeText(
        [finding.benchmark, finding.control, finding.check ?? '', finding.target].join(' '),
      ),
    },
    suppressions: suppressionsOf(finding),
    taxa: [controlReference(finding, index)],
    properties: {
      verdict: finding.verdict,
      severity: finding.severity,
      assessment: finding.assessment,
      ...(finding.observed === undefined ? {} : { observed: finding.observed }),
      ...(finding.expected === undefined ? {} : { expected: finding.expected }),
      ...(finding.drift === undefined ? {} : { drift: finding.drift }),
      evidence: finding.evidence,
    },
  }
}

function taxonomyOf(findings: readonly [Finding, ...(readonly Finding[])], result: Result): JsonObject {
  const [{ benchmark, benchmarkVersion }] = findings
  const known = result.benchmarks.find(({ id, version }) => id === benchmark && version === benchmarkVersion)
  const controls = groupBy(findings, ({ control }) => control)
  return {
    name: escapeText(benchmark),
    version: escapeText(benchmarkVersion),
    ...(known === undefined ? {} : { shortDescription: message(known.title) }),
    taxa: controls.map(([{ control, section }]) => ({
      id: escapeText(control),
      properties: { section: escapeText(section) },
    })),
  }
}

function invocationOf({ startedAt, finishedAt, gate, targets }: Result): JsonObject {
  const unreached = targets.filter(isSingle).filter(({ reached }) => !reached)
  return {
    executionSuccessful: gate.complete,
    startTimeUtc: startedAt,
    endTimeUtc: finishedAt,
    exitCode: gate.exitCode,
    exitCodeDescription: escapeText(gate.because.join(' ')),
    toolExecutionNotifications: unreached.map(({ id, problem }) => ({
      level: 'error',
      message: message(`${id} could not be reached: ${problem ?? 'no reason was given'}`),
    })),
  }
}

/** What the run does not ask, or asks otherwise than its profiles, with the reasons; nothing where it does neither. */
function changesOf({ leftOut, tailorings }: Result): JsonObject {
  return {
    ...(tailorings.length === 0 ? {} : { tailorings: tailorings.map((each) => ({ ...each })) }),
    ...(leftOut.length === 0 ? {} : { leftOut: leftOut.map((each) => ({ ...each })) }),
  }
}

/** What a code scanning service should raise; with `all`, also what passed, does not apply or awaits a person. */
function isShown({ verdict }: Finding): boolean {
  return verdict === 'fail' || verdict === 'error' || verdict === 'unknown'
}

/** SARIF 2.1.0: a rule per check, a taxonomy per benchmark, waivers as suppressions. */
export const renderSarif: Reporter = (result, { show }) => {
  const shown = show === 'all' ? result.findings : result.findings.filter(isShown)
  const rules = groupBy(shown, ruleId)
  const benchmarks = groupBy(shown, benchmarkKey)
  const index: Index = {
    rules: rules.map(([first]) => ruleId(first)),
    benchmarks: benchmarks.map(([first]) => benchmarkKey(first)),
  }
  const { name, version } = result.tool
  return plainJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name, version, rules: rules.map((findings) => ruleOf(findings, index)) } },
        automationDetails: { id: `khard/${escapeText(result.profile.id)}/` },
        invocations: [invocationOf(result)],
        taxonomies: benchmarks.map((findings) => taxonomyOf(findings, result)),
        results: shown.map((finding) => resultOf(finding, index)),
        properties: { gate: { ...result.gate }, profile: { ...result.profile }, ...changesOf(result) },
      },
    ],
  })
}
