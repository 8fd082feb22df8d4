import type { Json } from '../../../model/finding.ts'
import { compact, flagAt, listAt, textAt, wordsAt } from '../json.ts'
import { isFinished } from './pods.ts'
import type { ListReader } from './reader.ts'

// Where the cluster's own add-ons run; on how many nodes is asked of them alone.
const addOns = 'kube-system'

// Two nodes are enough to say that not all depends on one.
const nodesKept = 2

interface Group {
  readonly fields: { readonly [field: string]: Json }
  count: number
  ready: number
  nodes: readonly string[]
}

function isReady(pod: unknown): boolean {
  return listAt(pod, 'status', 'conditions').some(
    (one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True',
  )
}

function fieldsOf(pod: unknown): { readonly [field: string]: Json } {
  const namespace = textAt(pod, 'metadata', 'namespace')
  // Jobs leave many behind, each with labels of its own: nothing selects them any more.
  if (isFinished(pod)) return compact({ namespace, finished: true })
  const labels = Object.entries(wordsAt(pod, 'metadata', 'labels')).sort(([a], [b]) => (a < b ? -1 : 1))
  return compact({
    namespace,
    labels: Object.fromEntries(labels),
    hostNetwork: flagAt(pod, 'spec', 'hostNetwork'),
  })
}

/** Pods that nobody who selects by label can tell apart are one entry. */
export function podsByLabels(): ListReader {
  const groups = new Map<string, Group>()
  return {
    add: (pod) => {
      const fields = fieldsOf(pod)
      const key = JSON.stringify(fields)
      const group = groups.get(key) ?? { fields, count: 0, ready: 0, nodes: [] }
      groups.set(key, group)
      group.count += 1
      if (!isReady(pod)) return
      group.ready += 1
      const node = textAt(pod, 'spec', 'nodeName')
      if (fields.namespace !== addOns || node === undefined || group.nodes.includes(node)) return
      group.nodes = [...group.nodes, node].sort().slice(0, nodesKept)
    },
    finish: () =>
      [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { fields, count, ready, nodes }]) => ({
          ...fields,
          count,
          ...compact({
            ready: ready === count ? undefined : ready,
            nodes: fields.namespace === addOns ? nodes : [],
          }),
        })),
  }
}
