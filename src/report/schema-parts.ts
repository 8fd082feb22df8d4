import { severities, verdicts } from '../model/verdict.ts'

/** A JSON Schema. */
export interface Schema {
  readonly [keyword: string]: unknown
}

/** Any text. */
export const text: Schema = { type: 'string' }
/** A text that says something. */
export const name: Schema = { type: 'string', minLength: 1 }
/** How many. */
export const count: Schema = { type: 'integer', minimum: 0 }
/** A share from 0 to 1; null where there is nothing to share. */
export const share: Schema = { type: ['number', 'null'], minimum: 0, maximum: 1 }
/** A moment, UTC. */
export const instant: Schema = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$',
}
/** A day. */
export const day: Schema = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }
/** `sha256:…`. */
export const digest: Schema = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' }
/** A list of one kind. */
export const listOf = (items: Schema): Schema => ({ type: 'array', items })
/** One of these values. */
export const oneOf = (...values: readonly (string | number)[]): Schema => ({ enum: values })
/** A definition of the same document. */
export const ref = (definition: string): Schema => ({ $ref: `#/$defs/${definition}` })

/** A closed object: every property required unless named optional, nothing else allowed. */
export function record(
  properties: { readonly [key: string]: Schema },
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key))
  return { type: 'object', additionalProperties: false, required, properties }
}

/** Where a value was set. */
export const provenance = record(
  {
    target: name,
    kind: oneOf('process-argument', 'file', 'environment', 'default', 'api', 'command'),
    at: name,
    line: { type: 'integer', minimum: 1 },
  },
  ['target', 'line'],
)

/** What is said of one object of a cluster. */
export const remark = record({ name, kind: name, namespace: name, because: name }, ['namespace'])

/** One finding, as results and comparisons hold it. */
export const finding = record(
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

/** How often each verdict was given. */
export const tally = record(Object.fromEntries(verdicts.map((verdict) => [verdict, count])))
