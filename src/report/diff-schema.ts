import { severities } from '../model/verdict.ts'
import { profile } from './result-schema.ts'
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

const compared = record({
  file: name,
  digest,
  version: name,
  evaluatedAt: instant,
  profile,
  benchmarks: listOf(record({ id: name, version: name, title: text })),
  verdicts: ref('tally'),
  score: share,
  coverage: share,
})

const target = record(
  {
    id: name,
    kind: oneOf('node', 'cluster', 'group'),
    change: oneOf('appeared', 'vanished', 'lost', 'regained'),
    reached: { type: 'boolean' },
    problem: text,
    verdicts: ref('tally'),
  },
  ['problem'],
)

const change = record(
  {
    kind: oneOf('better', 'worse', 'changed'),
    why: name,
    coverage: oneOf('gained', 'lost'),
    before: ref('finding'),
    after: ref('finding'),
    offenders: record({ added: listOf(text), gone: listOf(text) }),
  },
  ['coverage', 'offenders'],
)

const summary = record({
  compared: count,
  unchanged: count,
  better: count,
  worse: count,
  changed: count,
  coverageGained: count,
  coverageLost: count,
  appeared: count,
  vanished: count,
})

const gate = record({
  threshold: oneOf(...severities),
  met: { type: 'boolean' },
  because: { type: 'array', items: name, minItems: 1 },
  exitCode: oneOf(0, 1, 3),
})

/** JSON Schema of `khard.diff/v1`; published as reports/schemas/diff-v1.json, which is made from this. */
export const diffSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'khard.diff/v1',
  title: 'What two results of khard say differently',
  ...record(
    {
      schema: { const: 'khard.diff/v1' },
      tool: record({ name: { const: 'khard' }, version: name }),
      before: ref('compared'),
      after: ref('compared'),
      notes: listOf(name),
      targets: listOf(ref('target')),
      renumbered: listOf(record({ benchmark: name, check: name, before: name, after: name })),
      changes: listOf(ref('change')),
      appeared: listOf(ref('finding')),
      vanished: listOf(ref('finding')),
      summary,
      gate,
    },
    ['gate'],
  ),
  $defs: { compared, target, change, finding, remark, provenance, tally },
} as const satisfies Schema
