import { createPublicKey, X509Certificate } from 'node:crypto'
import { adminKubeconfigs } from '../../../src/facts/admin-kubeconfigs.ts'
import { admissionPlugins } from '../../../src/facts/admission-plugins.ts'
import { anonymousAccess } from '../../../src/facts/anonymous-access.ts'
import { auditPolicy } from '../../../src/facts/audit-policy.ts'
import { authorizers } from '../../../src/facts/authorizers.ts'
import { certificates } from '../../../src/facts/certificates.ts'
import { cniFiles } from '../../../src/facts/cni-files.ts'
import { componentFiles } from '../../../src/facts/component-files.ts'
import { encryptionAtRest } from '../../../src/facts/encryption-at-rest.ts'
import type { FactKind, NodeContext } from '../../../src/facts/fact-kind.ts'
import { createNodeView } from '../../../src/facts/node-view.ts'
import { pkiFiles } from '../../../src/facts/pki-files.ts'
import { trustOverlap } from '../../../src/facts/trust-overlap.ts'
import type { FactRequest } from '../../../src/model/check.ts'
import type { FileType, RawItem } from '../../../src/model/node-evidence.ts'
import { recorded } from '../../support/recorded.ts'
import { content, directory, nodeWith, noUnits, plain, process } from '../../support/settings-node.ts'

/** What a test says of one file. */
export interface StatOf {
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly type?: FileType
  readonly target?: string
  readonly holds?: readonly ('certificate' | 'private-key')[]
}

export function stat(path: string, about: StatOf = {}): RawItem {
  const { mode = 0o600, uid = 0, gid = 0, type = 'file', target, holds } = about
  return {
    kind: 'file',
    id: `file:${path}`,
    path,
    state: 'observed',
    stat: { type, mode, uid, gid, size: 1, mtime: 1, ...(target === undefined ? {} : { target }) },
    ...(holds === undefined ? {} : { holds }),
  }
}

export function denied(kind: 'file' | 'content' | 'directory', path: string): RawItem {
  return { kind, id: `${kind}:${path}`, path, state: 'unavailable', reason: 'permission-denied' }
}

export function tree(path: string, entries: readonly string[]): RawItem {
  return {
    kind: 'directory',
    id: `directory:${path}`,
    path,
    state: 'observed',
    entries: entries.map((name) => `${path}/${name}`),
    recursive: true,
  }
}

export function key(path: string, publicKey: string): RawItem {
  return { kind: 'key', id: `key:${path}`, path, state: 'observed', publicKey }
}

/** Public half of the key a PEM certificate was issued for. */
export function publicKeyOf(pem: string): string {
  return String(
    createPublicKey(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' })).export({
      type: 'spki',
      format: 'pem',
    }),
  )
}

const pki = '/etc/kubernetes/pki'
export const pkiNames = [
  'apiserver',
  'apiserver-etcd-client',
  'apiserver-kubelet-client',
  'ca',
  'front-proxy-ca',
  'front-proxy-client',
  'etcd/ca',
  'etcd/healthcheck-client',
  'etcd/peer',
  'etcd/server',
] as const

export function certificateText(name: string): string {
  return recorded(`kubeadm-1.36/pki/${name}.crt`)
}

function pkiItems(): readonly RawItem[] {
  const pairs = pkiNames.flatMap((name) => [
    stat(`${pki}/${name}.crt`, { mode: 0o644, holds: ['certificate'] }),
    content(`${pki}/${name}.crt`, certificateText(name)),
    stat(`${pki}/${name}.key`, { holds: ['private-key'] }),
    key(`${pki}/${name}.key`, publicKeyOf(certificateText(name))),
  ])
  const names = [...pkiNames.flatMap((name) => [`${name}.crt`, `${name}.key`]), 'etcd', 'sa.key', 'sa.pub']
  return [
    ...pairs,
    tree(pki, names),
    stat(pki, { type: 'directory', mode: 0o755 }),
    stat(`${pki}/etcd`, { type: 'directory', mode: 0o755 }),
    stat(`${pki}/sa.key`, { holds: ['private-key'] }),
    stat(`${pki}/sa.pub`, { holds: [] }),
    content(`${pki}/sa.pub`, recorded('kubeadm-1.36/pki/sa.pub')),
  ]
}

