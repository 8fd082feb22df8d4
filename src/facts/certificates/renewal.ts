import type { Evidence, Source } from '../../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { componentState, settingText } from '../settings/of-node.ts'
import { isInRange, versionIn } from '../settings/version.ts'
import { type CertificateDetails, dayMs } from './certificate.ts'
import { type IssuingProgram, issuingPrograms } from './issuing-programs.ts'
import { storedPair, takenOver } from './kubelet-store.ts'
import type { Use } from './use.ts'

/** Who renews a certificate: a person, its program whenever that starts, or the kubelet by itself. */
export const renewals = ['manual', 'restart', 'rotation'] as const
export type Renewal = (typeof renewals)[number]

/** Whether renewal is where it should be. */
export type RenewalState = 'not-due' | 'at-restart' | 'overdue'

export interface RenewalOf {
  readonly by: Renewal
  /** Absent where nothing on the node renews it. */
  readonly state: Evidence<RenewalState>
}

/** The kubelet's store: the link to the pair in use, and the pairs by date (client-go util/certificate). */
const rotated = /\/kubelet-(client|server)-(?:current|\d{4}(?:-\d\d){5})\.pem$/

/** True for a pair the kubelet keeps, in use or of the past. */
export function isKubeletPair(path: string): boolean {
  return rotated.test(path)
}

/** By when it has rotated, as a part of the lifetime (client-go util/certificate: 70 to 90 percent of it). */
const latestRotation = 0.9

/** Releases from which leaves are renewed 120 days before their end instead of 90 (k3s CertificateRenewDays). */
const longWindow = ['>=1.33.1', '>=1.32.5 <1.33', '>=1.31.9 <1.32', '>=1.30.13 <1.31'] as const
const windows = { long: 120, short: 90 } as const

function windowOf(version: string): number {
  return longWindow.some((range) => isInRange(version, range)) ? windows.long : windows.short
}

function versionOf(node: NodeContext, { service }: IssuingProgram): string | undefined {
  const printed = service.process?.version === undefined ? undefined : versionIn(service.process.version)
  if (printed !== undefined) return printed
  const version = mapEvidence(componentState(node, 'kubelet'), (kubelet) => kubelet.version)
  return version.kind === 'observed' ? version.fact : undefined
}

/** K3s and RKE2 look at their leaves when they start, and never again. */
function atRestart(
  node: NodeContext,
  program: IssuingProgram,
  { notAfterMs }: CertificateDetails,
): Evidence<RenewalState> {
  const { service } = program
  const { source } = service
  const left = (notAfterMs - node.atMs) / dayMs
  const version = versionOf(node, program)
  const days = version === undefined ? undefined : windowOf(version)
  if (left > (days ?? windows.long)) return observed('not-due', source)
  if (days === undefined && left > windows.short) {
    return unavailable('version-unknown', source, `the release of ${service.program} decides when it renews`)
  }
  if (!service.isRunning) return observed('at-restart', source)
  const startedAt = service.process?.startedAt ?? null
  if (startedAt === null)
    return unavailable('not-collected', source, `when ${service.program} was started is not known`)
  const opensMs = notAfterMs - (days ?? windows.short) * dayMs
  return observed(startedAt * 1000 < opensMs ? 'at-restart' : 'overdue', source)
}

/** The kubelet rotates while it runs; who signs may keep it waiting. */
function byRotation(
  node: NodeContext,
  rotates: Evidence<string>,
  { notBeforeMs, notAfterMs }: CertificateDetails,
): Evidence<RenewalState> {
  const { source } = rotates
  const deadlineMs = notBeforeMs + latestRotation * (notAfterMs - notBeforeMs)
  if (node.atMs <= deadlineMs) return observed('not-due', source)
  if (rotates.kind === 'unavailable') return rotates
  const running = mapEvidence(componentState(node, 'kubelet'), (kubelet) => kubelet.running)
  return mapEvidence(running, (isRunning, from) => {
    const both = joinSources(source, from)
    return isRunning
      ? observed('overdue', both)
      : absent(both, 'the kubelet does not run; it rotates when it does')
  })
}

function keptBy({ directory, kubeconfig }: IssuingProgram, path: string): boolean {
  return (
    path.startsWith(`${directory}/server/tls/`) ||
    path.startsWith(`${directory}/agent/`) ||
    path.startsWith(`${kubeconfig} (`)
  )
}

/** What decides how a certificate is renewed. */
export interface Renewable {
  readonly path: string
  readonly details: CertificateDetails
  readonly source: Source
  /** True when others trust it, so that it does not change by itself. */
  readonly isAuthority: boolean
  /** How what a kubelet was given to start with is kept; undefined for any other certificate. */
  readonly startsKubelet: Use['startsKubelet'] | undefined
}

/**
 * What a kubelet that rotates starts with: a file it reads until it has a pair of its own, or a part of its
 * kubeconfig, which it takes over into its store at once. Undefined where it does not rotate, or has moved on.
 */
function fromTheStart(
  node: NodeContext,
  { details, startsKubelet }: Renewable,
): Evidence<RenewalState> | undefined {
  const stored = storedPair(node)
  const rotates = settingText(node, 'kubelet', 'rotate-certificates')
  if (startsKubelet === undefined || stored.kind === 'observed') return undefined
  const odd = startsKubelet === 'embedded' ? takenOver(node) : stored
  return odd.kind === 'unavailable' ? odd : byRotation(node, rotates, details)
}

/** How a certificate on the node is renewed, and whether it is in time. */
export function renewalOf(node: NodeContext, one: Renewable): RenewalOf {
  const { path, details, source, isAuthority } = one
  if (isAuthority) return { by: 'manual', state: absent(source, 'no program renews its authorities') }
  const [, kind] = rotated.exec(path) ?? []
  if (kind !== undefined) {
    const setting = kind === 'client' ? 'rotate-certificates' : 'rotate-server-certificates'
    const rotates = settingText(node, 'kubelet', setting)
    if (rotates.kind === 'unavailable' || (rotates.kind === 'observed' && rotates.fact === 'true'))
      return { by: 'rotation', state: byRotation(node, rotates, details) }
  }
  const program = issuingPrograms(node).find((program) => keptBy(program, path))
  if (program !== undefined) return { by: 'restart', state: atRestart(node, program, details) }
  const state = fromTheStart(node, one)
  if (state !== undefined) return { by: 'rotation', state }
  return { by: 'manual', state: absent(source, 'nothing on the node renews it') }
}
