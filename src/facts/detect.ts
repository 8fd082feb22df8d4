import type { Role } from '../model/check.ts'
import type { Signal, Target } from '../model/finding.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { NodeContext } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'
import { componentVersion } from './node/component-facts.ts'
import { propertiesOf } from './node/raw.ts'
import type { SeenSignal } from './node/see-signals.ts'
import { seeSignals, signalProbes } from './node/see-signals.ts'
import { moreSpecific } from './node/signals.ts'
import { osRelease, osReleaseProbes, parseOsRelease } from './os-release.ts'
import { componentState } from './settings/of-node.ts'

export type { ChosenProfile } from './node/choose-profile.ts'
export { chooseProfile } from './node/choose-profile.ts'

/** Which distribution a node runs, in which roles, and why that is believed. */
export interface Detection {
  /** `kubeadm`, `hardway`, …; `none` without Kubernetes; `unknown` when the signals do not decide. */
  readonly distribution: string
  readonly roles: readonly Role[]
  readonly signals: readonly Signal[]
  /** Kubernetes version, `v1.34.2`. */
  readonly version?: string
  readonly os: Target['os']
}

const components = [
  'kubelet',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'etcd',
]

const containerFiles = ['/run/systemd/container', '/.dockerenv', '/run/.containerenv', '/kind'] as const

/** What detection asks every node, besides what the facts of the selected checks ask. */
export const detectionProbes: readonly Probe[] = [
  ...signalProbes,
  ...osReleaseProbes,
  ...containerFiles.map((path): Probe => ({ kind: 'path', path, holds: 'file' })),
  { kind: 'unit', name: 'kubelet.service' },
  { kind: 'kernel', pattern: '/proc/sys/kernel/osrelease' },
  ...components.map(
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
function isInUse(view: NodeView, signals: readonly SeenSignal[]): boolean {
  if (view.evidence.offline) return true
  if (components.some((name) => view.processesNamed(name).length > 0)) return true
  if (signals.some((signal) => signal.isRunning)) return true
  if (signals.some((signal) => signal.says.includes('is enabled'))) return true
  const kubelet = propertiesOf(view.unit('kubelet.service'))
  const isJoined = view.file('/var/lib/kubelet/kubeadm-flags.env').state === 'observed'
  if (kubelet.kind !== 'observed') return false
  return kubelet.fact.ActiveState === 'active' || (kubelet.fact.UnitFileState === 'enabled' && isJoined)
}

function decide(view: NodeView, signals: readonly SeenSignal[]): string {
  const inUse = isInUse(view, signals)
  const left = inUse ? mostSpecific(candidates(signals)) : []
  const [only] = left
  if (left.length > 1) return 'unknown'
  if (only !== undefined) return only
  const canTell = view.evidence.offline || view.processes().state === 'observed'
  const isHinted = view.evidence.offline ? signals.some(({ strength }) => strength !== 'hint') : inUse
  return canTell && !isHinted ? 'none' : 'unknown'
}

function rolesOf(node: NodeContext, signals: readonly SeenSignal[]): readonly Role[] {
  const runs = (name: string): boolean => componentState(node, name).kind === 'observed'
  const said = new Set(signals.filter(({ isRunning }) => isRunning).map(({ role }) => role))
  const held: readonly (readonly [Role, boolean])[] = [
    ['control-plane', ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].some(runs)],
    ['etcd', runs('etcd')],
    ['worker', runs('kubelet')],
  ]
  return held.filter(([role, isHeld]) => isHeld || said.has(role)).map(([role]) => role)
}

function containerSignals(view: NodeView): readonly Signal[] {
  const path = containerFiles.find((file) => view.file(file).state === 'observed')
  if (path === undefined) return []
  const says = `the node itself is a container (${path}): kernel, swap and clock are those of its host`
  return [{ says, strength: 'hint', at: path }]
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

/** Says what runs on a node. A running unit or process beats a leftover directory; doubt is `unknown`, never a guess. */
export function detectNode(node: NodeContext): Detection {
  const seen = seeSignals(node.view)
  const distribution = decide(node.view, seen)
  const own = seen.filter((signal) => distribution === 'unknown' || signal.distribution === distribution)
  const other = seen
    .filter((signal) => !own.includes(signal))
    .map((signal) => ({ ...signal, strength: 'hint' as const }))
  const version = versionOf(node)
  const signals = [...own, ...other].map(({ says, strength, at }) => ({ says, strength, at }))
  return {
    distribution,
    roles: distribution === 'none' ? [] : rolesOf(node, own),
    signals: [...signals, ...containerSignals(node.view)],
    ...(version !== null && { version }),
    os: osOf(node.view),
  }
}
