import type { NodeView, RawFile } from '../../model/node-evidence.ts'
import { isAtOrBelow, mountOf } from './host-path.ts'
import type { HostMount } from './static-pod.ts'

/** A path of a container, and the files under the names it may have on the host and inside the container. */
export interface ContainerPath {
  readonly path: string
  readonly mounts: readonly HostMount[]
  readonly files: readonly RawFile[]
}

/** Nobody but a link keeps root from a file of a container: the collector does not follow those. */
export function isBehindLink(view: NodeView, file: RawFile): boolean {
  const isKept = file.state === 'unavailable' && file.reason === 'permission-denied'
  return isKept && view.evidence.uid === 0 && /^\/proc\/\d+\/root\//.test(file.path)
}

/**
 * True when a link may lead the host's name of a path elsewhere than it leads in the container: below a mount it
 * means the same to both only where it ends in a directory both have under one name.
 */
export function isLedElsewhere(
  view: NodeView,
  onHost: RawFile,
  { path, mounts, files }: ContainerPath,
): boolean {
  const mount = mountOf(mounts, path)
  // A mount that is a link itself was followed on the host, before the container came to be.
  if (mount === undefined || mount.mountPath === path || onHost.state !== 'observed') return false
  const { target } = onHost.stat
  if (target === undefined) return files.some((file) => isBehindLink(view, file))
  return !mounts.some(({ mountPath, hostPath }) => mountPath === hostPath && isAtOrBelow(target, hostPath))
}
