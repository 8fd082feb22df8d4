import type { Json } from '../../../model/finding.ts'
import { lookUp } from '../../text/document.ts'
import { flagAt, numberAt, textsAt, wordsAt } from '../json.ts'
import { selects } from '../selectors.ts'
import type { CniPolicy } from './cni-policies.ts'

export type Direction = 'Ingress' | 'Egress'

/** What isolates the pods of one namespace. */
export interface Namespace {
  /** Kept NetworkPolicies. */
  readonly policies: readonly Json[]
  /** Policies of network plugins that reach it, of the direction asked about. */
  readonly others: readonly CniPolicy[]
  /** Kept groups of pods with the same labels. */
  readonly pods: readonly Json[]
}

/** How many pods of a namespace are isolated in one direction. */
export interface Isolation {
  readonly pods: number
  readonly isolated: number
  /** Isolated, and opened again to everybody by a policy that allows all. */
  readonly open: number
  /** Not isolated by a NetworkPolicy; a policy of the network plugin may do it. */
  readonly unclear: number
  readonly unisolated: number
}

/** Pods that a policy can isolate: those on the host's network are out of its reach, and finished ones are gone. */
export function isReachable(group: Json): boolean {
  return flagAt(group, 'hostNetwork') !== true && flagAt(group, 'finished') !== true
}

/** Policies add up: a pod is isolated by any that selects it, and open as soon as one of them allows everybody. */
export function isolationOf({ policies, others, pods }: Namespace, direction: Direction): Isolation {
  const own = policies.filter((policy) => textsAt(policy, 'types').includes(direction))
  const covering = others.filter(({ isEverything }) => isEverything)
  const sum = { pods: 0, isolated: 0, open: 0, unclear: 0, unisolated: 0 }
  for (const group of pods.filter(isReachable)) {
    const count = numberAt(group, 'count') ?? 0
    const labels = wordsAt(group, 'labels')
    const selecting = own.filter((policy) => selects(lookUp(policy, ['selector']), labels))
    const isOpen = [
      ...selecting.map((policy) => textsAt(policy, 'open')),
      ...covering.map(({ open }) => open),
    ]
    sum.pods += count
    if (selecting.length + covering.length === 0) sum[others.length > 0 ? 'unclear' : 'unisolated'] += count
    else sum[isOpen.some((open) => open.includes(direction)) ? 'open' : 'isolated'] += count
  }
  return sum
}
