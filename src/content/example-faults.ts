import { theNodes } from '../model/check.ts'
import { suggest } from '../model/nearest.ts'
import type { Fault } from './faults.ts'
import type { RawCheck, RawExample } from './raw.ts'
import type { Validated } from './schemas.ts'
import type { YamlPath } from './yaml-source.ts'

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

const comparing: readonly WantedRow[] = [
  ...judging,
  {
    means: 'is alone',
    add: 'one node and verdict: notApplicable',
    matches: ({ given, verdict }) => verdict === 'notApplicable' && isAlone(given[theNodes]),
  },
]

function isAlone(nodes: unknown): boolean {
  return Array.isArray(nodes) && nodes.length === 1
}

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
  const wanted = raw.informational === true ? informing : raw.over === 'nodes' ? comparing : judging
  const missing = wanted
    .filter((row) => !raw.examples.some((example) => row.matches(example)))
    .map((row) =>
      source.fault(
        { path: ['examples'], key: true },
        `no example shows a node that ${row.means}`,
        `Add a row with ${row.add}.`,
      ),
    )
  return [
    ...missing,
    ...raw.examples.flatMap((example, index) => rowFaults(file, example, index)),
    ...repeatFaults(file),
  ]
}

function rowFaults(file: Validated<RawCheck>, example: RawExample, index: number): readonly Fault[] {
  const { source, value: raw } = file
  const at = ['examples', index]
  const parameters = Object.keys(raw.parameters ?? {})
  const given =
    raw.over === 'nodes'
      ? nodesFaults(file, { given: example.given, at: [...at, 'given'] })
      : givenFaults(file, { given: example.given, at: [...at, 'given'] })
  const stray = Object.keys(example.parameters ?? {})
    .filter((name) => !parameters.includes(name))
    .map((name) =>
      source.fault(
        { path: [...at, 'parameters', name], key: true },
        `unknown parameter "${name}"`,
        suggest(name, parameters),
      ),
    )
  return [...given, ...stray, ...verdictFaults(file, example, index)]
}

interface Given {
  readonly given: { readonly [name: string]: unknown }
  readonly at: YamlPath
}

/** What one node has: every fact under evidence, and nothing else. */
function givenFaults(
  { source, value: raw }: Validated<RawCheck>,
  { given, at }: Given,
  alsoKnown: readonly string[] = [],
): readonly Fault[] {
  const names = Object.keys(raw.evidence)
  const unknown = Object.keys(given)
    .filter((name) => !names.includes(name) && !alsoKnown.includes(name))
    .map((name) =>
      source.fault(
        { path: [...at, name], key: true },
        `"${name}" is no name under evidence`,
        suggest(name, [...names, ...alsoKnown]),
      ),
    )
  const left = names
    .filter((name) => !(name in given))
    .map((name) =>
      source.fault(
        { path: at },
        `the example does not say what "${name}" is`,
        `Add it, or write ${name}: absent.`,
      ),
    )
  return [...unknown, ...left]
}

/** What a row may say of one node of a group besides its facts. */
const ofNode = ['name', 'roles', 'distribution', 'component', 'version', 'mode']

/** A row of a check over nodes gives a list of nodes, each with every fact. */
function nodesFaults(file: Validated<RawCheck>, { given, at }: Given): readonly Fault[] {
  const { source } = file
  const stray = Object.keys(given)
    .filter((name) => name !== theNodes)
    .map((name) =>
      source.fault(
        { path: [...at, name], key: true },
        `"${name}" stands beside the nodes`,
        'Say it of each node in the list.',
      ),
    )
  const nodes = given[theNodes]
  if (!Array.isArray(nodes) || nodes.length === 0)
    return [
      ...stray,
      source.fault({ path: at }, 'the example lists no nodes', 'Write nodes: with one map for each node.'),
    ]
  const each = nodes.flatMap((node: unknown, index) =>
    isMap(node)
      ? givenFaults(file, { given: node, at: [...at, theNodes, index] }, ofNode)
      : [
          source.fault(
            { path: [...at, theNodes, index] },
            'this node is no map',
            'Name each fact under evidence and what it is.',
          ),
        ],
  )
  return [...stray, ...each]
}

function isMap(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
