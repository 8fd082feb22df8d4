import type { Json } from '../../../model/finding.ts'
import { flagAt, listAt, nameAt, numberAt, textAt, textsAt } from '../json.ts'

/** What a pod and its containers may both say; what the container says counts. */
interface Context {
  /** True where a security context with anything in it is given. */
  readonly isGiven: boolean
  readonly user?: number
  readonly nonRoot?: boolean
  readonly seccomp?: string
  readonly hostProcess?: boolean
}

/** One container of a pod with what is in force for it. */
export interface Container extends Context {
  /** `container web`, `init container copy`. */
  readonly called: string
  readonly isPrivileged: boolean
  readonly escalation?: boolean
  readonly readOnlyRoot?: boolean
  readonly procMount?: string
  /** Capabilities in upper case without `CAP_`. */
  readonly add: readonly string[]
  readonly drop: readonly string[]
  readonly hostPorts: readonly number[]
  readonly secretEnv: readonly string[]
  readonly secretEnvFrom: readonly string[]
  readonly secretLiterals: readonly string[]
}

/** What checks look at of a pod or a template. */
export interface PodShape {
  readonly isWindows: boolean
  readonly hostPID: boolean
  readonly hostIPC: boolean
  readonly hostNetwork: boolean
  /** True where its users are not those of the host. */
  readonly ownUsers: boolean
  readonly hostPaths: readonly string[]
  /** Init containers, sidecars, regular and ephemeral ones. */
  readonly containers: readonly Container[]
}

function contextOf(entry: unknown): Context {
  const [user, nonRoot] = [numberAt(entry, 'user'), flagAt(entry, 'nonRoot')]
  const [seccomp, hostProcess] = [textAt(entry, 'seccomp'), flagAt(entry, 'hostProcess')]
  return {
    isGiven: flagAt(entry, 'isGiven') === true,
    ...(user === undefined ? {} : { user }),
    ...(nonRoot === undefined ? {} : { nonRoot }),
    ...(seccomp === undefined ? {} : { seccomp }),
    ...(hostProcess === undefined ? {} : { hostProcess }),
  }
}

/** Names come with or without the prefix and in any case. */
function capabilities(entry: unknown, field: string): readonly string[] {
  return textsAt(entry, field).map((name) => name.toUpperCase().replace(/^CAP_/, ''))
}

function containerOf(entry: unknown, pod: Context): Container {
  const kind = textAt(entry, 'kind')
  const own = contextOf(entry)
  const [escalation, readOnlyRoot] = [flagAt(entry, 'escalation'), flagAt(entry, 'readOnlyRoot')]
  const procMount = textAt(entry, 'procMount')
  return {
    ...pod,
    ...own,
    isGiven: own.isGiven || pod.isGiven,
    called: `${kind === undefined ? '' : `${kind} `}container ${nameAt(entry, 'name')}`,
    isPrivileged: flagAt(entry, 'privileged') === true,
    ...(escalation === undefined ? {} : { escalation }),
    ...(readOnlyRoot === undefined ? {} : { readOnlyRoot }),
    ...(procMount === undefined ? {} : { procMount }),
    add: capabilities(entry, 'add'),
    drop: capabilities(entry, 'drop'),
    hostPorts: listAt(entry, 'hostPorts').filter((port) => typeof port === 'number'),
    secretEnv: textsAt(entry, 'secretEnv'),
    secretEnvFrom: textsAt(entry, 'secretEnvFrom'),
    secretLiterals: textsAt(entry, 'secretLiterals'),
  }
}

/** Reads what the collector kept of a pod or a template. */
export function shapeOf(entry: Json): PodShape {
  const pod = contextOf(entry)
  return {
    isWindows: flagAt(entry, 'isWindows') === true,
    hostPID: flagAt(entry, 'hostPID') === true,
    hostIPC: flagAt(entry, 'hostIPC') === true,
    hostNetwork: flagAt(entry, 'hostNetwork') === true,
    ownUsers: flagAt(entry, 'ownUsers') === true,
    hostPaths: textsAt(entry, 'hostPaths'),
    containers: listAt(entry, 'containers').map((one) => containerOf(one, pod)),
  }
}
