import type { Json } from '../../../model/finding.ts'
import { isRecord, lookUp } from '../../text/document.ts'
import { flagAt, listAt, nameAt, numberAt, textAt, textsAt } from '../json.ts'

/** What is kept of an object. Unlike `compact`, a `false` stays: an unset field and one that is off differ here. */
export type Kept = { readonly [field: string]: Json }

type Kind = 'boolean' | 'number' | 'string' | 'mapping' | 'list of mappings'

/** Fields whose form decides something. Of another form, nothing may be said of the object. */
const podFields: Readonly<Record<string, Kind>> = {
  automountServiceAccountToken: 'boolean',
  hostIPC: 'boolean',
  hostNetwork: 'boolean',
  hostPID: 'boolean',
  hostUsers: 'boolean',
  os: 'mapping',
  securityContext: 'mapping',
  volumes: 'list of mappings',
}
const containerFields: Readonly<Record<string, Kind>> = {
  env: 'list of mappings',
  envFrom: 'list of mappings',
  ports: 'list of mappings',
  securityContext: 'mapping',
}
const contextFields: Readonly<Record<string, Kind>> = {
  allowPrivilegeEscalation: 'boolean',
  capabilities: 'mapping',
  privileged: 'boolean',
  procMount: 'string',
  readOnlyRootFilesystem: 'boolean',
  runAsNonRoot: 'boolean',
  runAsUser: 'number',
  seccompProfile: 'mapping',
  windowsOptions: 'mapping',
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'mapping') return isRecord(value)
  if (kind === 'list of mappings') return Array.isArray(value) && value.every(isRecord)
  return typeof value === kind
}

function oddField(object: unknown, fields: Readonly<Record<string, Kind>>): string | undefined {
  for (const [field, kind] of Object.entries(fields)) {
    const value = lookUp(object, [field])
    if (value !== undefined && value !== null && !isOfKind(value, kind)) return `${field} is no ${kind}`
  }
  return undefined
}

/** A record without fields that hold nothing at all. */
function present(fields: { readonly [name: string]: Json | undefined }): Kept {
  const kept: { [name: string]: Json } = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
    kept[name] = value
  }
  return kept
}

/** A text that says nothing is one that is not there. */
function wordAt(value: unknown, ...path: readonly string[]): string | undefined {
  return textAt(value, ...path) || undefined
}

/** What the security context of a pod and that of a container may both say. */
function cutContext(context: unknown): Kept {
  return present({
    // An empty context is what the server makes of none.
    isGiven: isRecord(context) && Object.keys(context).length > 0 ? true : undefined,
    user: numberAt(context, 'runAsUser'),
    nonRoot: flagAt(context, 'runAsNonRoot'),
    seccomp: wordAt(context, 'seccompProfile', 'type'),
    hostProcess: flagAt(context, 'windowsOptions', 'hostProcess'),
  })
}

/** Names of variables that tell of a secret; what they hold is never kept. */
const secretName = /PASSWORD|PASSWD|TOKEN|SECRET|KEY|CREDENTIAL/i

function cutEnvironment(container: unknown): Kept {
  const variables = listAt(container, 'env')
  const named = (one: unknown): readonly string[] => [nameAt(one, 'name')]
  return present({
    secretEnv: variables.flatMap((one) =>
      isRecord(lookUp(one, ['valueFrom', 'secretKeyRef'])) ? named(one) : [],
    ),
    secretEnvFrom: listAt(container, 'envFrom').flatMap((one) =>
      isRecord(lookUp(one, ['secretRef'])) ? [nameAt(one, 'secretRef', 'name')] : [],
    ),
    secretLiterals: variables.flatMap((one) =>
      wordAt(one, 'value') !== undefined && secretName.test(nameAt(one, 'name')) ? named(one) : [],
    ),
  })
}

