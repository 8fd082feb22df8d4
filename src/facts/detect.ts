import type { Signal, Target } from '../model/finding.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { NodeContext } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'
import { componentVersion } from './node/component-facts.ts'
import { containerFiles, containerSignals } from './node/container-signals.ts'
import type { Detection } from './node/detection.ts'
import { nodeComponents } from './node/node-components.ts'
import { propertiesOf } from './node/raw.ts'
import { noRoles, rolesOf } from './node/roles.ts'
import type { SeenSignal } from './node/see-signals.ts'
import { seeSignals, signalProbes } from './node/see-signals.ts'
import { moreSpecific } from './node/signals.ts'
import { osRelease, osReleaseProbes, parseOsRelease } from './os-release.ts'
import { rancherService } from './rancher/service.ts'
import { isEnabled } from './settings/configured.ts'
import { componentState } from './settings/of-node.ts'

export type { ChosenProfile } from './node/choose-profile.ts'
export { chooseProfile } from './node/choose-profile.ts'
export type { Detection } from './node/detection.ts'

const rancherNames = ['rke2', 'k3s'] as const

/** What detection asks every node, besides what the facts of the selected checks ask. */
export const detectionProbes: readonly Probe[] = [
  ...signalProbes,
  ...osReleaseProbes,
  ...containerFiles.map((path): Probe => ({ kind: 'path', path, holds: 'file' })),
  // Joins a node with what the API shows of it.
  { kind: 'path', path: '/etc/machine-id', holds: 'text' },
  { kind: 'unit', name: 'kubelet.service' },
  { kind: 'kernel', pattern: '/proc/sys/kernel/osrelease' },
  ...nodeComponents.map(
    (name): Probe => ({ kind: 'process', name, binaries: [name], env: [], versionArgument: '--version' }),
  ),
]

/** One certain signal decides, or two strong ones; anything less does not. */
function qualifies(signals: readonly SeenSignal[]): boolean {
  const count = (strength: Signal['strength']): number =>
    signals.filter((signal) => signal.strength === strength).length
  return count('certain') >= 1 || count('strong') >= 2
}

function grouped(signals: readonly SeenSignal[]): ReadonlyMap<string, readonly SeenSignal[]> {
  const groups = new Map<string, SeenSignal[]>()
  for (const signal of signals)
    groups.set(signal.distribution, [...(groups.get(signal.distribution) ?? []), signal])
  return groups
}

/** Distributions that fit. What runs beats what lies on disk: hosts keep leftovers of older installations. */
function candidates(signals: readonly SeenSignal[]): readonly string[] {
  const fitting = [...grouped(signals)].filter(([, seen]) => qualifies(seen))
  const running = fitting.filter(([, seen]) =>
    seen.some((signal) => signal.isRunning && signal.strength !== 'hint'),
  )
  return (running.length > 0 ? running : fitting).map(([distribution]) => distribution)
}

function mostSpecific(names: readonly string[]): readonly string[] {
  return names.filter((name) => !moreSpecific.some(([one, other]) => other === name && names.includes(one)))
}

/** True when Kubernetes runs here or is set up to; packages that never ran do not count. */
function isInUse(node: NodeContext, signals: readonly SeenSignal[]): boolean {
  const { view } = node
  if (view.evidence.offline) return true
  if (nodeComponents.some((name) => view.processesNamed(name).length > 0)) return true
  if (signals.some((signal) => signal.isRunning)) return true
  if (signals.some((signal) => signal.says.includes('is enabled'))) return true
  const kubelet = propertiesOf(view.unit('kubelet.service'))
  if (kubelet.kind === 'observed' && kubelet.fact.ActiveState === 'active') return true
  return isStopped(node)
}

/** True when what ran here was stopped and kept from starting: its unit and what it started with are there. */
function isStopped(node: NodeContext): boolean {
  const { view } = node
  const unit = view.unit('kubelet.service')
  const isJoined = view.file('/var/lib/kubelet/kubeadm-flags.env').state === 'observed'
  if (isJoined && unit.state === 'observed' && unit.properties['LoadState'] !== 'not-found') return true
  if (rancherNames.some((name) => rancherService(view, name).kind === 'observed')) return true
  return nodeComponents.some((name) => {
    const state = componentState(node, name)
    const resting = state.kind === 'observed' ? state.fact.unit : undefined
    return resting !== undefined && !isEnabled(view, resting.name)
  })
}

function decide(node: NodeContext, signals: readonly SeenSignal[]): string {
  const { view } = node
  const inUse = isInUse(node, signals)
  const left = inUse ? mostSpecific(candidates(signals)) : []
  const [only] = left
  if (left.length > 1) return 'unknown'
  if (only !== undefined) return only
  const canTell = view.evidence.offline || view.processes().state === 'observed'
  const isHinted = view.evidence.offline ? signals.some(({ strength }) => strength !== 'hint') : inUse
  return canTell && !isHinted ? 'none' : 'unknown'
}

function osOf(view: NodeView): Target['os'] {
  const text = osRelease(view)
  const variables = text.kind === 'observed' ? parseOsRelease(text.fact) : new Map<string, string>()
  const kernel = textOf(view.content('/proc/sys/kernel/osrelease'))
  const fields = {
    id: variables.get('ID'),
    version: variables.get('VERSION_ID'),
    name: variables.get('PRETTY_NAME'),
    kernel: kernel.kind === 'observed' ? kernel.fact.trim() : undefined,
  }
  const { id, version, name } = fields
  return {
    ...(id !== undefined && { id }),
    ...(version !== undefined && { version }),
    ...(name !== undefined && { name }),
    ...(fields.kernel !== undefined && { kernel: fields.kernel }),
  }
}

function versionOf(node: NodeContext): string | null {
  for (const name of ['kubelet', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
    const version = componentVersion(node, name)
    if (version.kind === 'observed') return `v${version.fact}`
  }
  return null
}

/** The signal that stands for a person's word. */
function givenSignal(distribution: string): Signal {
  return { says: `--distribution ${distribution} was given`, strength: 'certain', at: 'command line' }
}

/**
 * Says what runs on a node. A running unit or process beats a leftover directory; doubt is `unknown`, never a guess.
 * `given`: the distribution a person named; what is seen is still told.
 */
export function detectNode(node: NodeContext, given?: string): Detection {
  const seen = seeSignals(node.view)
  const distribution = given ?? decide(node, seen)
  const own = seen.filter((signal) => distribution === 'unknown' || signal.distribution === distribution)
  const other = seen
    .filter((signal) => !own.includes(signal))
    .map((signal) => ({ ...signal, strength: 'hint' as const }))
  const version = versionOf(node)
  const signals = [...own, ...other].map(({ says, strength, at }) => ({ says, strength, at }))
  const roles = distribution === 'none' ? noRoles : rolesOf(node, own)
  return {
    distribution,
    isGiven: given !== undefined,
    ...roles,
    signals: [
      ...(given === undefined ? [] : [givenSignal(given)]),
      ...signals,
      ...containerSignals(node.view),
    ],
    ...(version !== null && { version }),
    os: osOf(node.view),
  }
}
