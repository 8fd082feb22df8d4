import type { FactRequest } from '../../../model/check.ts'
import { type Fact, isFactRecord } from '../../../model/evidence.ts'
import type { NodeContext } from '../../fact-kind.ts'
import { nameAt } from '../json.ts'
import { listed } from '../listed.ts'
import { wordIn } from '../request.ts'

/** What holds a container without a profile: the kubelets' own, nothing, or nothing that was seen. */
export type WithoutProfile =
  | { readonly kind: 'confined' }
  | { readonly kind: 'unconfined'; readonly because: string }

/** What is asked of the nodes of a cluster about it. */
export const kubeletRequest = { fact: 'component-settings', of: 'kubelet' } as const

function isOn(fact: Fact): boolean | undefined {
  const found = fact.kind === 'observed' && isFactRecord(fact.fact) ? fact.fact['seccomp-default'] : undefined
  return found?.kind === 'observed' && typeof found.fact === 'boolean' ? found.fact : undefined
}

/** Every node the cluster lists has to show it: a pod may land on the one that does not. Windows knows no seccomp. */
function seenOf(node: NodeContext): WithoutProfile {
  const { objects, gaps } = listed(node.view, 'v1/nodes')
  const isWindows = (one: unknown): boolean => nameAt(one, 'os') === 'windows'
  const windows = new Set(objects.filter(isWindows).map((one) => nameAt(one, 'name')))
  const answers = (node.nodes?.(kubeletRequest) ?? []).filter((one) => !windows.has(one.node))
  const off = answers.find(({ fact }) => isOn(fact) === false)
  if (off !== undefined)
    return { kind: 'unconfined', because: `the kubelet of ${off.node} runs without seccompDefault` }
  const isWhole = gaps.length === 0 && answers.length > 0 && answers.length === objects.length - windows.size
  return isWhole && answers.every(({ fact }) => isOn(fact) === true)
    ? { kind: 'confined' }
    : { kind: 'unconfined', because: 'seccompDefault was not seen on every node' }
}

/** What a container without a profile gets: what a person says, or what the kubelets of the same run show. */
export function withoutProfile(request: FactRequest, node: NodeContext): WithoutProfile {
  switch (wordIn(request, 'without-profile')) {
    case 'RuntimeDefault':
      return { kind: 'confined' }
    case 'Unconfined':
      return { kind: 'unconfined', because: 'nothing else gives it one' }
    default:
      return seenOf(node)
  }
}
