import { absent, type Evidence, joinSources, type Source, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { describeFault } from '../text/document.ts'
import { parseStaticPod, type StaticPod } from './static-pod.ts'

/** Directories kubelets take static pods from: kubeadm and its kin, RKE2. */
export const usualManifestDirectories = [
  '/etc/kubernetes/manifests',
  '/var/lib/rancher/rke2/agent/pod-manifests',
] as const

/** Every readable manifest of the directories static pods come from, and what could not be read. */
export interface Manifests {
  readonly directories: readonly string[]
  readonly pods: readonly { readonly pod: StaticPod; readonly source: Source }[]
  /** Reasons for which the list may be incomplete. */
  readonly missing: readonly Evidence<never>[]
  /** Why the kubelet's own directory is not known; then only the usual ones were looked at. */
  readonly directoryGap?: Evidence<never>
}

function isIn(directory: string, path: string): boolean {
  const name = path.slice(directory.length + 1)
  return path.startsWith(`${directory}/`) && !name.includes('/')
}

/** True for a file where a directory may be: staticPodPath may name one manifest (config/file.go listConfig). */
function isOneManifest(view: NodeView, path: string): boolean {
  const file = view.file(path)
  return file.state === 'observed' && file.stat.type === 'file'
}

/** What the kubelet would read: also a file that was listed and never brought back. */
function pathsIn(view: NodeView, directory: string): readonly string[] {
  if (isOneManifest(view, directory)) return [directory]
  const listing = view.directory(directory)
  const listed = listing.state === 'observed' ? listing.entries : []
  const collected = view.all('content').map(({ path }) => path)
  return [...new Set([...listed, ...collected])].filter(
    (path) => isIn(directory, path) && !path.startsWith(`${directory}/.`) && !isDirectory(view, path),
  )
}

function isDirectory(view: NodeView, path: string): boolean {
  const file = view.file(path)
  return file.state === 'observed' && file.stat.type === 'directory'
}

/**
 * Static pods of a node. The kubelet reads every file of a directory whose name does not begin with a dot
 * (config/file.go), or the one file it was given.
 */
export function readManifests(view: NodeView, directories: readonly string[]): Manifests {
  const pods: { pod: StaticPod; source: Source }[] = []
  const missing: Evidence<never>[] = []
  for (const directory of new Set(directories)) {
    const listing = view.directory(directory)
    const isUnlisted = listing.state === 'unavailable' && listing.reason !== 'not-collected'
    if (isUnlisted && !isOneManifest(view, directory))
      missing.push(
        unavailable(listing.reason, { items: [listing.id], at: [] }, `${directory} could not be listed`),
      )
    for (const path of pathsIn(view, directory)) {
      const content = view.content(path)
      const source: Source = { items: [content.id], at: [{ kind: 'file', at: content.path }] }
      if (content.state === 'unavailable')
        missing.push(unavailable(content.reason, source, `${content.path} could not be read`))
      if (content.state !== 'observed') continue
      const pod = parseStaticPod(content.text, content.path)
      if (pod.kind === 'parsed') pods.push({ pod: pod.value, source })
      else missing.push(unavailable('unparsable', source, describeFault(content.path, pod)))
    }
  }
  return { directories, pods, missing }
}

/** Absent when every directory was looked at; else the first reason why that is not known. */
export function noManifest(view: NodeView, manifests: Manifests): Evidence<never> {
  const first = manifests.missing[0]
  if (first !== undefined) return first
  const listings = manifests.directories
    .filter((path) => !isOneManifest(view, path))
    .map((directory) => view.directory(directory))
  const source = joinSources(...listings.map((listing) => ({ items: [listing.id], at: [] })))
  const unasked = listings.find((listing) => listing.state === 'unavailable')
  return unasked?.state === 'unavailable'
    ? unavailable(unasked.reason, source, unasked.detail)
    : absent(source)
}

/** For components that never are static pods: there is nothing to look at. */
export const noManifests: Manifests = { directories: [], pods: [], missing: [] }
