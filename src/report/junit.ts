import { escapeText } from '../model/escape.ts'
import { type Finding, isSingle, type Result, type Target } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'
import { verdictLabel } from '../model/verdict.ts'
import { groupBy, keyOf } from './grouping.ts'
import { placeOf } from './places.ts'
import type { Reporter } from './reporter.ts'
import { plainValue } from './values.ts'

type Outcome = 'failure' | 'error' | 'skipped' | 'passed'

const outcomes = {
  pass: 'passed',
  fixed: 'passed',
  fail: 'failure',
  error: 'error',
  unknown: 'error',
  notApplicable: 'skipped',
  notChecked: 'skipped',
  informational: 'skipped',
} as const satisfies Record<Verdict, Outcome>

interface Case {
  readonly name: string
  readonly outcome: Outcome
  readonly type: string
  readonly message: string
  readonly details: readonly string[]
}

interface Suite {
  /** Target, then what of it. */
  readonly path: readonly [target: string, ...string[]]
  readonly properties: readonly (readonly [name: string, value: string])[]
  readonly cases: readonly Case[]
}

// `&` first: the others bring one along.
const entities = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
] as const

/** Text as XML 1.0 allows it: what no document may hold is written out before the markup is escaped. */
function xml(text: string): string {
  return entities.reduce(
    (escaped, [character, entity]) => escaped.replaceAll(character, entity),
    escapeText(text),
  )
}

function attributes(pairs: { readonly [name: string]: string | number }): string {
  return Object.entries(pairs)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join('')
}

/**
 * The outcome of a finding. A waived failure is `skipped`: readers of JUnit files turn red on any failure, and a
 * waiver in force is what the gate looks past. The message says so; an expired waiver excuses nothing.
 */
function outcomeOf({ verdict, waiver }: Finding): Outcome {
  return verdict === 'fail' && waiver?.expired === false ? 'skipped' : outcomes[verdict]
}

function messageOf({ verdict, reason, waiver }: Finding): string {
  if (verdict !== 'fail' || waiver === undefined) return `${verdictLabel[verdict]}: ${reason}`
  const state = waiver.expired
    ? `waiver ${waiver.id} expired ${waiver.expires}`
    : `waived ${waiver.id} until ${waiver.expires}`
  return `${state}: ${reason}`
}

function detailsOf(finding: Finding): readonly string[] {
  return [
    `severity: ${finding.severity}`,
    ...(finding.observed === undefined ? [] : [`observed: ${plainValue(finding.observed)}`]),
    ...(finding.expected === undefined ? [] : [`expected: ${plainValue(finding.expected)}`]),
    ...finding.provenance.map((place) => `set by: ${placeOf(place)}`),
    ...(finding.drift === undefined ? [] : [`drift: ${finding.drift}`]),
    ...(finding.next === undefined ? [] : [`next: ${finding.next}`]),
    ...finding.evidence.map((digest) => `evidence: ${digest}`),
  ]
}

function caseOf(finding: Finding): Case {
  return {
    name: `${finding.control} ${finding.check ?? finding.title}`,
    outcome: outcomeOf(finding),
    type: finding.verdict,
    message: messageOf(finding),
    details: detailsOf(finding),
  }
}

/** A target without an answer is an error of its own, so that no pipeline reads its silence as success. */
function unreachedSuite(target: Target): Suite {
  const message = `${target.id} could not be reached: ${target.problem ?? 'no reason was given'}`
  const outcome = {
    name: 'target is reached',
    outcome: 'error',
    type: 'unreached',
    message,
    details: [],
  } as const
  return { path: [target.id, 'target'], properties: [], cases: [outcome] }
}

/** A run that claims nothing must not look green because all of its cases were skipped, or there are none. */
function incompleteSuite({ gate }: Result): Suite {
  const message = gate.because.join(' ')
  const outcome = {
    name: 'run is complete',
    outcome: 'error',
    type: 'incomplete',
    message,
    details: [],
  } as const
  return { path: ['khard', 'run'], properties: [], cases: [outcome] }
}