const manifests = '/etc/kubernetes/manifests'
const components = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const

/** Words of a manifest's `command`. */
function commandOf(name: string): readonly string[] {
  const lines = recorded(`kubernetes-1.36/kubeadm/manifests/${name}.yaml`).split('\n')
  const start = lines.findIndex((line) => line.trim() === '- command:')
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('    - '))
  return lines.slice(start + 1, end).map((line) => line.slice(6))
}

function podItems(): readonly RawItem[] {
  const files = components.flatMap((name) => [
    content(`${manifests}/${name}.yaml`, recorded(`kubernetes-1.36/kubeadm/manifests/${name}.yaml`)),
    stat(`${manifests}/${name}.yaml`),
  ])
  const running = components.map((name, index) =>
    process({ name, pid: 100 + index, argv: commandOf(name), contained: true }),
  )
  return [...files, ...running, directory(manifests, ...components.map((name) => `${name}.yaml`))]
}

const kubeconfigs = ['admin', 'super-admin', 'controller-manager', 'scheduler', 'kubelet'] as const

function nodeItems(): readonly RawItem[] {
  const conf = kubeconfigs.flatMap((name) => [
    content(`/etc/kubernetes/${name}.conf`, recorded(`kubeadm-1.36/kubeconfig/${name}.conf`)),
    stat(`/etc/kubernetes/${name}.conf`),
  ])
  const absent = [
    '/var/lib/kubernetes',
    '/etc/etcd',
    '/etc/kubernetes/ssl',
    '/etc/kubernetes/kops-controller',
    '/etc/ssl/etcd/ssl',
    '/srv/kubernetes',
    '/var/lib/rancher/rke2/server/tls',
    '/var/lib/rancher/k3s/server/tls',
    '/var/lib/rancher/rke2/agent/pod-manifests',
    '/var/lib/rancher/k3s/agent/etc/cni/net.d',
    '/var/lib/cni/networks',
  ] as const
  return [
    ...conf,
    ...noUnits.filter((item) => item.id !== 'unit:kubelet.service'),
    ...absent.map((path): RawItem => ({ kind: 'directory', id: `directory:${path}`, path, state: 'absent' })),
    ...[
      '/etc/rancher/rke2/rke2.yaml',
      '/etc/rancher/k3s/k3s.yaml',
      '/var/lib/rancher/rke2/server/cred/admin.kubeconfig',
      '/var/lib/rancher/k3s/server/cred/admin.kubeconfig',
      '/var/lib/kubectl/kubeconfig',
      '/root/.kube/config',
    ].map((path): RawItem => ({ kind: 'file', id: `file:${path}`, path, state: 'absent' })),
    tree('/var/lib/kubelet/pki', []),
    stat('/var/lib/kubelet/pki', { type: 'directory', mode: 0o755 }),
    content('/etc/passwd', 'root:x:0:0::/root:/bin/bash\netcd:x:998:998::/:/sbin/nologin\n'),
    content('/etc/group', 'root:x:0:\netcd:x:998:\n'),
    content('/var/lib/kubelet/config.yaml', recorded('kubernetes-1.36/kubeadm/kubelet/config.yaml')),
    stat('/var/lib/kubelet/config.yaml', { mode: 0o644 }),
    stat('/var/lib/etcd', { type: 'directory', mode: 0o700 }),
    process({
      name: 'kubelet',
      pid: 99,
      cgroup: '0::/system.slice/kubelet.service',
      argv: [
        '/usr/bin/kubelet',
        '--kubeconfig=/etc/kubernetes/kubelet.conf',
        '--config=/var/lib/kubelet/config.yaml',
      ],
    }),
    {
      kind: 'unit',
      id: 'unit:kubelet.service',
      name: 'kubelet.service',
      state: 'observed',
      properties: {
        LoadState: 'loaded',
        ActiveState: 'active',
        UnitFileState: 'enabled',
        FragmentPath: '/usr/lib/systemd/system/kubelet.service',
        DropInPaths:
          '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf /etc/systemd/system/kubelet.service.d/20-local.conf',
        EnvironmentFiles: '/var/lib/kubelet/kubeadm-flags.env (ignore_errors=yes)',
      },
    },
    stat('/usr/lib/systemd/system/kubelet.service', { mode: 0o644 }),
    stat('/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf', { mode: 0o644 }),
    stat('/etc/systemd/system/kubelet.service.d/20-local.conf', { mode: 0o600 }),
    content('/usr/lib/systemd/system/kubelet.service', '[Service]\nExecStart=/usr/bin/kubelet\n'),
    content('/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf', '[Service]\n'),
    content('/etc/systemd/system/kubelet.service.d/20-local.conf', '[Service]\n'),
    directory('/etc/cni/net.d', '10-flannel.conflist'),
    stat('/etc/cni/net.d/10-flannel.conflist', { mode: 0o644 }),
  ]
}

