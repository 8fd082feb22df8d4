import type { Role } from '../../model/check.ts'
import { type Evidence, joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { roleByService } from '../rancher/roles.ts'
import { componentState } from '../settings/of-node.ts'
import type { HeldRoles } from './detection.ts'
import type { SeenSignal } from './see-signals.ts'

const componentsOf: { readonly [role in Role]: readonly string[] } = {
  'control-plane': ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  etcd: ['etcd'],
  worker: ['kubelet'],
}

/** Whether a node has a role: a component of it is there, or what runs the node says so. */
function roleHeld(node: NodeContext, role: Role, said: ReadonlySet<Role | undefined>): Evidence<boolean> {
  const states = componentsOf[role].map((name) => componentState(node, name))
  const source = joinSources(...states.map((state) => state.source))
  if (said.has(role) || states.some(({ kind }) => kind === 'observed')) return observed(true, source)
  const service = role === 'etcd' ? undefined : roleByService(node.view, role)
  if (service?.kind === 'observed' && service.fact) return service
  const gap = [...states, service].find((state) => state?.kind === 'unavailable')
  if (gap?.kind === 'unavailable') return unavailable(gap.reason, source, gap.detail)
  return observed(false, source)
}

/** Of a machine without Kubernetes. */
export const noRoles: HeldRoles = { roles: [], held: observed([], { items: [], at: [] }) }

/** The roles of a node, by what is there and what its signals say. */
export function rolesOf(node: NodeContext, signals: readonly SeenSignal[]): HeldRoles {
  const said = new Set(signals.filter(({ isRunning }) => isRunning).map(({ role }) => role))
  const all: readonly Role[] = ['control-plane', 'etcd', 'worker']
  const answers = all.map((role) => ({ role, held: roleHeld(node, role, said) }))
  const source = joinSources(...answers.map(({ held }) => held.source))
  const roles = answers.filter(({ held }) => held.kind === 'observed' && held.fact).map(({ role }) => role)
  const gap = answers.find(({ held }) => held.kind === 'unavailable')
  if (gap?.held.kind !== 'unavailable') return { roles, held: observed(roles, source) }
  const detail = `whether it is a ${gap.role} node is not known: ${gap.held.detail ?? gap.held.reason}`
  return { roles, held: unavailable(gap.held.reason, source, detail) }
}
