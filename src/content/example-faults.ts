import { suggest } from '../model/nearest.ts'
import type { Fault } from './faults.ts'
import type { RawCheck, RawExample } from './raw.ts'
import type { Validated } from './schemas.ts'

/** A kind of row that every check must show. */
interface WantedRow {
  readonly means: string
  readonly add: string
  matches(example: RawExample): boolean
}

const judging: readonly WantedRow[] = [
  { means: 'passes', add: 'verdict: pass', matches: ({ verdict }) => verdict === 'pass' },
  { means: 'fails', add: 'verdict: fail', matches: ({ verdict }) => verdict === 'fail' },
  {
    means: 'could not be looked at',
    add: 'a fact given as `unavailable` and verdict: error',
    matches: ({ given, verdict }) => verdict === 'error' && holdsUnavailable(given),
  },
  {
    means: 'looks like another answer',
    add: 'look-alike: true',
    matches: (example) => example['look-alike'] === true,
  },
]

const informing: readonly WantedRow[] = [
  { means: 'informs', add: 'verdict: informational', matches: ({ verdict }) => verdict === 'informational' },
  {
    means: 'could not be looked at',
    add: 'a fact given as `unavailable`',
    matches: ({ given }) => holdsUnavailable(given),
  },
]

function holdsUnavailable(value: unknown): boolean {
  if (value === 'unavailable') return true
  if (typeof value !== 'object' || value === null) return false
  return 'unavailable' in value || Object.values(value).some(holdsUnavailable)
}

/** What is wrong with a check's truth table, before any row is run. */
export function exampleFaults(file: Validated<RawCheck>): readonly Fault[] {
  const { source, value: raw } = file
  const wanted = raw.informational === true ? informing : judging
  const missing = wanted
    .filter((row) => !raw.examples.some((example) => row.matches(example)))
    .map((row) =>
      source.fault(
        { path: ['examples'], key: true },
        `no example shows a node that ${row.means}`,
        `Add a row with ${row.add}.`,
      ),
    )
  return [...missing, ...raw.examples.flatMap((_, index) => rowFaults(file, index)), ...repeatFaults(file)]
}

function rowFaults(file: Validated<RawCheck>, index: number): readonly Fault[] {
  const { source, value: raw } = file
  const example = raw.examples[index]
  if (example === undefined) return []
  const at = ['examples', index]
  const names = Object.keys(raw.evidence)
  const parameters = Object.keys(raw.parameters ?? {})
  const unknown = Object.keys(example.given)
    .filter((name) => !names.includes(name))
    .map((name) =>
      source.fault(
        { path: [...at, 'given', name], key: true },
        `"${name}" is no name under evidence`,
        suggest(name, names),
      ),
    )
  const left = names
    .filter((name) => !(name in example.given))
    .map((name) =>
      source.fault(
        { path: [...at, 'given'] },
        `the example does not say what "${name}" is`,
        `Add it, or write ${name}: absent.`,
      ),
    )
  const stray = Object.keys(example.parameters ?? {})
    .filter((name) => !parameters.includes(name))
    .map((name) =>
      source.fault(
        { path: [...at, 'parameters', name], key: true },
        `unknown parameter "${name}"`,
        suggest(name, parameters),
      ),
    )
  return [...unknown, ...left, ...stray, ...verdictFaults(file, example, index)]
}

function verdictFaults(
  { source, value: raw }: Validated<RawCheck>,
  { verdict }: RawExample,
  index: number,
): readonly Fault[] {
  const judges = raw.informational !== true
  const wrong = judges ? verdict === 'informational' : verdict === 'pass' || verdict === 'fail'
  if (!wrong) return []
  const next = judges
    ? 'Write pass or fail, or mark the check informational: true.'
    : 'Write informational, or make the check a judging one.'
  return [
    source.fault(
      { path: ['examples', index, 'verdict'] },
      `verdict "${verdict}" in a check that ${judges ? 'judges' : 'only informs'}`,
      next,
    ),
  ]
}

/** Two rows of one name, or of one content, test less than they seem to. */
function repeatFaults({ source, value: raw }: Validated<RawCheck>): readonly Fault[] {
  const seen = new Set<string>()
  return raw.examples.flatMap((example, index) => {
    const { name, verdict: _, 'look-alike': __, ...content } = example
    const keys = [`name ${name}`, `content ${JSON.stringify(content)}`]
    const repeated = keys.some((key) => seen.has(key))
    for (const key of keys) seen.add(key)
    return repeated
      ? [
          source.fault(
            { path: ['examples', index] },
            `example "${name}" repeats an earlier one`,
            'Give it a case of its own.',
          ),
        ]
      : []
  })
}
