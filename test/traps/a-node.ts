import { createPublicKey, X509Certificate } from 'node:crypto'
import type { CollectFailure } from '../../src/model/evidence.ts'
import type { FileType, NodeEvidence, RawItem } from '../../src/model/node-evidence.ts'
import { recorded } from '../support/recorded.ts'

/** Some raw items of a described node. */
export type Part = readonly RawItem[]

/** A described node. What is not described was looked for and is not there. */
export interface DescribedNode {
  readonly items: ReadonlyMap<string, RawItem>
  readonly offline: boolean
}

const accounts: { readonly [name: string]: number } = {
  root: 0,
  etcd: 998,
  kube: 1001,
  myroot: 1002,
  root2: 1003,
}

function passwd(): string {
  const lines = Object.entries(accounts).map(([name, id]) => `${name}:x:${id}:${id}::/:/bin/sh`)
  return `${lines.join('\n')}\n`
}

/** A name of `accounts`, or a number the node has no name for. */
function idOf(name: string): number {
  return accounts[name] ?? Number(name)
}

function owner(text: string): { readonly uid: number; readonly gid: number } {
  const [user = '', group = ''] = text.split(':')
  return { uid: idOf(user), gid: idOf(group) }
}

interface FileDescription {
  readonly mode?: number
  /** `root:root`, names of `accounts` or numbers. */
  readonly owner?: string
  readonly type?: FileType
  readonly text?: string
  readonly holds?: readonly ('certificate' | 'private-key')[]
  /** Seconds since 1970; processes of a described node start at 1000. */
  readonly changedAt?: number
}

/** A file, mode 600 and root's unless said otherwise; with text when it is one that gets read. */
export function file(path: string, about: FileDescription = {}): Part {
  const { mode = 0o600, owner: owned = 'root:root', type = 'file', text, holds, changedAt = 1 } = about
  const stat = { type, mode, ...owner(owned), size: 1, mtime: changedAt }
  const content: Part =
    text === undefined ? [] : [{ kind: 'content', id: `content:${path}`, path, state: 'observed', text }]
  const seen = holds === undefined ? {} : { holds }
  return [{ kind: 'file', id: `file:${path}`, path, state: 'observed', stat, ...seen }, ...content]
}

/** A directory itself; what lies in it is described file by file. */
export function folder(path: string, about: Omit<FileDescription, 'type'> = {}): Part {
  return file(path, { mode: 0o755, ...about, type: 'directory' })
}

/** A certificate, as recorded from kubeadm: `ca`, `apiserver`, `etcd/server`, … */
export function certificate(path: string, name: string, about: FileDescription = {}): Part {
  return file(path, {
    mode: 0o644,
    holds: ['certificate'],
    text: recorded(`kubeadm-1.36/pki/${name}.crt`),
    ...about,
  })
}

/** The private key that goes with a recorded certificate: seen, never read. */
export function privateKey(path: string, name: string, about: FileDescription = {}): Part {
  const { publicKey } = new X509Certificate(recorded(`kubeadm-1.36/pki/${name}.crt`))
  return [
    ...file(path, { holds: ['private-key'], ...about }),
    ...publicHalf(
      path,
      String(
        createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({
          type: 'spki',
          format: 'pem',
        }),
      ),
    ),
  ]
}

/** What the node derived from a private key. */
export function publicHalf(path: string, publicKey: string): Part {
  return [{ kind: 'key', id: `key:${path}`, path, state: 'observed', publicKey }]
}

/** A path that could not be looked at. */
export function denied(path: string, reason: CollectFailure = 'permission-denied'): Part {
  return (['file', 'content', 'directory', 'key'] as const).map((kind) => ({
    kind,
    id: `${kind}:${path}`,
    path,
    state: 'unavailable',
    reason,
  }))
}

/** A kernel file under /proc or /sys. */
export function kernel(path: string, text: string): Part {
  return [{ kind: 'content', id: `content:${path}`, path, state: 'observed', text }]
}

/** The process table could not be read. */
export function unreadableProcesses(reason: CollectFailure = 'permission-denied'): Part {
  return [{ kind: 'processes', id: 'processes', state: 'unavailable', reason }]
}

interface Started {
  readonly release?: string
  readonly env?: { readonly [name: string]: string } | null
  readonly uid?: number
  /** False: set up, and not running. */
  readonly runs?: boolean
}

const versions: { readonly [component: string]: string } = { etcd: 'etcd Version: 3.6.4' }

let lastPid = 100

/** A process in the table. `cgroup` says who started it. */
export function process(
  name: string,
  argv: readonly string[],
  about: Started & { readonly cgroup?: string; readonly contained?: boolean } = {},
): Part {
  lastPid += 1
  const { release = versions[name] ?? 'Kubernetes v1.33.4', env = {}, uid = 0, contained = false } = about
  const cgroup = about.cgroup ?? '0::/system.slice/other.service'
  const id = `process:${lastPid}`
  const comm = name.slice(0, 15)
  return [
    {
      kind: 'process',
      id,
      pid: lastPid,
      state: 'observed',
      comm,
      name,
      argv,
      env,
      uid,
      startedAt: 1000,
      cgroup,
      contained,
      version: release,
    },
  ]
}

const shown = ['/etc/kubernetes', '/var/lib/etcd', '/var/lib/kubelet', '/var/log/kubernetes'] as const

