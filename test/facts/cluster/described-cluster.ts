import { clusterFactKinds } from '../../../src/facts/cluster/index.ts'
import { apiResources, namespacePrefix } from '../../../src/facts/cluster/resources.ts'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { createNodeView } from '../../../src/facts/node-view.ts'
import type { FactRequest } from '../../../src/model/check.ts'
import { type Fact, isFactList, isFactRecord } from '../../../src/model/evidence.ts'
import type { Json } from '../../../src/model/finding.ts'
import type { NodeEvidence, RawAnswer, RawItem } from '../../../src/model/node-evidence.ts'

/** The moment described clusters are looked at. */
export const at = Date.UTC(2027, 4, 21)

type ListFailure = 'forbidden' | 'throttled'

/** What an API server holds, in the form it answers in: resource → objects, or why it does not say. */
export interface DescribedCluster {
  readonly [resource: string]: readonly unknown[] | ListFailure
}

/** Answers of a cluster to questions, by question. */
export interface Answers {
  readonly [question: string]: Json | 'forbidden'
}

const groups = ['apps', 'batch', 'networking.k8s.io', 'admissionregistration.k8s.io', 'apiextensions.k8s.io']

function itemsOf(cluster: DescribedCluster): readonly RawItem[] {
  const listed = [...apiResources.values()].map((resource): RawItem => {
    const plain = resource.id.replace(/#.*$/, '')
    const about = { kind: 'list', id: `list:${resource.id}`, resource: resource.id } as const
    const given = cluster[plain]
    if (given === undefined) {
      const isOfExtension = resource.group.includes('.') && !resource.group.endsWith('.k8s.io')
      const isBuiltIn = !isOfExtension && !resource.group.startsWith('policy.')
      return isBuiltIn && !resource.group.includes('secrets-store')
        ? { ...about, state: 'observed', objects: [], count: 0 }
        : { ...about, state: 'absent' }
    }
    if (typeof given === 'string')
      return { ...about, state: 'unavailable', reason: given, detail: `no right to ${plain}` }
    const reader = resource.reader()
    for (const object of given) reader.add(object)
    return { ...about, state: 'observed', objects: reader.finish(), count: given.length }
  })
  const namespaces = Object.entries(cluster).flatMap(([id, given]): readonly RawItem[] => {
    if (!id.startsWith(namespacePrefix)) return []
    const about = { kind: 'list', id: `list:${id}`, resource: id } as const
    return typeof given === 'string'
      ? [{ ...about, state: 'unavailable', reason: given }]
      : [{ ...about, state: 'observed', objects: given as readonly Json[], count: given.length }]
  })
  return [...listed, ...namespaces]
}

function answerOf([question, body]: readonly [string, Json]): RawAnswer {
  const about = { kind: 'answer', id: `answer:${question}`, question } as const
  return body === 'forbidden'
    ? { ...about, state: 'unavailable', reason: 'forbidden', detail: `the right to ${question} is missing` }
    : { ...about, state: 'observed', status: 200, body }
}

/** The evidence of a described cluster: its objects went through the readers as in a run. */
export function evidenceOfCluster(cluster: DescribedCluster, answers: Answers = {}): NodeEvidence {
  const served = Object.keys(cluster).flatMap((id) =>
    id.split('/').length === 3 ? (id.split('/')[0] ?? []) : [],
  )
  const all: Answers = { 'GET /apis': [...new Set([...groups, ...served])], ...answers }
  return {
    target: 'cluster',
    name: 'cluster',
    carrier: 'api',
    about: 'cluster',
    offline: false,
    collectedAt: new Date(at).toISOString(),
    nodeClock: null,
    uid: null,
    scriptDigest: '',
    end: 'complete',
    items: [...itemsOf(cluster), ...Object.entries(all).map(answerOf)],
  }
}

/** One fact about a described cluster. */
export function factOf(cluster: DescribedCluster, request: FactRequest, answers: Answers = {}): Fact {
  const context: NodeContext = {
    components: new Map(),
    view: createNodeView(evidenceOfCluster(cluster, answers)),
    atMs: at,
    memo: (_key, make) => make(),
  }
  const kind = clusterFactKinds[request.fact]
  if (kind === undefined) throw new Error(`there is no fact ${request.fact}`)
  return kind.derive(request, context)
}

function plain(fact: Fact): unknown {
  if (fact.kind === 'absent') return null
  if (fact.kind === 'unavailable') return { unavailable: fact.reason }
  if (isFactList(fact.fact)) return fact.fact.map(plain)
  if (!isFactRecord(fact.fact)) return fact.fact
  return Object.fromEntries(Object.entries(fact.fact).map(([name, field]) => [name, plain(field)]))
}

interface Plain {
  readonly 'looked-at': unknown
  readonly offending: unknown
  readonly noted: unknown
  readonly exempted: unknown
}

function lines(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.map((one) => ('name' in one ? `${one.name}: ${one.because}` : one))
}

/** An inspection as texts: `Namespace dev: has pods and no LimitRange`. */
export function inspected(cluster: DescribedCluster, request: FactRequest, answers: Answers = {}) {
  const found = plain(factOf(cluster, request, answers)) as Plain
  return {
    lookedAt: found['looked-at'],
    offending: lines(found.offending),
    noted: lines(found.noted),
    exempted: lines(found.exempted),
  }
}
