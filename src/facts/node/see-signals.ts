import type { Role } from '../../model/check.ts'
import type { Signal } from '../../model/finding.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import { osRelease, parseOsRelease } from '../os-release.ts'
import { programProbes, type RancherProgram, rancherPrograms } from '../rancher/program.ts'
import { rancherService, rootlessService } from '../rancher/service.ts'
import { isMasked, unitDirectories } from '../systemd/places.ts'
import { propertiesOf } from './raw.ts'
import type { SignalRule } from './signals.ts'
import { signalRules } from './signals.ts'

/** A signal that is really there. */
export interface SeenSignal extends Signal {
  readonly distribution: string
  readonly role?: Role
  /** True when something runs; what only lies on disk may be left over. */
  readonly isRunning: boolean
}

interface Sight {
  readonly says: string
  readonly at: string
  readonly isRunning: boolean
  readonly strength?: Signal['strength']
}

function exists(view: NodeView, path: string): boolean {
  return view.file(path).state === 'observed'
}

/** The strongest of the places systemd looks in where there is such a file; none where that one masks it. */
function placeOf(view: NodeView, name: string): string | undefined {
  const path = unitDirectories.map((directory) => `${directory}/${name}`).find((file) => exists(view, file))
  return path === undefined || isMasked(view, path) ? undefined : path
}

function seeUnit(view: NodeView, unit: string): Sight | null {
  if (view.evidence.offline) {
    const path = placeOf(view, unit)
    return path === undefined ? null : { says: `${unit} is installed`, at: path, isRunning: false }
  }
  const properties = propertiesOf(view.unit(unit))
  if (properties.kind !== 'observed') return null
  const at = `systemctl show ${unit}`
  const { ActiveState, UnitFileState } = properties.fact
  if (ActiveState === 'active') return { says: `${unit} is active`, at, isRunning: true }
  const isEnabled = UnitFileState === 'enabled'
  return {
    says: `${unit} is ${isEnabled ? 'enabled and not active' : 'installed and not active'}`,
    at,
    isRunning: false,
    strength: isEnabled ? 'strong' : 'hint',
  }
}

function seeDropIn(view: NodeView, name: string): Sight | null {
  const properties = propertiesOf(view.unit('kubelet.service'))
  const paths =
    properties.kind === 'observed'
      ? (properties.fact.DropInPaths ?? '').split(' ')
      : [placeOf(view, `kubelet.service.d/${name}`) ?? '']
  const path = paths.find((one) => one.endsWith(`/${name}`))
  if (path === undefined) return null
  const isRunning = properties.kind === 'observed' && properties.fact.ActiveState === 'active'
  return { says: `kubelet.service has the drop-in ${name}`, at: path, isRunning }
}

function seeKubeletEnvironment(view: NodeView, path: string): Sight | null {
  const properties = propertiesOf(view.unit('kubelet.service'))
  if (properties.kind !== 'observed') return null
  const { EnvironmentFiles: files = '', ActiveState } = properties.fact
  // As `systemctl show` prints them: path, then how a missing one is taken, in brackets.
  if (!files.split(/\s+/).includes(path)) return null
  const at = 'systemctl show kubelet.service'
  return { says: `kubelet.service reads ${path}`, at, isRunning: ActiveState === 'active' }
}

function seeKubeletFile(view: NodeView, path: string): Sight | null {
  const process = view
    .processesNamed('kubelet')
    .find(({ argv }) => argv.some((word, at) => word.endsWith(`=${path}`) || (at > 0 && word === path)))
  return process === undefined
    ? null
    : { says: `the kubelet runs with ${path}`, at: `kubelet (pid ${process.pid})`, isRunning: true }
}

/** A server or agent in its own name; a tool of the same program (`k3s kubectl`) is none. */
function seeService(view: NodeView, program: RancherProgram): Sight | null {
  const service = rancherService(view, program)
  if (service.kind === 'observed') {
    const { process, role } = service.fact
    if (process === undefined) return null
    return { says: `${program} runs as ${role}`, at: `${program} (pid ${process.pid})`, isRunning: true }
  }
  const rootless = rootlessService(view, program)
  if (rootless === undefined) return null
  const { process, role } = rootless
  const unit = /\/([^/]*-rootless\.service)/.exec(process.cgroup)?.[1]
  const says = `${program} runs as ${role}, rootless (${unit ?? `user ${process.uid}`})`
  const at = `${program} (pid ${process.pid})`
  return { says, at, isRunning: true, ...(unit === undefined ? { strength: 'hint' as const } : {}) }
}

function sightOf(view: NodeView, rule: SignalRule): Sight | null {
  if ('unit' in rule) return seeUnit(view, rule.unit)
  if ('kubeletDropIn' in rule) return seeDropIn(view, rule.kubeletDropIn)
  if ('kubeletFile' in rule) return seeKubeletFile(view, rule.kubeletFile)
  if ('kubeletEnvironment' in rule) return seeKubeletEnvironment(view, rule.kubeletEnvironment)
  if ('path' in rule) {
    return exists(view, rule.path) ? { says: `${rule.path} is there`, at: rule.path, isRunning: false } : null
  }
  if ('service' in rule) return seeService(view, rule.service)
  if ('process' in rule) {
    const process = view.processesNamed(rule.process)[0]
    if (process === undefined) return null
    return { says: `${rule.process} runs`, at: `${rule.process} (pid ${process.pid})`, isRunning: true }
  }
  const text = osRelease(view)
  const id = text.kind === 'observed' ? parseOsRelease(text.fact).get('ID') : undefined
  return id === rule.os
    ? { says: `os-release names ${rule.os}`, at: '/etc/os-release', isRunning: true }
    : null
}

/** Every signal the node shows, in the order of the rules. */
export function seeSignals(view: NodeView): readonly SeenSignal[] {
  return signalRules.flatMap((rule) => {
    const sight = sightOf(view, rule)
    if (sight === null) return []
    const { distribution, role } = rule
    const strength = sight.strength ?? rule.strength
    return [
      {
        distribution,
        strength,
        says: sight.says,
        at: sight.at,
        isRunning: sight.isRunning,
        ...(role && { role }),
      },
    ]
  })
}

function ruleProbes(rule: SignalRule): readonly Probe[] {
  if ('unit' in rule) {
    const files = unitDirectories.map((directory): Probe => fileProbe(`${directory}/${rule.unit}`))
    return [{ kind: 'unit', name: rule.unit }, ...files]
  }
  if ('kubeletDropIn' in rule) {
    return unitDirectories.map((directory) =>
      fileProbe(`${directory}/kubelet.service.d/${rule.kubeletDropIn}`),
    )
  }
  if ('service' in rule) return programProbes(rancherPrograms[rule.service])
  if ('process' in rule) return [{ kind: 'process', name: rule.process, binaries: rule.binaries, env: [] }]
  return 'path' in rule ? [fileProbe(rule.path)] : []
}

function fileProbe(path: string): Probe {
  return { kind: 'path', path, holds: 'file' }
}

/** What must be asked for the rules to see anything. */
export const signalProbes: readonly Probe[] = signalRules.flatMap(ruleProbes)
