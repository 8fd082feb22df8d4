import type { HostMount } from './static-pod.ts'

/** The host's name for a path inside a container; undefined when no mount shows that path. */
export function throughMounts(mounts: readonly HostMount[], path: string): string | undefined {
  for (const { mountPath, hostPath } of mounts) {
    if (path === mountPath) return hostPath
    const below = mountPath === '/' ? '/' : `${mountPath}/`
    if (path.startsWith(below)) return `${hostPath === '/' ? '' : hostPath}/${path.slice(below.length)}`
  }
  return undefined
}
