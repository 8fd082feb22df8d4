import { join } from 'node:path'
import { assessNode } from '../../src/cli/prepare-target.ts'
import type { Content } from '../../src/content/content.ts'
import { loadContent } from '../../src/content/load-content.ts'
import { operators } from '../../src/evaluate/operators/index.ts'
import { selectControls } from '../../src/evaluate/select.ts'
import { detectionProbes } from '../../src/facts/detect.ts'
import { factKinds } from '../../src/facts/index.ts'
import type { Profile } from '../../src/model/benchmark.ts'
import type { Check, Condition } from '../../src/model/check.ts'
import type { Finding } from '../../src/model/finding.ts'
import { checkId, profileId } from '../../src/model/ids.ts'
import type { NodeEvidence, RawItem } from '../../src/model/node-evidence.ts'
import type { Probe } from '../../src/model/probe.ts'
import { type DescribedNode, evidenceOf } from './a-node.ts'

/** Half a year after the recorded certificates were issued. */
export const soon = Date.UTC(2027, 4, 21)

/** khard's own checks, benchmarks and components, as they are shipped. */
export const content: Content = loadContent({
  roots: [join(import.meta.dirname, '..', '..')],
  factKinds: Object.values(factKinds),
  operators: Object.values(operators),
})

interface Asked {
  readonly parameters?: Profile['parameters']
  readonly atMs?: number
  /** What the check expects, in place of what it says. */
  readonly condition?: Condition
}

/** One edition of each benchmark: others ask the same checks with values of their own. What only others ask: those. */
function benchmarksAsking(check: string): Content['benchmarks'] {
  const asks = ({ controls }: Content['benchmarks'][number]): boolean =>
    controls.some(({ checks }) => checks.some((id) => id === check))
  const usual = content.benchmarks.filter(({ id, version }) => id !== 'cis-kubernetes' || version === '1.12')
  return usual.some(asks) ? usual : content.benchmarks.filter(asks).slice(0, 1)
}

function profileOf(check: string, parameters: Profile['parameters']): Profile {
  return {
    id: profileId('everything'),
    version: '1',
    title: 'Everything',
    description: 'Every benchmark at every level.',
    distributions: ['any'],
    benchmarks: benchmarksAsking(check).map(({ id, version }) => ({ id, version, maxLevel: 2 })),
    parameters,
    gate: { failOn: 'none', maxErrors: 'any' },
    digest: 'sha256:0',
  }
}

/** What a complete collection answers to a probe for something that is not there. */
function notThere(probe: Probe): readonly RawItem[] {
  switch (probe.kind) {
    case 'path':
      return [
        { kind: 'file', id: `file:${probe.path}`, path: probe.path, state: 'absent' },
        { kind: 'content', id: `content:${probe.path}`, path: probe.path, state: 'absent' },
        { kind: 'directory', id: `directory:${probe.path}`, path: probe.path, state: 'absent' },
      ]
    case 'glob': {
      const path = probe.pattern.slice(0, probe.pattern.lastIndexOf('/'))
      return path.includes('*') ? [] : [{ kind: 'directory', id: `directory:${path}`, path, state: 'absent' }]
    }
    case 'tree':
      return [{ kind: 'directory', id: `directory:${probe.path}`, path: probe.path, state: 'absent' }]
    case 'kernel':
      return [{ kind: 'content', id: `content:${probe.pattern}`, path: probe.pattern, state: 'absent' }]
    case 'unit':
      return [{ kind: 'unit', id: `unit:${probe.name}`, name: probe.name, state: 'absent' }]
    case 'command':
      return [
        {
          kind: 'command',
          id: `command:${probe.argv.join(' ')}`,
          argv: probe.argv,
          state: 'unavailable',
          reason: 'tool-missing',
        },
      ]
    case 'process':
      return []
    case 'list':
      return [{ kind: 'list', id: `list:${probe.resource}`, resource: probe.resource, state: 'absent' }]
    case 'answer':
      return [{ kind: 'answer', id: `answer:${probe.question}`, question: probe.question, state: 'absent' }]
    default:
      return probe satisfies never
  }
}

/** What a collection for one check answers where nothing is there. */
export function askedBy(check: string): readonly RawItem[] {
  const requests = Object.values(checkNamed(check).evidence)
  const probes = requests.flatMap((request) => factKinds[request.fact]?.probes(request, content) ?? [])
  return [...detectionProbes, ...probes].flatMap(notThere)
}

/** Runs the whole pipe over a described node and answers one check: facts, applicability, evaluation, wording. */
export function verdictOf(node: DescribedNode, check: string, asked: Asked = {}): Finding {
  return verdictOn(evidenceOf(node, askedBy(check)), check, asked)
}

/** The same over evidence as it was collected. */
export function verdictOn(evidence: NodeEvidence, check: string, asked: Asked = {}): Finding {
  const { condition, parameters = {}, atMs = soon } = asked
  const known = checkNamed(check)
  const checks =
    condition === undefined
      ? content.checks
      : new Map([...content.checks, [known.id, { ...known, condition }]])
  const selection = selectControls({ ...content, checks }, profileOf(check, parameters), { only: [check] })
  const choice = {
    selections: [selection],
    tailorings: [],
    forNode: () => ({ selection, because: 'It was asked for.' }),
  }
  const { findings } = assessNode(evidence, 'cp-1', { content, choice, atMs })
  const [finding] = findings.filter((one) => one.check === check)
  if (finding === undefined) throw new Error(`nothing was said about ${check}`)
  return finding
}

function checkNamed(id: string): Check {
  const known = content.checks.get(checkId(id))
  if (known === undefined) throw new Error(`there is no check ${id}`)
  return known
}
