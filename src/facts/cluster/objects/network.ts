import type { Json } from '../../../model/finding.ts'
import { isRecord, lookUp } from '../../text/document.ts'
import { compact, flagAt, listAt, textAt, textsAt } from '../json.ts'
import { cutSelector } from '../selectors.ts'
import { type Cut, place } from './reader.ts'

/** True for a rule that lets everybody in (out): no ports, and either no peers or every address. */
function isOpen(rule: unknown, peers: 'from' | 'to'): boolean {
  if (listAt(rule, 'ports').length > 0) return false
  const named = listAt(rule, peers)
  return (
    named.length === 0 ||
    named.some(
      (peer) =>
        ['0.0.0.0/0', '::/0'].includes(textAt(peer, 'ipBlock', 'cidr') ?? '') &&
        textsAt(peer, 'ipBlock', 'except').length === 0,
    )
  )
}

/** Directions a policy isolates; unset means ingress always, and egress where it has rules for it. */
function typesOf(spec: unknown): readonly string[] {
  const given = textsAt(spec, 'policyTypes')
  if (given.length > 0) return given
  return listAt(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress']
}

/** NetworkPolicies: whom they select, which directions they isolate, and which they open again to everybody. */
export const cutNetworkPolicy: Cut = (policy) => {
  const spec = lookUp(policy, ['spec'])
  if (!isRecord(spec)) return 'it has no specification'
  const open = [
    ...(listAt(spec, 'ingress').some((rule) => isOpen(rule, 'from')) ? ['Ingress'] : []),
    ...(listAt(spec, 'egress').some((rule) => isOpen(rule, 'to')) ? ['Egress'] : []),
  ]
  return {
    ...place(policy),
    ...compact({ types: typesOf(spec), open, selector: cutSelector(spec.podSelector) }),
  }
}

type Kept = { readonly [field: string]: Json }

interface Reach {
  readonly types: readonly string[]
  readonly open: readonly string[]
  /** It isolates whatever is in its reach; else only that it can isolate something is kept. */
  readonly everything: boolean
}

function cutReach(policy: unknown, { types, open, everything }: Reach): Kept {
  return { ...place(policy), ...compact({ types, open, everything }) }
}

/** CiliumNetworkPolicies and their cluster-wide kind. */
export const cutCiliumPolicy: Cut = (policy) => {
  const several = listAt(policy, 'specs')
  const specs = several.length > 0 ? several : [lookUp(policy, ['spec'])]
  const [only] = specs
  const isolates = (direction: 'ingress' | 'egress') => (spec: unknown) =>
    (lookUp(spec, [direction]) !== undefined || lookUp(spec, [`${direction}Deny`]) !== undefined) &&
    flagAt(spec, 'enableDefaultDeny', direction) !== false &&
    lookUp(spec, ['endpointSelector']) !== undefined
  const types = [
    ...(specs.some(isolates('ingress')) ? ['Ingress'] : []),
    ...(specs.some(isolates('egress')) ? ['Egress'] : []),
  ]
  const isFor = (direction: string, entities: string) =>
    listAt(only, direction).some((rule) => textsAt(rule, entities).includes('all'))
  const open = [
    ...(isFor('ingress', 'fromEntities') ? ['Ingress'] : []),
    ...(isFor('egress', 'toEntities') ? ['Egress'] : []),
  ]
  const selector = lookUp(only, ['endpointSelector'])
  const isEverything = specs.length === 1 && isRecord(selector) && Object.keys(selector).length === 0
  return cutReach(policy, { types, open, everything: isEverything })
}

/** Policies of Calico, namespaced and global. */
export const cutCalicoPolicy: Cut = (policy) => {
  const spec = lookUp(policy, ['spec'])
  const given = textsAt(spec, 'types')
  const hasEgress = listAt(spec, 'egress').length > 0
  const hasIngress = listAt(spec, 'ingress').length > 0
  const usual = hasEgress ? (hasIngress ? ['Ingress', 'Egress'] : ['Egress']) : ['Ingress']
  const isBare = (rule: unknown): boolean =>
    isRecord(rule) && Object.keys(rule).length === 1 && textAt(rule, 'action') === 'Allow'
  const open = [
    ...(listAt(spec, 'ingress').some(isBare) ? ['Ingress'] : []),
    ...(listAt(spec, 'egress').some(isBare) ? ['Egress'] : []),
  ]
  const narrowing = ['selector', 'namespaceSelector', 'serviceAccountSelector'].map(
    (field) => textAt(spec, field)?.trim() ?? '',
  )
  const isEverything = narrowing.every((text) => text === '' || text === 'all()')
  return cutReach(policy, { types: given.length > 0 ? given : usual, open, everything: isEverything })
}

/** AdminNetworkPolicies and the baseline one: they deny what they name, nothing is denied by their being there. */
export const cutAdminPolicy: Cut = (policy) => {
  const denies = (direction: string): boolean =>
    listAt(policy, 'spec', direction).some((rule) => textAt(rule, 'action') === 'Deny')
  const types = [...(denies('ingress') ? ['Ingress'] : []), ...(denies('egress') ? ['Egress'] : [])]
  return cutReach(policy, { types, open: [], everything: false })
}
