import type { NodeContext } from '../../src/facts/fact-kind.ts'
import type { Fact } from '../../src/model/evidence.ts'
import type { NodeView, RawItem, RawProcess } from '../../src/model/node-evidence.ts'
import { shippedComponents } from './components.ts'

const components = shippedComponents()

type Observed<K extends RawItem['kind']> = Extract<RawItem, { kind: K; state: 'observed' }>

/** One process as the collector sends it; a pod's by default. */
export function process(
  fields: Partial<Observed<'process'>> & { argv: readonly string[]; name: string },
): RawItem {
  const pid = fields.pid ?? 34
  return {
    kind: 'process',
    id: `process:${pid}`,
    pid,
    state: 'observed',
    comm: fields.name.slice(0, 15),
    env: {},
    uid: 0,
    startedAt: 1000,
    cgroup: '0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-0a.scope',
    contained: false,
    ...fields,
  }
}

export function content(path: string, text: string): RawItem {
  return { kind: 'content', id: `content:${path}`, path, state: 'observed', text }
}

export function directory(path: string, ...names: readonly string[]): RawItem {
  return {
    kind: 'directory',
    id: `directory:${path}`,
    path,
    state: 'observed',
    entries: names.map((name) => `${path}/${name}`),
  }
}

export function missing(kind: 'content' | 'directory' | 'file', path: string): RawItem {
  return { kind, id: `${kind}:${path}`, path, state: 'absent' }
}

export function file(path: string, mtime: number): RawItem {
  const stat = { type: 'file', mode: 0o600, uid: 0, gid: 0, size: 1, mtime } as const
  return { kind: 'file', id: `file:${path}`, path, state: 'observed', stat }
}

export function unit(name: string, properties: Record<string, string>): RawItem {
  return { kind: 'unit', id: `unit:${name}`, name, state: 'observed', properties }
}

export const noUnits: readonly RawItem[] = [
  'kubelet',
  'etcd',
  'containerd',
  'kube-apiserver',
  'kube-scheduler',
  'kube-controller-manager',
  'kube-proxy',
  'k3s',
  'k3s-agent',
  'crio',
  'docker',
  'cri-docker',
  'cri-dockerd-mke',
].map((name) => ({ kind: 'unit', id: `unit:${name}.service`, name: `${name}.service`, state: 'absent' }))

export const noManifests: readonly RawItem[] = [
  missing('directory', '/etc/kubernetes/manifests'),
  missing('directory', '/var/lib/rancher/rke2/agent/pod-manifests'),
]

function viewOf(items: readonly RawItem[], offline: boolean): NodeView {
  const byId = new Map(items.map((item) => [item.id, item]))
  const find = (id: string, blank: object): never =>
    (byId.get(id) ?? { id, state: 'unavailable', reason: 'not-collected', ...blank }) as never
  const processes = items.filter(
    (item): item is Extract<RawProcess, { state: 'observed' }> =>
      item.kind === 'process' && item.state === 'observed',
  )
  const table: RawItem = offline
    ? { kind: 'processes', id: 'processes', state: 'unavailable', reason: 'offline' }
    : { kind: 'processes', id: 'processes', state: 'observed', pids: processes.map((one) => one.pid) }
  return {
    evidence: {
      target: 'test',
      name: 'test',
      carrier: 'local',
      offline,
      collectedAt: '2026-01-01T00:00:00Z',
      nodeClock: null,
      uid: 0,
      scriptDigest: '',
      end: 'complete',
      items,
    },
    file: (path) => find(`file:${path}`, { kind: 'file', path }),
    content: (path) => find(`content:${path}`, { kind: 'content', path }),
    directory: (path) => find(`directory:${path}`, { kind: 'directory', path }),
    processes: () => (byId.get('processes') ?? table) as never,
    processesNamed: (name) => processes.filter((one) => one.name === name).sort((a, b) => a.pid - b.pid),
    unit: (name) => find(`unit:${name}`, { kind: 'unit', name }),
    key: (path) => find(`key:${path}`, { kind: 'key', path }),
    command: (argv) => find(`command:${argv.join(' ')}`, { kind: 'command', argv }),
    list: (resource) => find(`list:${resource}`, { kind: 'list', resource }),
    answer: (question) => find(`answer:${question}`, { kind: 'answer', question }),
    all: (kind) => items.filter((item) => item.kind === kind).sort((a, b) => (a.id < b.id ? -1 : 1)) as never,
  }
}

/** A node with these raw items, a readable process table, and khard's own component descriptions. */
export function nodeWith(
  items: readonly RawItem[],
  options: { readonly offline?: boolean } = {},
): NodeContext {
  const memo = new Map<string, unknown>()
  return {
    components,
    view: viewOf(items, options.offline === true),
    atMs: 0,
    memo: (key, make) => {
      if (!memo.has(key)) memo.set(key, make())
      return memo.get(key) as never
    },
  }
}

/** A fact as plain data: values as they are, absent as undefined, unavailable as `{ unavailable: reason }`. */
export function plain(fact: Fact | undefined): unknown {
  if (fact === undefined) throw new Error('no such field')
  if (fact.kind === 'absent') return undefined
  if (fact.kind === 'unavailable') return { unavailable: fact.reason }
  if (Array.isArray(fact.fact)) return fact.fact.map(plain)
  if (typeof fact.fact !== 'object') return fact.fact
  return Object.fromEntries(Object.entries(fact.fact).map(([name, field]) => [name, plain(field)]))
}
