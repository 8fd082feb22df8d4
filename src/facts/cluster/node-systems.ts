import { observed } from '../../model/evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { textAt } from './json.ts'
import { listedAlways } from './listed.ts'

function count(node: NodeContext, system: string): ReturnType<FactKind['derive']> {
  const { objects, gaps, source } = listedAlways(node.view, 'v1/nodes')
  const [gap] = gaps
  if (gap !== undefined) return gap
  const isIt = (one: unknown): boolean =>
    (textAt(one, 'labels', 'kubernetes.io/os') ?? textAt(one, 'os')) === system
  return observed(objects.filter(isIt).length, source)
}

/** What the nodes of a cluster run on. */
export const nodeSystems: FactKind = {
  kind: 'node-systems',
  about: 'cluster',
  title: 'How many nodes of the cluster run Linux, and how many Windows',
  parameters: {},
  fields: () => ['linux', 'windows'],
  probes: () => [{ kind: 'list', resource: 'v1/nodes' }],
  derive: (_request, node) => {
    const { source } = listedAlways(node.view, 'v1/nodes')
    return observed({ linux: count(node, 'linux'), windows: count(node, 'windows') }, source)
  },
}
