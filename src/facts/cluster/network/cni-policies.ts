import type { Json } from '../../../model/finding.ts'
import type { NodeView } from '../../../model/node-evidence.ts'
import type { Probe } from '../../../model/probe.ts'
import { flagAt, textAt, textsAt } from '../json.ts'
import { type Listed, listed, placeText } from '../listed.ts'

/** Policies of network plugins, which isolate pods besides NetworkPolicies. */
const resources = [
  { id: 'cilium.io/v2/ciliumnetworkpolicies', kind: 'CiliumNetworkPolicy' },
  { id: 'cilium.io/v2/ciliumclusterwidenetworkpolicies', kind: 'CiliumClusterwideNetworkPolicy' },
  { id: 'crd.projectcalico.org/v1/networkpolicies', kind: 'Calico NetworkPolicy' },
  { id: 'crd.projectcalico.org/v1/globalnetworkpolicies', kind: 'GlobalNetworkPolicy' },
  { id: 'policy.networking.k8s.io/v1alpha1/adminnetworkpolicies', kind: 'AdminNetworkPolicy' },
  {
    id: 'policy.networking.k8s.io/v1alpha1/baselineadminnetworkpolicies',
    kind: 'BaselineAdminNetworkPolicy',
  },
] as const

/** Lists that `readCniPolicies` reads. */
export const cniPolicyProbes: readonly Probe[] = resources.map(({ id }) => ({ kind: 'list', resource: id }))

/** One policy of a network plugin. */
export interface CniPolicy {
  /** `CiliumNetworkPolicy team-a/deny`. */
  readonly name: string
  /** Undefined for one that may reach every namespace. */
  readonly namespace: string | undefined
  readonly types: readonly string[]
  readonly open: readonly string[]
  /** True when nothing narrows it: it isolates whatever is in its reach. */
  readonly isEverything: boolean
}

export interface CniPolicies {
  readonly lists: readonly Listed[]
  /** Those that can isolate pods of a namespace in a direction. */
  reaching(namespace: string, direction: string): readonly CniPolicy[]
}

function policyOf(kind: string, object: Json): CniPolicy {
  return {
    name: `${kind} ${placeText(object)}`,
    namespace: textAt(object, 'namespace'),
    types: textsAt(object, 'types'),
    open: textsAt(object, 'open'),
    isEverything: flagAt(object, 'everything') === true,
  }
}

/** Reads what the installed network plugins offer; a plugin that is not there has none. */
export function readCniPolicies(view: NodeView): CniPolicies {
  const lists = resources.map(({ id, kind }) => ({ kind, list: listed(view, id) }))
  const byNamespace = new Map<string | undefined, CniPolicy[]>()
  for (const { kind, list } of lists)
    for (const object of list.objects) {
      const policy = policyOf(kind, object)
      const known = byNamespace.get(policy.namespace)
      if (known === undefined) byNamespace.set(policy.namespace, [policy])
      else known.push(policy)
    }
  return {
    lists: lists.map(({ list }) => list),
    reaching: (namespace, direction) =>
      [...(byNamespace.get(namespace) ?? []), ...(byNamespace.get(undefined) ?? [])].filter(({ types }) =>
        types.includes(direction),
      ),
  }
}
