import type { HostMount } from './static-pod.ts'

/** True when a path is this one or lies below it. */
export function isAtOrBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(above === '/' ? '/' : `${above}/`)
}

/** The mount that shows a path of a container; the longest path comes first. */
export function mountOf(mounts: readonly HostMount[], path: string): HostMount | undefined {
  return mounts.find(({ mountPath }) => isAtOrBelow(path, mountPath))
}

/** The host's name for a path inside a container; undefined when no mount shows that path. */
export function throughMounts(mounts: readonly HostMount[], path: string): string | undefined {
  const mount = mountOf(mounts, path)
  if (mount === undefined) return undefined
  const { mountPath, hostPath } = mount
  if (path === mountPath) return hostPath
  const below = mountPath === '/' ? '/' : `${mountPath}/`
  return `${hostPath === '/' ? '' : hostPath}/${path.slice(below.length)}`
}
