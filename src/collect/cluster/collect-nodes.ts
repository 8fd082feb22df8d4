import { textAt } from '../../facts/cluster/json.ts'
import { broken, type ListReader } from '../../facts/cluster/objects/reader.ts'
import type { ApiResource } from '../../facts/cluster/resources.ts'
import {
  cutConfigz,
  cutFlagz,
  cutStaticPod,
  kubeletPath,
  staticPodList,
} from '../../facts/through-api/kept.ts'
import type { Json } from '../../model/finding.ts'
import type { NodeEvidence, RawAnswer, RawList } from '../../model/node-evidence.ts'
import type { ApiServer } from './api.ts'
import type { ClusterOptions } from './collect-cluster.ts'
import { failureOf } from './failure.ts'
import { listObjects } from './list.ts'

/** Static pods of control planes stand in kube-system, whoever set them up. */
const staticPods: ApiResource = {
  id: staticPodList,
  group: '',
  name: 'pods',
  path: '/api/v1/namespaces/kube-system/pods',
  metadataOnly: false,
  reader: mirrorReader,
}

function mirrorReader(): ListReader {
  const kept: Json[] = []
  return {
    add: (pod) => {
      const one = cutStaticPod(pod)
      if (one !== null)
        kept.push(textAt(pod, 'spec', 'nodeName') === undefined ? broken(pod, 'it is on no node') : one)
    },
    finish: () => kept,
  }
}

// A kubelet that is gone keeps the API server waiting: many are asked at a time.
const atOnce = 16

/** What the API shows of each node of a cluster whose evidence lists its nodes; none where it does not. */
export async function collectNodes(
  server: ApiServer,
  cluster: NodeEvidence,
  options: ClusterOptions,
): Promise<readonly NodeEvidence[]> {
  const listed = cluster.items.find(({ id }) => id === 'list:v1/nodes')
  if (listed?.kind !== 'list' || listed.state !== 'observed' || listed.objects.length === 0) return []
  const [pods] = await listObjects(server, [staticPods])
  if (pods === undefined) return []
  const found: NodeEvidence[] = []
  const waiting = [...listed.objects]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (options.signal.aborted) return
      found.push(await collectNode(server, next, { pods, options, cluster }))
      options.progress(`${found.length} of ${listed.objects.length} nodes asked through the API`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

interface Around {
  readonly pods: RawList
  readonly options: ClusterOptions
  readonly cluster: NodeEvidence
}

async function collectNode(server: ApiServer, node: Json, around: Around): Promise<NodeEvidence> {
  const name = textAt(node, 'name') ?? ''
  const items = [
    {
      kind: 'list',
      id: 'list:v1/nodes',
      resource: 'v1/nodes',
      state: 'observed',
      objects: [node],
      count: 1,
    } as const,
    ofNode(around.pods, name),
    await askKubelet(server, name, 'configz'),
    await askKubelet(server, name, 'flagz'),
  ]
  return {
    target: around.options.target,
    name,
    carrier: 'api',
    offline: false,
    collectedAt: around.cluster.collectedAt,
    nodeClock: null,
    uid: null,
    scriptDigest: '',
    end: around.options.signal.aborted ? 'interrupted' : 'complete',
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

function ofNode(pods: RawList, node: string): RawList {
  if (pods.state !== 'observed') return pods
  const objects = pods.objects.filter((pod) => textAt(pod, 'node') === node)
  return { ...pods, objects, count: objects.length }
}

/** A kubelet says it in plain text. A node that is gone is another matter: then the API server says it, of nodes. */
function isNotServed(body: unknown): boolean {
  return typeof body === 'string' && /^404:? page not found$/i.test(body.trim())
}

function isNodeGone(body: unknown): boolean {
  return textAt(body, 'reason') === 'NotFound' && textAt(body, 'details', 'kind') === 'nodes'
}

const kept = { configz: cutConfigz, flagz: cutFlagz } as const

async function askKubelet(server: ApiServer, node: string, what: keyof typeof kept): Promise<RawAnswer> {
  const path = kubeletPath(node, what)
  const question = `GET ${path}`
  const about = { kind: 'answer', id: `answer:${question}`, question } as const
  const reply = await server.ask({ path, accept: '*/*', isPassedOn: true })
  if (reply.kind === 'too-large') return { ...about, state: 'unavailable', reason: 'truncated' }
  if (reply.kind === 'failed')
    return { ...about, state: 'unavailable', reason: reply.reason, detail: reply.detail }
  const { status, body } = reply
  if (status === 404 && isNotServed(body)) return { ...about, state: 'absent' }
  if (status === 404 && isNodeGone(body))
    return {
      ...about,
      state: 'unavailable',
      reason: 'changed-while-reading',
      detail: `node ${node} is gone since nodes were listed`,
    }
  if (status !== 200) return { ...about, state: 'unavailable', ...failureOf(reply, 'get nodes/proxy') }
  return { ...about, state: 'observed', status, body: kept[what](body) }
}