/** Half a year after the recorded certificates were issued. */
export const atMs = Date.UTC(2027, 4, 21)

/** A control-plane node as kubeadm leaves it; `changes` replace items of the same id, `without` takes items away. */
export function kubeadmNode(changes: readonly RawItem[] = [], without: readonly string[] = []): NodeContext {
  const items = new Map(
    [...pkiItems(), ...podItems(), ...nodeItems(), ...changes].map((item) => [item.id, item]),
  )
  for (const id of without) items.delete(id)
  return contextOf([...items.values()])
}

/** A node of these items alone. */
export function contextOf(items: readonly RawItem[]): NodeContext {
  const pids = items.flatMap((item) => (item.kind === 'process' ? [item.pid] : []))
  const all: readonly RawItem[] = [...items, { kind: 'processes', id: 'processes', state: 'observed', pids }]
  const base = nodeWith(all)
  return { ...base, atMs, view: createNodeView({ ...base.view.evidence, items: all }) }
}

/** A manifest of the node with one more flag or another value; the running process has it as well. */
export function withFlags(
  component: (typeof components)[number],
  flags: readonly string[],
  drop: readonly string[] = [],
): readonly RawItem[] {
  const kept = commandOf(component).filter((word) => !drop.some((flag) => word.startsWith(`--${flag}=`)))
  const argv = [...kept, ...flags]
  const text = recorded(`kubernetes-1.36/kubeadm/manifests/${component}.yaml`)
  const lines = text.split('\n').filter((line) => !drop.some((flag) => line.startsWith(`    - --${flag}=`)))
  const at = lines.findIndex((line) => line.startsWith('    - --'))
  const changed = [...lines.slice(0, at), ...flags.map((flag) => `    - ${flag}`), ...lines.slice(at)].join(
    '\n',
  )
  return [
    process({ name: component, pid: 100 + components.indexOf(component), argv, contained: true }),
    content(`${manifests}/${component}.yaml`, changed),
  ]
}

const kinds = [
  adminKubeconfigs,
  admissionPlugins,
  anonymousAccess,
  auditPolicy,
  authorizers,
  certificates,
  cniFiles,
  componentFiles,
  encryptionAtRest,
  pkiFiles,
  trustOverlap,
]

/** The fact kinds of files, certificates and API server files, by name. */
export const factKinds: { readonly [kind: string]: FactKind } = Object.fromEntries(
  kinds.map((kind) => [kind.kind, kind]),
)

/** Derives a fact and shows it as plain data. */
export function factOf(request: FactRequest, node: NodeContext): unknown {
  const kind = factKinds[request.fact]
  if (kind === undefined) throw new Error(`no fact ${request.fact}`)
  return plain(kind.derive(request, node))
}
