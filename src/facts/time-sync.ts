import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind } from './fact-kind.ts'
import { sourceOf } from './files/raw-source.ts'
import { outputOf } from './node/raw.ts'
import { systemdProbe, unitOf } from './node/service-units.ts'

const services = [
  'chronyd.service',
  'chrony.service',
  'systemd-timesyncd.service',
  'ntpd.service',
  'ntp.service',
  'ntpsec.service',
  'openntpd.service',
] as const

const command = ['timedatectl', 'show', '-p', 'NTPSynchronized'] as const

/** What the kernel says of its clock, whoever disciplines it. */
function synchronized(view: NodeView): Evidence<boolean> {
  const output = outputOf(view.command(command))
  // The command was asked for and is not there: that is no answer about the clock.
  if (output.kind === 'absent')
    return unavailable('tool-missing', output.source, 'timedatectl is not on the node')
  return mapEvidence(output, (text, source) => {
    const value = /^NTPSynchronized=(yes|no)$/m.exec(text)?.[1]
    return value === undefined
      ? unavailable('unparsable', source, 'timedatectl did not say NTPSynchronized')
      : observed(value === 'yes', source)
  })
}

/** The time service that runs; absent when none of those known does. */
function service(view: NodeView): Fact {
  const units = services.map((name) => unitOf(name, view))
  const source = joinSources(...services.map((name) => sourceOf(view.unit(name))))
  for (const { name, properties } of units) {
    if (properties.kind === 'observed' && properties.fact.ActiveState === 'active') {
      return observed(name.replace('.service', ''), properties.source)
    }
  }
  const unknown = units.find(({ properties }) => properties.kind === 'unavailable')
  return unknown === undefined || unknown.properties.kind === 'observed'
    ? absent(source, 'no known time service is active')
    : unknown.properties
}

/** Whether the clock is kept right, and by what. A virtual node may be synchronised by its host. */
export const timeSync: FactKind = {
  kind: 'time-sync',
  title: 'Whether the clock is synchronised, and by which service',
  parameters: {},
  fields: () => ['synchronized', 'service'],
  probes: () => [
    systemdProbe,
    { kind: 'command', argv: command },
    ...services.map((name): Probe => ({ kind: 'unit', name })),
  ],
  derive: (_request, node) => {
    const fields = { synchronized: synchronized(node.view), service: service(node.view) }
    return observed(fields, joinSources(fields.synchronized.source, fields.service.source))
  },
}
