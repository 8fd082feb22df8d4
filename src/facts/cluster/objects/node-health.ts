import { isRecord } from '../../text/document.ts'
import { compact, flagAt, listAt, textAt, wordsAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable']

// A server of K3s writes its arguments, those of its configuration file included, to this annotation.
const serverArguments = 'k3s.io/node-args'
const controllerOff = '--disable-network-policy'

/** What a K3s server does with its own network policy controller; undefined for any other node. */
function policyController(annotations: { readonly [key: string]: string }): string | undefined {
  const text = annotations[serverArguments]
  if (text === undefined) return undefined
  const words = wordsOf(text)
  if (words === undefined) return 'unreadable'
  if (words[0] !== 'server') return undefined
  const at = words.findLastIndex((word) => word.split('=')[0] === controllerOff)
  if (at === -1) return 'on'
  const said = words[at]?.split('=')[1] ?? (words[at + 1] === 'false' ? 'false' : 'true')
  return said === 'false' ? 'on' : 'off'
}

function wordsOf(text: string): readonly string[] | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return Array.isArray(read) && read.every((word) => typeof word === 'string') ? read : undefined
  } catch {
    return undefined
  }
}

/** Nodes: whether they are fit for work. */
export const cutNodeHealth: Cut = (node) => {
  const conditions = listAt(node, 'status', 'conditions')
  const known = new Map(
    conditions.filter(isRecord).map((one) => [textAt(one, 'type') ?? '', textAt(one, 'status')]),
  )
  return {
    ...place(node),
    ...compact({
      os: textAt(node, 'status', 'nodeInfo', 'operatingSystem'),
      isUnschedulable: flagAt(node, 'spec', 'unschedulable'),
      ready: known.get('Ready') ?? 'missing',
      pressures: pressures.filter((type) => known.get(type) === 'True'),
      policyController: policyController(wordsAt(node, 'metadata', 'annotations')),
    }),
  }
}