/** What the run does not ask, or asks otherwise than its profiles: no finding tells of it, and none may hide it. */
function leftOutSuites({ leftOut, tailorings }: Result): readonly Suite[] {
  const changes = tailorings.flatMap(({ id, version, digest, says }) => [
    ['tailoring', `${id} ${version} ${digest}`] as const,
    ...says.map((change) => ['tailoring-change', `${id} ${version}: ${change}`] as const),
  ])
  // The same control is left out once for each profile in play.
  const controls = groupBy(leftOut, ({ benchmark, version, control, because }) =>
    keyOf(benchmark, version, control, because),
  ).map(
    ([{ benchmark, version, control, because }]) =>
      ['left-out', `${benchmark} ${version} ${control}: ${because}`] as const,
  )
  const properties = [...changes, ...controls]
  return properties.length === 0 ? [] : [{ path: ['khard', 'left out'], properties, cases: [] }]
}

/** One suite per target, benchmark and section, in the order of the findings. */
function suitesOf(result: Result): readonly Suite[] {
  const groups = groupBy(result.findings, ({ target, benchmark, section }) =>
    keyOf(target, benchmark, section),
  )
  const nodes = result.targets.filter(isSingle)
  const profiles = new Map(nodes.map(({ id, profile }) => [id, profile]))
  const digests = new Map(result.profiles.map(({ id, digest }) => [id, digest]))
  const judged = groups.map((findings): Suite => {
    const [first] = findings
    const profile = profiles.get(first.target) ?? result.profile.id
    const properties = [
      ['benchmark', `${first.benchmark} ${first.benchmarkVersion}`],
      ['section', first.section],
      ['profile', profile],
      ['profile-digest', digests.get(profile) ?? result.profile.digest],
    ] as const
    return { path: [first.target, first.benchmark, first.section], properties, cases: findings.map(caseOf) }
  })
  const unreached = nodes.filter(({ reached }) => !reached).map(unreachedSuite)
  const suites = [...leftOutSuites(result), ...unreached, ...judged]
  const isRed = suites.some(({ cases }) =>
    cases.some(({ outcome }) => outcome === 'error' || outcome === 'failure'),
  )
  return result.gate.complete || isRed ? suites : [incompleteSuite(result), ...suites]
}

function tally(suites: readonly Suite[]): { readonly [name: string]: number } {
  const cases = suites.flatMap((suite) => suite.cases)
  const many = (wanted: Outcome): number => cases.filter(({ outcome }) => outcome === wanted).length
  return {
    tests: cases.length,
    failures: many('failure'),
    errors: many('error'),
    skipped: many('skipped'),
    time: 0,
  }
}

function caseLines({ name, outcome, type, message, details }: Case, classname: string): readonly string[] {
  const opening = `    <testcase${attributes({ name, classname, time: 0 })}`
  const body = details.map(xml).join('\n')
  switch (outcome) {
    case 'passed':
      return [`${opening}/>`]
    case 'skipped':
      return [`${opening}>`, `      <skipped${attributes({ message })}/>`, '    </testcase>']
    case 'failure':
    case 'error':
      return [
        `${opening}>`,
        `      <${outcome}${attributes({ message, type })}>${body}</${outcome}>`,
        '    </testcase>',
      ]
    default:
      return outcome satisfies never
  }
}

function suiteLines(suite: Suite, timestamp: string): readonly string[] {
  const { path, properties, cases } = suite
  // Readers take the dots of a class name for packages, so only the parts are joined by one.
  const classname = path.map((part) => part.replaceAll('.', '_')).join('.')
  const propertyLines = properties.map(
    ([key, value]) => `      <property${attributes({ name: key, value })}/>`,
  )
  return [
    `  <testsuite${attributes({ name: path.join(' '), hostname: path[0], timestamp, ...tally([suite]) })}>`,
    ...(properties.length === 0 ? [] : ['    <properties>', ...propertyLines, '    </properties>']),
    ...cases.flatMap((each) => caseLines(each, classname)),
    '  </testsuite>',
  ]
}

/** JUnit XML: one test case per finding, for the test tab of a pipeline. The gate stays with the exit code. */
export const renderJunit: Reporter = (result) => {
  const suites = suitesOf(result)
  // The common schema wants a local time without a zone.
  const timestamp = result.evaluatedAt.slice(0, 19)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `khard ${result.tool.version}`, ...tally(suites) })}>`,
    ...suites.flatMap((suite) => suiteLines(suite, timestamp)),
    '</testsuites>',
    '',
  ].join('\n')
}
