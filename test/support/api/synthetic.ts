import { gzipSync } from 'node:zlib'
import { type ApiObject, openRecording } from './recordings.ts'
import type { Answer, Fault } from './server.ts'

/** How large the cluster is that is made up. */
export interface Size {
  readonly pods: number
}

/** One resource: how many objects there are, and the text of each. */
interface Made {
  readonly kind: string
  readonly apiVersion: string
  readonly count: number
  object(index: number): string
}

const podsPerWorkload = 10
const podsPerNamespace = 20
const podsPerNode = 100
/** Runs privileged: what an audit has to find. */
const podsPerOffender = 1000
/** The offenders share a workload of their own in each namespace they are in. */
const isOffender = (pod: number): boolean => pod % podsPerOffender === 0

const recording = openRecording('hardened')

function template(resource: string, name: string): { readonly text: string; readonly own: ApiObject } {
  const own = recording.objects(resource)?.items.find(({ metadata }) => metadata.name.startsWith(name))
  if (own === undefined) throw new Error(`nothing like ${name} among the recorded ${resource}`)
  return { text: JSON.stringify(own), own }
}

/** Letters and digits that depend on a number only. */
const hash = (seed: number, length: number): string =>
  Math.imul(seed + 1, 0x9e3779b1)
    .toString(36)
    .replace('-', 'z')
    .padEnd(length, 'k')
    .slice(-length)

const uid = (seed: number): string =>
  `${hash(seed, 8)}-0000-4000-8000-${hash(seed ^ 0x5bd1e995, 12)}`.replaceAll(/[g-z]/g, 'a')

const namespaceOf = (index: number): string => `team-${String(index).padStart(5, '0')}`

/** A recorded object under other names: everything that is not replaced is as a real server sent it. */
function renamed(text: string, names: Readonly<Record<string, string>>): string {
  return Object.entries(names).reduce((made, [from, to]) => made.replaceAll(from, to), text)
}

function podsOf({ pods }: Size): Made {
  const { text, own } = template('pods', 'api-')
  const set = own.metadata.name.replace(/-[^-]+$/, '')
  const privileged = text.replaceAll('"allowPrivilegeEscalation":false', '"privileged":true')
  return {
    kind: 'PodList',
    apiVersion: 'v1',
    count: pods,
    object: (index) => {
      const workload = `web-${Math.floor((index % podsPerNamespace) / podsPerWorkload)}`
      const name = isOffender(index) ? `agent-${index}` : workload
      const owner = set.replace(/^api/, name)
      return renamed(isOffender(index) ? privileged : text, {
        [own.metadata.name]: `${owner}-${hash(index, 5)}`,
        [set]: owner,
        [own.metadata.namespace ?? '']: namespaceOf(Math.floor(index / podsPerNamespace)),
        [String(own.metadata.uid)]: uid(index),
      })
    },
  }
}

function workloadsOf({ pods }: Size): Made {
  const { text, own } = template('deployments', 'api')
  return {
    kind: 'DeploymentList',
    apiVersion: 'apps/v1',
    count: Math.ceil(pods / podsPerWorkload),
    object: (index) =>
      renamed(text, {
        '"name":"api","namespace"': `"name":"web-${index % 2}","namespace"`,
        [own.metadata.namespace ?? '']: namespaceOf(Math.floor(index / 2)),
        [String(own.metadata.uid)]: uid(index),
      }),
  }
}

function namespacesOf({ pods }: Size): Made {
  const { text, own } = template('namespaces', 'team-b')
  return {
    kind: 'NamespaceList',
    apiVersion: 'v1',
    count: Math.ceil(pods / podsPerNamespace),
    object: (index) =>
      renamed(text.replaceAll('"baseline"', '"restricted"'), {
        'team-b': namespaceOf(index),
        [String(own.metadata.uid)]: uid(index),
      }),
  }
}

function bindingsOf({ pods }: Size): Made {
  const { text, own } = template('rolebindings', 'default-sa-exec')
  return {
    kind: 'RoleBindingList',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    count: Math.ceil(pods / podsPerWorkload),
    object: (index) =>
      renamed(text, {
        'default-sa-exec': `readers-${index % 2}`,
        '"name":"exec"': '"name":"view"',
        [own.metadata.namespace ?? '']: namespaceOf(Math.floor(index / 2)),
        [String(own.metadata.uid)]: uid(index),
      }),
  }
}

function nodesOf({ pods }: Size): Made {
  const { text, own } = template('nodes', '')
  return {
    kind: 'NodeList',
    apiVersion: 'v1',
    count: Math.ceil(pods / podsPerNode),
    object: (index) =>
      renamed(text, {
        [`"${own.metadata.name}"`]: `"node-${String(index).padStart(4, '0')}"`,
        [String(own.metadata.uid)]: uid(index),
      }),
  }
}

function pageText({ kind, apiVersion, count, object }: Made, from: number, limit: number): string {
  const to = Math.min(count, from + limit)
  const items: string[] = []
  for (let index = from; index < to; index++) items.push(object(index))
  const rest = count - to
  const next = Buffer.from(String(to)).toString('base64url')
  const metadata = {
    resourceVersion: '100',
    ...(rest > 0 ? { continue: next, remainingItemCount: rest } : {}),
  }
  return `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)},"items":[${items.join(',')}]}`
}

/**
 * A cluster of any size: recorded objects of a real server under many names, the same for the same size. The pages
 * that clients ask for are made before, so that what is measured is the client.
 */
export function syntheticCluster(size: Size): Fault {
  const made: Readonly<Record<string, Made>> = {
    '/api/v1/pods': podsOf(size),
    '/api/v1/namespaces': namespacesOf(size),
    '/api/v1/nodes': nodesOf(size),
    '/apis/apps/v1/deployments': workloadsOf(size),
    '/apis/rbac.authorization.k8s.io/v1/rolebindings': bindingsOf(size),
  }
  const pages = new Map<string, Answer>()
  const page = (path: string, from: number, limit: number): Answer | undefined => {
    const one = made[path]
    if (one === undefined) return undefined
    const key = `${path} ${from} ${limit}`
    const known = pages.get(key) ?? {
      status: 200,
      body: null,
      // Level 1, as an API server.
      zipped: gzipSync(pageText(one, from, limit), { level: 1 }),
    }
    pages.set(key, known)
    return known
  }
  for (const [path, { count }] of Object.entries(made))
    for (let from = 0; from < Math.max(count, 1); from += 500) page(path, from, 500)
  return ({ method, path, query }) => {
    if (method !== 'GET') return undefined
    if (path.includes('/proxy/')) return { status: 404, body: '404 page not found\n' }
    if (path === '/api/v1/namespaces/kube-system/pods')
      return { status: 200, body: { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] } }
    // One group more to discover is a request more for kubectl; it needs none of them for pods.
    if (path === '/apis') return { status: 200, body: { kind: 'APIGroupList', apiVersion: 'v1', groups: [] } }
    const limit = Number(query.get('limit') ?? 0) || 500
    const from = Number(Buffer.from(query.get('continue') ?? '', 'base64url').toString() || 0)
    return page(path, from, limit)
  }
}
