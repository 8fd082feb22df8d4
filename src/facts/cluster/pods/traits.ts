import type { FactRequest } from '../../../model/check.ts'
import type { NodeContext } from '../../fact-kind.ts'
import { flagIn } from '../request.ts'
import { eachContainer } from './features.ts'
import { type WithoutProfile, withoutProfile } from './seen-seccomp.ts'
import type { Container, PodShape } from './shape.ts'

/** What is asked of every pod: the request of the check, and what is to be known of the cluster around it. */
export interface Asked {
  readonly request: FactRequest
  readonly withoutProfile: WithoutProfile
}

/** One question about all workloads of a cluster. */
export function askedOf(request: FactRequest, node: NodeContext): Asked {
  return { request, withoutProfile: withoutProfile(request, node) }
}

/** What workloads are gone through for, wherever they are: no level of pod security speaks of it. */
export interface Trait {
  offends(pod: PodShape, asked: Asked): readonly string[]
  notes?(pod: PodShape, asked: Asked): readonly string[]
}

const secrets: Trait = {
  offends: (pod) =>
    pod.containers.flatMap(({ called, secretEnv, secretEnvFrom }) => [
      ...(secretEnv.length === 0 ? [] : [`${called} takes ${secretEnv.join(', ')} from Secrets`]),
      ...secretEnvFrom.map((name) => `${called} takes all of Secret ${name} into its environment`),
    ]),
  notes: (pod) =>
    eachContainer(pod, ({ secretLiterals }) =>
      secretLiterals.length === 0 ? undefined : `is given ${secretLiterals.join(', ')} as plain text`,
    ),
}

const confined: readonly string[] = ['RuntimeDefault', 'Localhost']

/** The profile that a container is given; undefined where none is. A privileged one is never confined. */
function profileOf({ isPrivileged, seccomp }: Container): string | undefined {
  return isPrivileged ? 'Unconfined' : seccomp
}

const seccomp: Trait = {
  offends: (pod, { withoutProfile: without }) =>
    pod.isWindows
      ? []
      : eachContainer(pod, (container) => {
          const profile = profileOf(container)
          if (profile === undefined)
            return without.kind === 'confined' ? undefined : `has no seccomp profile, and ${without.because}`
          if (confined.includes(profile)) return undefined
          return container.isPrivileged ? 'is privileged, so no profile holds it' : `is set to ${profile}`
        }),
  notes: (pod, { withoutProfile: without }) =>
    pod.isWindows || without.kind !== 'confined'
      ? []
      : eachContainer(pod, (container) =>
          profileOf(container) === undefined ? 'rests on seccompDefault of the kubelets only' : undefined,
        ),
}

/** What a security context leaves unsaid. Windows knows the user only. */
function missingOf(container: Container, isWindows: boolean): readonly string[] {
  const { user, nonRoot, escalation, add, drop, seccomp: profile, readOnlyRoot } = container
  if (isWindows) return []
  return [
    ...(user === undefined && nonRoot === undefined ? ['runAsNonRoot or runAsUser'] : []),
    ...(escalation === undefined ? ['allowPrivilegeEscalation'] : []),
    ...(add.length + drop.length === 0 ? ['capabilities'] : []),
    ...(profile === undefined ? ['seccompProfile'] : []),
    ...(readOnlyRoot === undefined ? ['readOnlyRootFilesystem'] : []),
  ]
}

function unsaid(pod: PodShape): readonly string[] {
  return eachContainer(pod, (container) => {
    const missing = container.isGiven ? missingOf(container, pod.isWindows) : []
    return missing.length === 0 ? undefined : `does not say ${missing.join(', ')}`
  })
}

const contexts: Trait = {
  offends: (pod, { request }) => [
    ...eachContainer(pod, ({ isGiven }) => (isGiven ? undefined : 'has no security context')),
    ...(flagIn(request, 'complete') ? unsaid(pod) : []),
  ],
  notes: (pod, { request }) => (flagIn(request, 'complete') ? [] : unsaid(pod)),
}

const lowPorts: Trait = {
  offends: (pod) =>
    eachContainer(pod, ({ hostPorts }) => {
      const low = hostPorts.filter((port) => port < 1024)
      return low.length === 0 ? undefined : `takes host port ${low.join(', ')}`
    }),
}

/** Traits by the name checks give them. */
export const traits: ReadonlyMap<string, Trait> = new Map([
  ['secrets-in-environment', secrets],
  ['seccomp', seccomp],
  ['security-context', contexts],
  ['low-host-ports', lowPorts],
])
