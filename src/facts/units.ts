import type { Fact } from '../model/evidence.ts'
import { joinSources, observed } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind } from './fact-kind.ts'
import { systemdProbe, unitOf } from './node/service-units.ts'

function namesOf(request: { readonly [parameter: string]: unknown }): readonly string[] {
  const { names } = request
  return Array.isArray(names) ? names.map(String) : []
}

/** One unit: a unit that systemd does not know, or that is masked, neither runs nor starts. */
function unitRecord(view: NodeView, name: string): Fact {
  const { properties } = unitOf(name, view)
  if (properties.kind === 'unavailable') return properties
  const { source } = properties
  const { ActiveState = '', UnitFileState = '' } = properties.kind === 'observed' ? properties.fact : {}
  return observed(
    {
      name: observed(name, source),
      active: observed(['active', 'activating', 'reloading'].includes(ActiveState), source),
      enabled: observed(['enabled', 'enabled-runtime', 'linked'].includes(UnitFileState), source),
    },
    source,
  )
}

/** Units by name: whether each runs now, and whether it starts by itself. */
export const units: FactKind = {
  kind: 'units',
  title: 'Units by name: whether each runs now, and whether it starts at boot',
  parameters: { names: { means: 'full names of units: firewalld.service, nm-cloud-setup.timer' } },
  fields: () => ['name', 'active', 'enabled'],
  faults: (request) =>
    namesOf(request).length > 0 && namesOf(request).every((name) => /^[A-Za-z0-9@._-]+\.[a-z]+$/.test(name))
      ? []
      : ['"names" takes a list of full names of units, such as [firewalld.service]'],
  probes: (request) => [systemdProbe, ...namesOf(request).map((name): Probe => ({ kind: 'unit', name }))],
  derive: (request, { view }) => {
    const records = namesOf(request).map((name) => unitRecord(view, name))
    return observed(records, joinSources(...records.map(({ source }) => source)))
  },
}