function cutContainer(container: unknown, kind: string | undefined): Kept {
  const context = lookUp(container, ['securityContext'])
  return {
    name: nameAt(container, 'name'),
    ...present({
      kind,
      ...cutContext(context),
      privileged: flagAt(context, 'privileged'),
      escalation: flagAt(context, 'allowPrivilegeEscalation'),
      readOnlyRoot: flagAt(context, 'readOnlyRootFilesystem'),
      procMount: wordAt(context, 'procMount'),
      add: textsAt(context, 'capabilities', 'add'),
      drop: textsAt(context, 'capabilities', 'drop'),
      hostPorts: listAt(container, 'ports').flatMap((port) => numberAt(port, 'hostPort') || []),
    }),
    ...cutEnvironment(container),
  }
}

const containerLists = [
  ['initContainers', 'init'],
  ['containers', undefined],
  ['ephemeralContainers', 'ephemeral'],
] as const

function kindOf(container: unknown, kind: string | undefined): string | undefined {
  // An init container that always restarts keeps running beside the others.
  return kind === 'init' && textAt(container, 'restartPolicy') === 'Always' ? 'sidecar' : kind
}

function cutContainers(spec: unknown): readonly Kept[] | string {
  const kept: Kept[] = []
  for (const [field, kind] of containerLists) {
    const containers = lookUp(spec, [field])
    if (containers === undefined || containers === null) {
      if (field === 'containers') return 'it has no containers'
      continue
    }
    if (!Array.isArray(containers) || !containers.every(isRecord))
      return `its ${field} are no list of containers`
    for (const container of containers) {
      const odd = oddField(container, containerFields) ?? oddField(container.securityContext, contextFields)
      if (odd !== undefined) return `of container ${nameAt(container, 'name')}, ${odd}`
      kept.push(cutContainer(container, kindOf(container, kind)))
    }
  }
  return kept
}

function cutVolumes(spec: unknown): Kept {
  const volumes = listAt(spec, 'volumes')
  const sources = volumes.flatMap((volume) => listAt(volume, 'projected', 'sources'))
  return present({
    hostPaths: volumes.flatMap((volume) =>
      isRecord(lookUp(volume, ['hostPath'])) ? [nameAt(volume, 'hostPath', 'path')] : [],
    ),
    // Without an audience a token is for the API server itself.
    tokenVolumes: sources.flatMap((source) =>
      isRecord(lookUp(source, ['serviceAccountToken']))
        ? [nameAt(source, 'serviceAccountToken', 'audience')]
        : [],
    ),
    secretVolumes: [
      ...volumes.flatMap((volume) => textAt(volume, 'secret', 'secretName') ?? []),
      ...sources.flatMap((source) => textAt(source, 'secret', 'name') ?? []),
    ],
  })
}

const isTrue = (value: boolean | undefined): true | undefined => (value === true ? value : undefined)

/** What checks look at of a pod's spec, or of a template's; a text says what is wrong with its form. */
export function cutPodSpec(spec: unknown): Kept | string {
  const odd = oddField(spec, podFields) ?? oddField(lookUp(spec, ['securityContext']), contextFields)
  if (odd !== undefined) return odd
  const containers = cutContainers(spec)
  if (typeof containers === 'string') return containers
  return {
    serviceAccount: wordAt(spec, 'serviceAccountName') ?? wordAt(spec, 'serviceAccount') ?? 'default',
    ...present({
      automount: flagAt(spec, 'automountServiceAccountToken'),
      isWindows: isTrue(textAt(spec, 'os', 'name') === 'windows'),
      hostPID: isTrue(flagAt(spec, 'hostPID')),
      hostIPC: isTrue(flagAt(spec, 'hostIPC')),
      hostNetwork: isTrue(flagAt(spec, 'hostNetwork')),
      ownUsers: isTrue(flagAt(spec, 'hostUsers') === false),
      ...cutVolumes(spec),
      ...cutContext(lookUp(spec, ['securityContext'])),
    }),
    containers,
  }
}
