import type { ComponentPod } from './configured.ts'
import type { ObservedProcess } from './process-place.ts'

/** Ports in the URLs that one of a process's variables lists. */
export function portsIn(process: ObservedProcess, variable: string): readonly number[] {
  const urls = process.env?.[variable] ?? ''
  return [...urls.matchAll(/:(\d+)(?=,|\/|$)/g)].map(([, port]) => Number(port))
}

/** The one manifest whose launcher was told the client port that its child serves; undefined when that decides nothing. */
export function launchingPod(
  process: ObservedProcess,
  pods: readonly ComponentPod[],
): ComponentPod | undefined {
  const ports = portsIn(process, 'ETCD_LISTEN_CLIENT_URLS')
  const fitting = pods.filter(({ isLauncher, container }) => {
    const text = container.words.map((word) => word.text).join(' ')
    const [, urls = ''] = /--client-urls=(\S+)/.exec(text) ?? []
    return isLauncher && ports.some((port) => urls.split(',').some((url) => url.endsWith(`:${port}`)))
  })
  return fitting.length === 1 ? fitting[0] : undefined
}
