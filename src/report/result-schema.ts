import { severities, verdicts } from '../model/verdict.ts'

interface Schema {
  readonly [keyword: string]: unknown
}

const text: Schema = { type: 'string' }
const name: Schema = { type: 'string', minLength: 1 }
const count: Schema = { type: 'integer', minimum: 0 }
const share: Schema = { type: ['number', 'null'], minimum: 0, maximum: 1 }
const instant: Schema = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$' }
const day: Schema = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }
const digest: Schema = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' }
const listOf = (items: Schema): Schema => ({ type: 'array', items })
const oneOf = (...values: readonly (string | number)[]): Schema => ({ enum: values })
const ref = (definition: string): Schema => ({ $ref: `#/$defs/${definition}` })

/** A closed object: every property required unless named optional, nothing else allowed. */
function record(properties: { readonly [key: string]: Schema }, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key))
  return { type: 'object', additionalProperties: false, required, properties }
}

const profile = record({
  id: name,
  // `per-target` runs have no single version or digest.
  version: text,
  digest: { anyOf: [digest, { const: '' }] },
})

const target = record(
  {
    id: name,
    kind: oneOf('node', 'cluster'),
    address: name,
    roles: listOf(oneOf('control-plane', 'etcd', 'worker')),
    distribution: name,
    signals: listOf(record({ says: text, strength: oneOf('certain', 'strong', 'hint'), at: text })),
    version: name,
    os: record({ id: text, version: text, kernel: text, name: text }, ['id', 'version', 'kernel', 'name']),
    reached: { type: 'boolean' },
    problem: text,
    profile: text,
    chosenBecause: text,
  },
  ['version', 'problem'],
)

/** Nodes that are put side by side. */
const group = record({ id: name, kind: oneOf('group'), members: listOf(name), assumes: text }, ['assumes'])

const anyTarget: Schema = {
  if: { properties: { kind: { const: 'group' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: ref('group'),
  else: ref('target'),
}

const provenance = record(
  {
    target: name,
    kind: oneOf('process-argument', 'file', 'environment', 'default', 'api', 'command'),
    at: name,
    line: { type: 'integer', minimum: 1 },
  },
  ['target', 'line'],
)

const remark = record({ name, kind: name, namespace: name, because: name }, ['namespace'])

const finding = record(
  {
    benchmark: name,
    benchmarkVersion: name,
    control: name,
    check: name,
    target: name,
    title: text,
    section: text,
    level: oneOf(1, 2),
    assessment: oneOf('automated', 'manual'),
    severity: oneOf(...severities),
    verdict: oneOf(...verdicts),
    reason: name,
    observed: {},
    expected: {},
    objects: record(
      {
        offending: listOf(ref('remark')),
        noted: listOf(ref('remark')),
        exempted: listOf(ref('remark')),
      },
      ['offending', 'noted', 'exempted'],
    ),
    provenance: listOf(ref('provenance')),
    drift: text,
    waiver: record({ id: name, expires: day, expired: { type: 'boolean' } }),
    next: text,
    remediation: name,
    references: { type: 'object', additionalProperties: listOf(name) },
    evidence: listOf(digest),
  },
  ['check', 'observed', 'expected', 'objects', 'drift', 'waiver', 'next', 'remediation', 'references'],
)

const tally = record(Object.fromEntries(verdicts.map((verdict) => [verdict, count])))

const summary = record({
  verdicts: ref('tally'),
  waived: count,
  score: share,
  coverage: share,
  bySection: listOf(record({ benchmark: name, section: text, title: text, verdicts: ref('tally') })),
})

const gate = record({
  threshold: oneOf('none', ...severities),
  maxErrors: { anyOf: [count, { const: 'any' }] },
  met: { type: 'boolean' },
  complete: { type: 'boolean' },
  because: { type: 'array', items: name, minItems: 1 },
  exitCode: oneOf(0, 1, 3),
})

/** JSON Schema of `khard.result/v1`; published as reports/schemas/result-v1.json, which is made from this. */
export const resultSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'khard.result/v1',
  title: 'Result of one khard run',
  ...record({
    schema: { const: 'khard.result/v1' },
    tool: record({ name: { const: 'khard' }, version: name }),
    startedAt: instant,
    finishedAt: instant,
    evaluatedAt: instant,
    profile,
    profiles: listOf(record({ id: name, version: text, digest, title: text })),
    benchmarks: listOf(record({ id: name, version: name, title: text })),
    targets: listOf(anyTarget),
    findings: listOf(ref('finding')),
    leftOut: listOf(record({ benchmark: name, version: name, control: name, because: name, profile: name })),
    tailorings: listOf(record({ id: name, version: name, digest, says: listOf(name) })),
    waiversUnused: listOf(record({ id: name, at: text })),
    summary,
    gate,
  }),
  $defs: { target, group, finding, remark, provenance, tally },
} as const satisfies Schema
