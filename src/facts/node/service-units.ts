import type { CollectFailure, Evidence, Fact, Source } from '../../model/evidence.ts'
import { absent, joinSources, observed } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Probe } from '../../model/probe.ts'
import type { Knowledge, NodeContext } from '../fact-kind.ts'
import { rancherService } from '../rancher/service.ts'
import { componentState } from '../settings/of-node.ts'
import { settingProbes } from './component-facts.ts'
import type { RawProperties } from './raw.ts'
import { propertiesOf } from './raw.ts'

/** Services that are no component of ours, or run under several unit names. */
const unitsByService: { readonly [service: string]: readonly string[] } = {
  rke2: ['rke2-server.service', 'rke2-agent.service'],
  k3s: ['k3s.service', 'k3s-agent.service'],
  k0s: ['k0scontroller.service', 'k0sworker.service'],
}

/** Made by systemd when it is PID 1 (sd_booted(3)). */
export const systemdDirectory = '/run/systemd/system'

/** Asks whether systemd is PID 1. */
export const systemdProbe: Probe = { kind: 'path', path: systemdDirectory, holds: 'file' }

/** Names of the units that may run a service, likeliest first. */
export function unitNames(service: string, knowledge: Knowledge): readonly string[] {
  const known = knowledge.components.get(service)?.units ?? []
  return known.length > 0 ? known : (unitsByService[service] ?? [`${service}.service`])
}

/** One unit that systemd has loaded. */
export interface LoadedUnit {
  readonly name: string
  readonly properties: Evidence<RawProperties>
}

/** True when the unit runs or starts at the next boot; a unit that is only installed does neither. */
export function isInUse({ ActiveState, UnitFileState }: RawProperties): boolean {
  const runs = ['active', 'activating', 'reloading', 'deactivating'].includes(ActiveState ?? '')
  return runs || ['enabled', 'enabled-runtime', 'linked', 'generated'].includes(UnitFileState ?? '')
}

const noAnswers: readonly CollectFailure[] = ['tool-missing', 'tool-failed']

/** One unit by name. Where another init runs there are no units; that systemctl gives no answer there is no failure. */
export function unitOf(name: string, view: NodeView): LoadedUnit {
  const properties = propertiesOf(view.unit(name))
  const isWithoutSystemd =
    properties.kind === 'unavailable' &&
    noAnswers.includes(properties.reason) &&
    view.file(systemdDirectory).state === 'absent'
  return {
    name,
    properties: isWithoutSystemd ? absent(properties.source, 'systemd does not run here') : properties,
  }
}

/** The unit that runs a service: an active one before one that is only loaded. */
export function loadedUnit(service: string, view: NodeView, knowledge: Knowledge): LoadedUnit {
  const units = unitNames(service, knowledge).map((name) => unitOf(name, view))
  const loaded = units.filter(({ properties }) => properties.kind === 'observed')
  const active = loaded.find(
    ({ properties }) => properties.kind === 'observed' && properties.fact.ActiveState === 'active',
  )
  const best = active ?? loaded[0] ?? units.find(({ properties }) => properties.kind === 'unavailable')
  if (best !== undefined) return best
  const source = joinSources(...units.map(({ properties }) => properties.source))
  return { name: `${service}.service`, properties: absent(source, `no unit runs ${service}`) }
}

function componentOf(unit: string, { components }: Knowledge): string | undefined {
  return [...components.values()].find(({ units }) => units.includes(unit))?.id
}

/** What must be asked to tell a unit that was stopped from one that is merely installed. */
export function inUseProbes(service: string, knowledge: Knowledge): readonly Probe[] {
  const owners = unitNames(service, knowledge).flatMap((name) => componentOf(name, knowledge) ?? [])
  const asked = owners.length === 0 ? [] : new Set([...owners, 'kubelet', 'cri-dockerd'])
  return [...asked].flatMap((id) => settingProbes(id, knowledge))
}

/** One loaded unit as it is asked about. */
interface Loaded {
  readonly name: string
  readonly properties: RawProperties
  readonly source: Source
}

/** Whether a unit runs, starts at the next boot, or did before it was stopped on a node that uses it. */
export function unitInUse(node: NodeContext, service: string, { name, properties, source }: Loaded): Fact {
  if (isInUse(properties)) return observed(true, source)
  if (service === 'k3s' || service === 'rke2') {
    const found = rancherService(node.view, service)
    if (found.kind === 'unavailable') return found
    return observed(found.kind === 'observed' && found.fact.unit === name, source)
  }
  const component = componentOf(name, node)
  if (component === undefined) return observed(false, source)
  const state = componentState(node, component)
  if (state.kind === 'unavailable') return state
  const isUsed = state.kind === 'observed' && state.fact.unit?.name === name
  return observed(isUsed, isUsed ? joinSources(source, state.source) : source)
}
