import type { Evidence } from '../../model/evidence.ts'
import { observed, unavailable } from '../../model/evidence.ts'
import type { NodeView, RawDirectory, RawFile } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import { issuingPrograms } from '../certificates/issuing-programs.ts'
import { isCertificateLabel, isPrivateKeyLabel, pemBlocks } from '../certificates/pem.ts'
import type { NodeContext } from '../fact-kind.ts'
import { sourceOf } from './raw-source.ts'

/** Directories that hold a cluster's keys and nothing else: kubeadm, the kubelet, by hand, Kubespray, kOps, RKE2, K3s. */
const usualDirectories = [
  '/etc/kubernetes/pki',
  '/etc/kubernetes/ssl',
  '/var/lib/kubernetes',
  '/var/lib/kubelet/pki',
  '/etc/etcd',
  '/etc/ssl/etcd/ssl',
  '/srv/kubernetes',
  '/etc/kubernetes/kops-controller',
  '/var/lib/rancher/rke2/server/tls',
  '/var/lib/rancher/k3s/server/tls',
] as const

/** What a node is asked about them; below another data directory of RKE2 and K3s the collector asks the same. */
export const pkiProbes: readonly Probe[] = usualDirectories.map((path) => ({ kind: 'tree', path, depth: 4 }))

/** The same on this node: RKE2 and K3s keep theirs where their configuration says. */
export function pkiDirectories(node: NodeContext): readonly string[] {
  return node.memo('files:pki-directories', () => {
    const own = issuingPrograms(node).map(({ directory }) => `${directory}/server/tls`)
    return [...new Set([...usualDirectories, ...own])]
  })
}

/** What a file of a PKI tree holds, by content. */
export type PemKind = 'certificate' | 'private-key'

/** PEM kinds in a file: as the collector saw them, else from what it brought back; unavailable when nobody looked. */
export function pemKindsOf(
  view: NodeView,
  file: Extract<RawFile, { state: 'observed' }>,
): Evidence<readonly PemKind[]> {
  const source = sourceOf(file)
  if (file.holds !== undefined) return observed(file.holds, source)
  const content = view.content(file.path)
  const hasKey = view.key(file.path).state === 'observed'
  if (content.state === 'observed') {
    const labels = pemBlocks(content.text).blocks.map((block) => block.label)
    const kinds: PemKind[] = []
    if (labels.some(isCertificateLabel)) kinds.push('certificate')
    if (hasKey || labels.some(isPrivateKeyLabel)) kinds.push('private-key')
    return observed(kinds, source)
  }
  if (hasKey) return observed(['private-key'], source)
  return unavailable('not-collected', source, `${file.path}: what it holds is not known`)
}

/** True for a path in one of the directories, or one of them. */
export function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path === directory || path.startsWith(`${directory}/`))
}

/** Entries of a directory tree, and the parts of it that could not be listed. */
export interface Tree {
  readonly paths: readonly string[]
  readonly gaps: readonly Extract<RawDirectory, { state: 'unavailable' }>[]
}

/** Everything below a directory: its own listing and those of its subdirectories, however they were collected. */
export function treeOf(view: NodeView, root: string): Tree {
  const listings = view.all('directory').filter((directory) => isBelow(directory.path, [root]))
  const paths = listings.flatMap((directory) =>
    directory.state === 'observed' ? [directory.path, ...directory.entries] : [],
  )
  return {
    paths: [...new Set(paths)].sort((a, b) => (a < b ? -1 : 1)),
    gaps: listings.filter((directory) => directory.state === 'unavailable').filter(isNoFile(view)),
  }
}

/** A file that was taken for a directory is no gap: nothing lies below it. */
function isNoFile(view: NodeView): (directory: { readonly path: string }) => boolean {
  return ({ path }) => {
    const file = view.file(path)
    return file.state !== 'observed' || file.stat.type !== 'file'
  }
}
