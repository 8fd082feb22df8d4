import { describe, expect, it } from 'vitest'
import { clusterFactKinds } from '../../src/facts/cluster/index.ts'
import { apiResources } from '../../src/facts/cluster/resources.ts'
import type { NodeEvidence, RawItem } from '../../src/model/node-evidence.ts'
import { evidenceOfCluster } from '../facts/cluster/described-cluster.ts'
import { content, verdictOn } from './verdict-of.ts'

const checks = [...content.checks.values()].filter(({ about }) => about === 'cluster').map(({ id }) => id)

/** Everything the checks over clusters ask, refused. */
function refused(): NodeEvidence {
  const probes = checks
    .flatMap((id) => Object.values(content.checks.get(id)?.evidence ?? {}))
    .flatMap((request) => clusterFactKinds[request.fact]?.probes(request, content) ?? [])
  const items = probes.flatMap((probe): readonly RawItem[] => {
    const why = { state: 'unavailable', reason: 'forbidden', detail: 'a right is missing' } as const
    if (probe.kind === 'list')
      return [{ kind: 'list', id: `list:${probe.resource}`, resource: probe.resource, ...why }]
    if (probe.kind === 'answer')
      return [{ kind: 'answer', id: `answer:${probe.question}`, question: probe.question, ...why }]
    return []
  })
  return { ...evidenceOfCluster({}), items }
}

/** Objects that have a name and nothing of what their resource promises, or the wrong thing. */
const odd: readonly unknown[] = [
  { metadata: { name: 'bare' } },
  { metadata: { name: 'texts', namespace: 'x', labels: 'x', ownerReferences: 'x' }, spec: 'x', status: 'x' },
  {
    metadata: { name: 'lists', namespace: 'x' },
    spec: [],
    status: [],
    webhooks: 'x',
    rules: 'x',
    subjects: 'x',
  },
  {
    metadata: { name: 'inside' },
    spec: { rules: [1], template: { spec: { containers: [1] } } },
    webhooks: [{}],
  },
  {
    metadata: { name: 'deeper', namespace: 'x', annotations: { 'k3s.io/node-args': '{' } },
    spec: { specs: [{}], ingress: [{}], egress: [{}], rules: [{ verifyImages: [{}] }], versions: [{}] },
    status: { conditions: [{}], addresses: [{}] },
    webhooks: [{ rules: [{}], clientConfig: { service: { name: 's' } } }],
    endpoints: [{}],
  },
  { metadata: {} },
  {},
  null,
  'text',
]

describe('every check over clusters', () => {
  it('is there', () => {
    expect(checks.length).toBeGreaterThan(15)
  })

  it.each(checks)('%s is an error where the user may see nothing', (check) => {
    const { verdict } = verdictOn(refused(), check)
    expect(verdict).toBe('error')
  })

  it.each(checks)('%s is an error where nothing was collected', (check) => {
    const { verdict } = verdictOn({ ...evidenceOfCluster({}), items: [], end: 'unreachable' }, check)
    expect(verdict).toBe('error')
  })
})

describe('every reader', () => {
  it.each([...apiResources.keys()])('%s takes objects in no form at all', (id) => {
    const reader = apiResources.get(id)?.reader()
    for (const object of odd) reader?.add(object)
    expect(JSON.stringify(reader?.finish()).length).toBeGreaterThan(1)
  })

  it('leaves facts that can be derived', () => {
    const everything = Object.fromEntries([...apiResources.keys()].map((id) => [id.replace(/#.*$/, ''), odd]))
    const evidence = evidenceOfCluster(everything, { 'GET /metrics': { deprecated: [{}], plugins: ['x'] } })
    const faults = checks
      .map((check) => verdictOn(evidence, check))
      .filter(({ reason }) => reason.includes('could not be derived'))
      .map(({ check, reason }) => `${check}: ${reason}`)
    expect(faults).toEqual([])
  })
})
