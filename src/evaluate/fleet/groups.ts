import type { Grouping, Role } from '../../model/check.ts'
import type { Evidence } from '../../model/evidence.ts'

/** Names of groups; they hold a blank, which no host name does. */
export const groupNames = {
  all: 'all nodes',
  'control-plane': 'control-plane nodes',
  etcd: 'etcd nodes',
  'etcd-only': 'etcd-only nodes',
  worker: 'worker nodes',
} as const

export type GroupName = (typeof groupNames)[keyof typeof groupNames]

/** Groups a check over nodes may put a node into. */
const possible = {
  run: [groupNames.all],
  all: [groupNames.all],
  role: [groupNames['control-plane'], groupNames['etcd-only'], groupNames.worker],
  'control-plane': [groupNames['control-plane']],
  etcd: [groupNames.etcd],
  worker: [groupNames.worker],
} as const satisfies { readonly [grouping in Grouping]: readonly GroupName[] }

/** Every group a node with these roles is in. A worker is what is nothing else: others run pods as well. */
export function groupsOf(roles: readonly Role[]): readonly GroupName[] {
  const isControlPlane = roles.includes('control-plane')
  const isEtcd = roles.includes('etcd')
  const isWorker = roles.includes('worker') && !isControlPlane && !isEtcd
  return [
    groupNames.all,
    ...(isControlPlane ? [groupNames['control-plane']] : []),
    ...(isEtcd ? [groupNames.etcd] : []),
    ...(isEtcd && !isControlPlane ? [groupNames['etcd-only']] : []),
    ...(isWorker ? [groupNames.worker] : []),
  ]
}

/** Where a check puts a node. */
export interface Placing {
  readonly groups: readonly GroupName[]
  /** Why that is not certain. */
  readonly unknown: Extract<Evidence<never>, { kind: 'unavailable' }> | null
}

/** The groups of a check that a node belongs to; all it may be in when its roles could not be told. */
export function placingOf(grouping: Grouping, roles: Evidence<readonly Role[]>): Placing {
  const wanted: readonly GroupName[] = possible[grouping]
  if (grouping === 'all' || grouping === 'run') return { groups: wanted, unknown: null }
  if (roles.kind === 'unavailable') return { groups: wanted, unknown: roles }
  const held = groupsOf(roles.kind === 'observed' ? roles.fact : [])
  return { groups: wanted.filter((group) => held.includes(group)), unknown: null }
}
