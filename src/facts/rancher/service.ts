import { absent, type Evidence, observed, type Source, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { isEnabled } from '../settings/configured.ts'
import { type ObservedProcess, placeOf } from '../settings/process-place.ts'
import { unitOnDisk } from '../systemd/unit.ts'
import { type RancherProgram, rancherPrograms } from './program.ts'

/** K3s or RKE2 as it runs on a node, or as it is set up to. */
export interface RancherService {
  readonly program: RancherProgram
  readonly role: 'server' | 'agent'
  readonly isRunning: boolean
  /** Undefined when systemd says it runs and its process was not seen, or nothing runs. */
  readonly process: ObservedProcess | undefined
  /** The unit that starts it, under whatever name. */
  readonly unit: string | undefined
  readonly source: Source
}

/** `server` or `agent`: the word behind the program, in arguments or in the title it puts in their place. */
export function roleOf({ argv }: Pick<ObservedProcess, 'argv'>): 'server' | 'agent' | undefined {
  const [first = '', second = first.split(' ')[1]] = argv
  return second === 'server' || second === 'agent' ? second : undefined
}

interface Candidate {
  readonly process: ObservedProcess
  readonly role: 'server' | 'agent'
}

function candidates(view: NodeView, program: RancherProgram): readonly Candidate[] {
  return view.processesNamed(program).flatMap((process) => {
    const role = roleOf(process)
    return role === undefined ? [] : [{ process, role }]
  })
}

/** Root's own: what anybody may start under this name speaks for nobody. */
function runningService(view: NodeView, program: RancherProgram): RancherService | undefined {
  const found = candidates(view, program).filter(({ process }) => process.uid === 0)
  // With a log file of its own k3s runs twice, parent and child; the journal knows the parent.
  const best = found.find(({ process }) => hasLog(process)) ?? found[0]
  if (best === undefined) return undefined
  const { process, role } = best
  const place = placeOf(process)
  const unit = place.kind === 'service' ? place.unit : undefined
  return { program, role, isRunning: true, process, unit, source: { items: [process.id], at: [] } }
}

/** The program run by somebody who is not root: rootless K3s, or something that calls itself so. */
export function rootlessService(view: NodeView, program: RancherProgram): Candidate | undefined {
  return candidates(view, program).find(({ process }) => process.uid !== 0)
}

function hasLog({ startLog }: ObservedProcess): boolean {
  return startLog?.state === 'observed' && startLog.lines.length > 0
}

function unitService(
  view: NodeView,
  program: RancherProgram,
  fits: (name: string, role: 'server' | 'agent') => boolean,
): Pick<RancherService, 'program' | 'role' | 'unit' | 'source'> | undefined {
  const { units } = rancherPrograms[program]
  const role = (['server', 'agent'] as const).find((one) => fits(units[one], one))
  if (role === undefined) return undefined
  const unit = units[role]
  return { program, role, unit, source: { items: [view.unit(unit).id], at: [] } }
}

function isActive(view: NodeView, name: string): boolean {
  const unit = view.unit(name)
  const states = ['active', 'activating']
  return unit.state === 'observed' && states.some((state) => state === unit.properties['ActiveState'])
}

/**
 * Nothing starts it, its data say that it ran here, and no other kubelet took its place: it was stopped, and counts
 * as set up. Some packages bring both units; an agent has no data of a server.
 */
function isAtRest(view: NodeView, program: RancherProgram, role: 'server' | 'agent'): boolean {
  const { units, dataDirectory } = rancherPrograms[program]
  const isReplaced = view.processesNamed('kubelet').length > 0 || isEnabled(view, 'kubelet.service')
  if (isReplaced || view.file(dataDirectory).state !== 'observed') return false
  const server = view.file(`${dataDirectory}/server`).state
  if (server === (role === 'server' ? 'absent' : 'observed')) return false
  return unitOnDisk(view, units[role]).kind === 'observed'
}

/** The program on this node. Absent: it neither runs nor is set up to; unavailable: that cannot be told. */
export function rancherService(view: NodeView, program: RancherProgram): Evidence<RancherService> {
  const running = runningService(view, program)
  if (running !== undefined) return observed(running, running.source)
  const active = unitService(view, program, (name) => isActive(view, name))
  if (active !== undefined) return observed({ ...active, isRunning: true, process: undefined }, active.source)
  const enabled =
    unitService(view, program, (name) => isEnabled(view, name)) ??
    unitService(view, program, (_name, role) => isAtRest(view, program, role))
  if (enabled !== undefined)
    return observed({ ...enabled, isRunning: false, process: undefined }, enabled.source)
  const rootless = rootlessService(view, program)
  if (rootless !== undefined) {
    const { process } = rootless
    const source: Source = { items: [process.id], at: [] }
    const detail = `${program} runs as user ${process.uid}: what it runs inside itself is only that user's word`
    return unavailable('not-collected', source, detail)
  }
  const table = view.processes()
  const { units } = rancherPrograms[program]
  const shown = [view.unit(units.server), view.unit(units.agent)]
  const source: Source = { items: [table.id, ...shown.map(({ id }) => id)], at: [] }
  const isTold = shown.every(({ state }) => state !== 'unavailable')
  if (table.state !== 'unavailable' || table.reason === 'offline' || isTold) return absent(source)
  return unavailable(table.reason, source, table.detail)
}
