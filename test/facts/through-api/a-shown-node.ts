import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { createNodeView } from '../../../src/facts/node-view.ts'
import { kubeletPath } from '../../../src/facts/through-api/kept.ts'
import type { Json } from '../../../src/model/finding.ts'
import type { NodeEvidence, RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'

/** What the API shows of one node, for tests to change. */
export interface Shown {
  readonly node?: { readonly [field: string]: Json }
  /** Containers of its static pods: name of the pod → words. */
  readonly pods?: {
    readonly [pod: string]: {
      readonly words?: readonly string[]
      readonly image?: string
      readonly hasEnvironment?: boolean
    }
  }
  readonly configz?: Json
  readonly flagz?: Json
  readonly more?: readonly RawItem[]
}

/** Evidence of a node as the collector takes it from the API. */
export function shownNode({ node = {}, pods = {}, configz, flagz, more = [] }: Shown): NodeEvidence {
  const object = { name: 'cp-1', kubelet: 'v1.34.2', machineId: 'abc', ...node }
  const answer = (what: 'configz' | 'flagz', body: Json | undefined): RawItem => {
    const question = `GET ${kubeletPath('cp-1', what)}`
    const about = { kind: 'answer', id: `answer:${question}`, question } as const
    return body === undefined
      ? { ...about, state: 'absent' }
      : { ...about, state: 'observed', status: 200, body }
  }
  const objects = Object.entries(pods).map(([name, { words, image = '', hasEnvironment = false }]) => ({
    name,
    namespace: 'kube-system',
    node: 'cp-1',
    containers: [{ image, hasEnvironment, ...(words === undefined ? {} : { words: [...words] }) }],
  }))
  return {
    target: 'cluster',
    name: 'cp-1',
    carrier: 'api',
    offline: false,
    collectedAt: '2026-01-01T00:00:00.000Z',
    nodeClock: null,
    uid: null,
    scriptDigest: '',
    end: 'complete',
    items: [
      {
        kind: 'list',
        id: 'list:v1/nodes',
        resource: 'v1/nodes',
        state: 'observed',
        objects: [object],
        count: 1,
      },
      {
        kind: 'list',
        id: 'list:static-pods',
        resource: 'static-pods',
        state: 'observed',
        objects,
        count: objects.length,
      },
      ...[answer('configz', configz), answer('flagz', flagz)].filter(
        ({ id }) => !more.some((own) => own.id === id),
      ),
      ...more,
    ],
  }
}

/** The same as facts see it. */
export function shownContext(shown: Shown): NodeContext {
  const known = new Map<string, unknown>()
  return {
    view: createNodeView(shownNode(shown)),
    atMs: 0,
    components: shippedComponents(),
    memo: (key, make) => {
      if (!known.has(key)) known.set(key, make())
      return known.get(key) as ReturnType<typeof make>
    },
  }
}

/** A node as kubeadm sets it up. */
export const ofKubeadm = {
  annotated: ['kubeadm.alpha.kubernetes.io/cri-socket'],
  labels: { 'node-role.kubernetes.io/control-plane': '' },
} as const
