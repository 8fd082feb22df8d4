import { severities } from '../model/verdict.ts'
import {
  count,
  digest,
  finding,
  instant,
  listOf,
  name,
  oneOf,
  provenance,
  record,
  ref,
  remark,
  type Schema,
  share,
  tally,
  text,
} from './schema-parts.ts'

/** A profile as results name it. */
export const profile = record({
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

const summary = record({
  verdicts: ref('tally'),
  waived: count,
  score: share,
  coverage: share,
  bySection: listOf(record({ benchmark: name, section: text, title: text, verdicts: ref('tally') })),
})

const gate = record(
  {
    threshold: oneOf('none', ...severities),
    maxErrors: { anyOf: [count, { const: 'any' }] },
    met: { type: 'boolean' },
    complete: { type: 'boolean' },
    because: { type: 'array', items: name, minItems: 1 },
    exitCode: oneOf(0, 1, 3),
    baseline: record({
      file: name,
      digest,
      evaluatedAt: instant,
      known: record({ failing: count, unassessed: count }),
    }),
  },
  ['baseline'],
)

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
