import type { ComponentSpec } from '../../model/component.ts'
import { absent, type Evidence, observed } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'

/** Services that run components inside their own process (k3s; its title hides the arguments). */
const hosts = [
  {
    unit: 'k3s.service',
    components: [
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'etcd',
      'kubelet',
      'kube-proxy',
    ],
  },
  { unit: 'k3s-agent.service', components: ['kubelet', 'kube-proxy'] },
] as const

/** The units asked for because a component may run inside them. */
export function hostUnits(spec: ComponentSpec): readonly string[] {
  return hosts.filter((host) => runsInside(host.components, spec)).map((host) => host.unit)
}

function runsInside(components: readonly string[], spec: ComponentSpec): boolean {
  return components.includes(spec.id)
}

/** The service a component runs inside of, when that service is active. */
export function embeddedIn(view: NodeView, spec: ComponentSpec): Evidence<string> {
  const units = hostUnits(spec).map((name) => view.unit(name))
  const active = units.find(
    (unit) => unit.state === 'observed' && unit.properties['ActiveState'] === 'active',
  )
  const source = { items: units.map((unit) => unit.id), at: [] }
  return active === undefined ? absent(source) : observed(active.name, { items: [active.id], at: [] })
}