function manifest(name: string, flags: readonly string[], env: Started['env']): string {
  const container = { name, image: `registry.example/${name}:v1.33.4`, command: [name, ...flags] }
  const variables = Object.entries(env ?? {}).map(([key, value]) => ({ name: key, value }))
  const volumeMounts = shown.map((mountPath, index) => ({ name: `v${index}`, mountPath }))
  const volumes = shown.map((path, index) => ({ name: `v${index}`, hostPath: { path } }))
  const spec = { containers: [{ ...container, env: variables, volumeMounts }], volumes }
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }, null, 1)
}

/** A component as kubeadm starts it: a static pod of /etc/kubernetes/manifests. */
export function pod(
  name: string,
  flags: readonly string[] = [],
  about: Started & Pick<FileDescription, 'mode' | 'owner'> & { readonly directory?: string } = {},
): Part {
  const {
    mode = 0o600,
    owner: owned = 'root:root',
    directory = '/etc/kubernetes/manifests',
    runs = true,
  } = about
  const cgroup = '0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-0a.scope'
  return [
    ...file(`${directory}/${name}.yaml`, { mode, owner: owned, text: manifest(name, flags, about.env) }),
    ...(runs ? process(name, [name, ...flags], { ...about, cgroup, contained: true }) : []),
  ]
}

interface UnitDescription extends Started, Pick<FileDescription, 'mode' | 'owner'> {
  readonly fragment?: string
  /** Path → mode of its drop-ins. */
  readonly dropIns?: { readonly [path: string]: number }
}

/** A component as it is set up the hard way: a systemd unit of its own. */
export function unit(name: string, flags: readonly string[] = [], about: UnitDescription = {}): Part {
  const {
    fragment = `/etc/systemd/system/${name}.service`,
    dropIns = {},
    mode = 0o600,
    owner: owned = 'root:root',
    runs = true,
  } = about
  const argv = [`/usr/local/bin/${name}`, ...flags]
  const properties = {
    LoadState: 'loaded',
    ActiveState: runs ? 'active' : 'inactive',
    UnitFileState: 'enabled',
    FragmentPath: fragment,
    DropInPaths: Object.keys(dropIns).join(' '),
    EnvironmentFiles: '',
  }
  const environment = Object.entries(about.env ?? {}).map(([key, value]) => `Environment=${key}=${value}\n`)
  return [
    { kind: 'unit', id: `unit:${name}.service`, name: `${name}.service`, state: 'observed', properties },
    ...file(fragment, {
      mode,
      owner: owned,
      text: `[Service]\n${environment.join('')}ExecStart=${argv.join(' ')}\n`,
    }),
    ...Object.entries(dropIns).flatMap(([path, one]) => file(path, { mode: one, text: '[Service]\n' })),
    ...(runs ? process(name, argv, { ...about, cgroup: `0::/system.slice/${name}.service` }) : []),
  ]
}

/** The two shapes every component comes in. */
export const shapes = [
  ['a static pod', pod],
  ['a unit', unit],
] as const

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1))
}

/** Every directory above a described file, listing what was described in it. */
function foldersOf(items: ReadonlyMap<string, RawItem>): Part {
  const entries = new Map<string, Set<string>>()
  const put = (path: string): void => {
    if (path === '/') return
    const parent = parentOf(path)
    entries.set(parent, (entries.get(parent) ?? new Set()).add(path))
    put(parent)
  }
  for (const item of items.values()) if (item.kind === 'file') put(item.path)
  return [...entries].flatMap(([path, names]) => [
    ...folder(path),
    { kind: 'directory', id: `directory:${path}`, path, state: 'observed', entries: [...names].sort() },
  ])
}

/** A node made of these parts; a later part replaces what an earlier one said of the same thing. */
export function aNode(...parts: readonly Part[]): DescribedNode {
  const always = [
    ...file('/etc/passwd', { text: passwd(), mode: 0o644 }),
    ...file('/etc/group', { text: passwd(), mode: 0o644 }),
  ]
  const described = new Map([...always, ...parts.flat()].map((item) => [item.id, item]))
  const pids = [...described.values()].flatMap((item) => (item.kind === 'process' ? [item.pid] : []))
  const table: RawItem = { kind: 'processes', id: 'processes', state: 'observed', pids }
  const found = [...foldersOf(described), table].map((item) => [item.id, item] as const)
  return { items: new Map([...found, ...described]), offline: false }
}

/** The same node with nothing running: an image. Its units start at boot by a link, as systemd makes it. */
export function asImage(node: DescribedNode): DescribedNode {
  const left = [...node.items.values()].filter(
    ({ kind }) => kind !== 'process' && kind !== 'unit' && kind !== 'command',
  )
  const units = [...node.items.values()].flatMap((item) => (item.kind === 'unit' ? [item.name] : []))
  const links = units.flatMap((name) =>
    file(`/etc/systemd/system/multi-user.target.wants/${name}`, { mode: 0o777, type: 'symlink' }),
  )
  const items = [...left, ...links]
  const table: RawItem = { kind: 'processes', id: 'processes', state: 'unavailable', reason: 'offline' }
  return { items: new Map([...items, table].map((item) => [item.id, item])), offline: true }
}

/** What a collection that asked for `asked` as well brings back of the node. */
export function evidenceOf(node: DescribedNode, asked: Part): NodeEvidence {
  const items = new Map([...asked.map((item) => [item.id, item] as const), ...node.items])
  return {
    target: 'local',
    name: 'cp-1',
    carrier: node.offline ? 'root' : 'local',
    offline: node.offline,
    collectedAt: '2027-05-21T00:00:00Z',
    nodeClock: null,
    uid: 0,
    scriptDigest: 'sha256:0',
    end: 'complete',
    items: [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}
