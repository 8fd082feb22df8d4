import type { Container, PodShape } from './shape.ts'

/** Something a pod may ask for that a pod security level refuses. */
export interface Feature {
  /** What namespaces admit: `privileged containers`. */
  readonly what: string
  /** The lowest level that refuses it, in rules of 1.`since` and later. */
  readonly level: 'baseline' | 'restricted'
  readonly since: number
  /** How a pod or a template does it; nothing where it does not. */
  uses(pod: PodShape): readonly string[]
  /** How it does it in a way that is accepted and told. */
  notes?(pod: PodShape): readonly string[]
}

/** Each container of which `says` has something to say. */
export function eachContainer(
  pod: PodShape,
  says: (container: Container) => string | undefined,
): readonly string[] {
  return pod.containers.flatMap((container) => {
    const said = says(container)
    return said === undefined ? [] : [`${container.called} ${said}`]
  })
}

/** Linux rules say nothing of Windows pods. */
function linuxContainers(
  pod: PodShape,
  says: (container: Container) => string | undefined,
): readonly string[] {
  return pod.isWindows ? [] : eachContainer(pod, says)
}

const inside = (pod: PodShape): string => (pod.ownUsers ? ' (in a user namespace of its own)' : '')

function rootUse({ user, nonRoot }: Container): string | undefined {
  if (user === 0) return 'runs as root (runAsUser is 0)'
  if (nonRoot === true || user !== undefined) return undefined
  return 'may run as root (neither runAsNonRoot nor runAsUser holds its image to another user)'
}

function rawUse({ isPrivileged, add, drop }: Container): string | undefined {
  if (isPrivileged) return 'has every capability (it is privileged)'
  const added = add.find((name) => name === 'NET_RAW' || name === 'ALL')
  if (added !== undefined) return `adds ${added}`
  const isDropped = drop.includes('ALL') || drop.includes('NET_RAW')
  return isDropped ? undefined : 'does not drop NET_RAW'
}

/** The one capability that even the strictest level lets pods add. */
const harmless = 'NET_BIND_SERVICE'

function capabilityUse({ isPrivileged, add, drop }: Container): string | undefined {
  if (isPrivileged) return 'has every capability (it is privileged)'
  const added = add.filter((name) => name !== harmless)
  if (added.length > 0) return `adds ${added.join(', ')}`
  return drop.includes('ALL') ? undefined : 'does not drop ALL'
}

function addedUse({ add }: Container): string | undefined {
  const added = add.filter((name) => name !== harmless)
  return added.length === 0 ? undefined : `adds ${added.join(', ')}`
}

const when = (isSo: boolean, says: string): readonly string[] => (isSo ? [says] : [])

/** What the controls about pod security are about, by the name checks give it. */
export const features: ReadonlyMap<string, Feature> = new Map<string, Feature>([
  [
    'privileged',
    {
      what: 'privileged containers',
      level: 'baseline',
      since: 0,
      uses: (pod) => eachContainer(pod, ({ isPrivileged }) => (isPrivileged ? 'runs privileged' : undefined)),
    },
  ],
  [
    'host-pid',
    {
      what: 'pods in the host’s PID namespace',
      level: 'baseline',
      since: 0,
      uses: ({ hostPID }) => when(hostPID, 'it shares the host’s PID namespace'),
    },
  ],
  [
    'host-ipc',
    {
      what: 'pods in the host’s IPC namespace',
      level: 'baseline',
      since: 0,
      uses: ({ hostIPC }) => when(hostIPC, 'it shares the host’s IPC namespace'),
    },
  ],
  [
    'host-network',
    {
      what: 'pods on the host’s network',
      level: 'baseline',
      since: 0,
      uses: ({ hostNetwork }) => when(hostNetwork, 'it is on the host’s network'),
    },
  ],
  [
    'privilege-escalation',
    {
      what: 'containers that may gain privileges',
      level: 'restricted',
      since: 8,
      uses: (pod) =>
        linuxContainers(pod, ({ escalation }) =>
          escalation === false
            ? undefined
            : `may gain privileges (allowPrivilegeEscalation is ${escalation ?? 'not set'})`,
        ),
    },
  ],
  [
    'root',
    {
      what: 'containers that run as root',
      level: 'restricted',
      since: 23,
      uses: (pod) => linuxContainers(pod, rootUse).map((use) => `${use}${inside(pod)}`),
    },
  ],
  [
    'net-raw',
    {
      what: 'containers with NET_RAW',
      level: 'restricted',
      since: 22,
      uses: (pod) => linuxContainers(pod, rawUse),
    },
  ],
  [
    'capabilities',
    {
      what: 'containers that keep capabilities',
      level: 'restricted',
      since: 22,
      uses: (pod) => linuxContainers(pod, capabilityUse),
    },
  ],
  [
    'added-capabilities',
    {
      what: 'containers with added capabilities',
      level: 'restricted',
      since: 22,
      uses: (pod) => linuxContainers(pod, addedUse),
      notes: (pod) =>
        linuxContainers(pod, ({ add }) => (add.includes(harmless) ? `adds ${harmless}` : undefined)),
    },
  ],
  [
    'windows-host-process',
    {
      what: 'Windows HostProcess containers',
      level: 'baseline',
      since: 0,
      uses: (pod) =>
        eachContainer(pod, ({ hostProcess }) =>
          hostProcess === true ? 'is a HostProcess container' : undefined,
        ),
    },
  ],
  [
    'host-path',
    {
      what: 'hostPath volumes',
      level: 'baseline',
      since: 0,
      uses: ({ hostPaths }) => hostPaths.map((path) => `it mounts ${path} of the host`),
    },
  ],
  [
    'host-port',
    {
      what: 'host ports',
      level: 'baseline',
      since: 0,
      // On the host's network every port is one of the host: the server writes it in, and host-network tells it.
      uses: (pod) =>
        pod.hostNetwork
          ? []
          : eachContainer(pod, ({ hostPorts }) =>
              hostPorts.length === 0 ? undefined : `takes host port ${hostPorts.join(', ')}`,
            ),
    },
  ],
  [
    'unmasked-proc',
    {
      what: 'containers with an unmasked /proc',
      level: 'baseline',
      since: 0,
      uses: (pod) =>
        eachContainer(pod, ({ procMount }) =>
          procMount === 'Unmasked' ? `sees all of /proc${inside(pod)}` : undefined,
        ),
    },
  ],
])
