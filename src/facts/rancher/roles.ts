import { absent, type Evidence, observed } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { isSwitchedOn, type ServerConfiguration, serverConfiguration } from './configuration.ts'
import type { RancherProgram } from './program.ts'
import { rancherService } from './service.ts'

const controlPlaneSwitches = ['disable-apiserver', 'disable-controller-manager', 'disable-scheduler'] as const

/** True when all of these are on; unavailable when one cannot be told. */
function areOn(
  configuration: Evidence<ServerConfiguration>,
  names: readonly string[],
): Exclude<Evidence<boolean>, { kind: 'absent' }> {
  for (const name of names) {
    const value = isSwitchedOn(configuration, name)
    if (value.kind === 'unavailable') return value
    if (value.kind === 'observed' && !value.fact) return value
  }
  return observed(true, configuration.source)
}

/** Whether a node has a role because K3s or RKE2 runs on it and is told so. Absent: neither runs. */
export function roleByService(view: NodeView, role: 'control-plane' | 'worker'): Evidence<boolean> {
  for (const program of ['rke2', 'k3s'] satisfies readonly RancherProgram[]) {
    const service = rancherService(view, program)
    if (service.kind === 'unavailable') return service
    if (service.kind === 'absent' || !service.fact.isRunning) continue
    if (service.fact.role === 'agent') return observed(role === 'worker', service.source)
    const names = role === 'worker' ? ['disable-agent'] : controlPlaneSwitches
    const off = areOn(serverConfiguration(view, program), names)
    return off.kind === 'observed' ? observed(!off.fact, off.source) : off
  }
  return absent({ items: [], at: [] })
}
