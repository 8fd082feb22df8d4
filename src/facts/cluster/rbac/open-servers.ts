import { isFactList, isFactRecord } from '../../../model/evidence.ts'
import type { NodeContext, NodeFact } from '../../fact-kind.ts'
import type { ObjectName, Remark } from '../inspection.ts'

/** What is asked of the nodes of a cluster about who decides. */
export const authorizersRequest = { fact: 'authorizers' } as const

/** The API server of one node as remarks name it. */
export function apiServerOn(node: string): ObjectName {
  return { kind: 'API server', name: `on ${node}` }
}

function modesOf({ fact }: NodeFact): readonly string[] | undefined {
  const modes = fact.kind === 'observed' && isFactRecord(fact.fact) ? fact.fact.modes : undefined
  if (modes?.kind !== 'observed' || !isFactList(modes.fact)) return undefined
  return modes.fact.flatMap((one) => (one.kind === 'observed' ? [String(one.fact)] : []))
}

/**
 * API servers that do not go by roles and bindings, as far as nodes of the run show: whatever those say, nobody is kept
 * from anything by them. A server whose authorizers were not seen is not among them.
 */
export function openServers(node: NodeContext): readonly Remark[] {
  return (node.nodes?.(authorizersRequest) ?? []).flatMap((said): readonly Remark[] => {
    const modes = modesOf(said)
    if (modes === undefined) return []
    const on = apiServerOn(said.node)
    if (modes.includes('AlwaysAllow')) return [{ on, because: 'AlwaysAllow lets everybody do everything' }]
    if (modes.includes('RBAC')) return []
    return [{ on, because: `it does not ask RBAC (${modes.join(', ')}): roles and bindings limit nobody` }]
  })
}
