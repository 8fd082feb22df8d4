import { textAt } from '../facts/cluster/json.ts'
import { createNodeView } from '../facts/node-view.ts'
import { nodeObject } from '../facts/through-api/node-object.ts'
import type { NodeEvidence, NodeView } from '../model/node-evidence.ts'

/** What tells that two pieces of evidence are about one machine. */
interface Identity {
  /** /etc/machine-id. */
  readonly machine: string | undefined
  readonly name: string
}

function textIn(view: NodeView, path: string): string | undefined {
  const content = view.content(path)
  return content.state === 'observed' ? content.text.trim() : undefined
}

function seenThere(evidence: NodeEvidence): Identity {
  return { machine: textIn(createNodeView(evidence), '/etc/machine-id'), name: evidence.name }
}

function seenThroughApi(evidence: NodeEvidence): Identity {
  const machine = textAt(nodeObject(createNodeView(evidence)), 'machineId')
  return { machine, name: evidence.name }
}

const isAddress = (name: string): boolean => /^[0-9.]+$/.test(name) || name.includes(':')

/** A name without a dot may be short for one with; two with dots, and addresses, have to be the same. */
function isSameName(one: string, other: string): boolean {
  const [left, right] = [one.toLowerCase(), other.toLowerCase()]
  if (left === right) return true
  if (isAddress(left) || isAddress(right) || left.includes('.') === right.includes('.')) return false
  return left.split('.')[0] === right.split('.')[0]
}

/** Machines that were cloned share an id: then the name has to fit as well. Without an id, the name alone tells. */
function isSame(one: Identity, other: Identity, machines: ReadonlyMap<string, number>): boolean {
  const isNamed = isSameName(one.name, other.name)
  if (one.machine === undefined || other.machine === undefined) return isNamed
  return one.machine === other.machine && (isNamed || machines.get(one.machine) === 1)
}

/** Nodes seen through the API, until their own evidence comes or the run ends. */
export interface Waiting {
  /** Keeps what the API shows of a node. */
  add(evidence: NodeEvidence): void
  /** A node's own evidence with what the API shows of it; as it is where the API shows nothing of it. */
  joined(evidence: NodeEvidence): NodeEvidence
  /** Nodes of which there is nothing but what the API shows. */
  rest(): readonly NodeEvidence[]
}

/** Joins what was seen on a node with what the API shows of it. */
export function openWaiting(): Waiting {
  const waiting: { readonly evidence: NodeEvidence; readonly identity: Identity }[] = []
  const machines = new Map<string, number>()
  const seen: Identity[] = []
  return {
    add: (evidence) => {
      const identity = seenThroughApi(evidence)
      const { machine } = identity
      if (machine !== undefined) machines.set(machine, (machines.get(machine) ?? 0) + 1)
      waiting.push({ evidence, identity })
    },
    joined: (evidence) => {
      // Of a machine that did not answer, or an image of one, nobody knows whether it is the one the API shows.
      if (evidence.uid === null || evidence.offline) return evidence
      const own = seenThere(evidence)
      seen.push(own)
      const at = waiting.findIndex(({ identity }) => isSame(own, identity, machines))
      const [found] = at < 0 ? [] : waiting.splice(at, 1)
      if (found === undefined) return evidence
      const items = [...evidence.items, ...found.evidence.items].sort((a, b) => (a.id < b.id ? -1 : 1))
      return { ...evidence, items }
    },
    // A node that came before what the API shows of it was judged by what was seen on it.
    rest: () =>
      waiting
        .filter(({ identity }) => !seen.some((own) => isSame(own, identity, machines)))
        .map(({ evidence }) => evidence),
  }
}

/** A target in its turn. */
export interface InTurn {
  readonly evidence: NodeEvidence
  /** True for a node that the API of a cluster in the run shows. */
  readonly isOfCluster: boolean
}

/** Nodes as they come, joined with what the API shows of them; then what it shows of others; clusters last. */
export async function* clustersLast(evidence: AsyncIterable<NodeEvidence>): AsyncGenerator<InTurn> {
  const waiting = openWaiting()
  const clusters: NodeEvidence[] = []
  for await (const one of evidence) {
    if (one.about !== undefined) clusters.push(one)
    else if (one.carrier === 'api') waiting.add(one)
    else {
      const joined = waiting.joined(one)
      yield { evidence: joined, isOfCluster: joined !== one }
    }
  }
  for (const one of waiting.rest()) yield { evidence: one, isOfCluster: true }
  for (const one of clusters) yield { evidence: one, isOfCluster: false }
}
