import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { createNodeView } from '../../../src/facts/node-view.ts'
import type { Json } from '../../../src/model/finding.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'

/** A list as the collector keeps it. */
export function listed(resource: string, objects: readonly Json[]): RawItem {
  return { kind: 'list', id: `list:${resource}`, resource, state: 'observed', objects, count: objects.length }
}

/** An answer as the collector keeps it. */
export function answered(question: string, body: Json, status = 200): RawItem {
  return { kind: 'answer', id: `answer:${question}`, question, state: 'observed', status, body }
}

/** A cluster with nothing in it but these items, as facts see it. */
export function clusterOf(...items: readonly RawItem[]): NodeContext {
  return {
    view: createNodeView({
      target: 'cluster',
      name: 'cluster',
      carrier: 'api',
      about: 'cluster',
      offline: false,
      collectedAt: '2026-01-01T00:00:00.000Z',
      nodeClock: null,
      uid: null,
      scriptDigest: '',
      end: 'complete',
      items,
    }),
    atMs: Date.parse('2026-01-01T00:00:00.000Z'),
    components: new Map(),
    memo: (_key, make) => make(),
  }
}
