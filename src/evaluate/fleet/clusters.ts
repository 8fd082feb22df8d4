import type { CheckInput } from '../check-input.ts'
import type { Selection } from '../select.ts'
import { type Fleet, type FleetFindings, type FleetNode, openFleet } from './fleet.ts'

/** The nodes of a run side by side, cluster by cluster: nodes of different clusters are never compared. */
export interface Clusters {
  /** `cluster` is null where it could not be told: the node may be of any. */
  readonly add: (cluster: string | null, node: FleetNode, asked: AskedNode) => void
  readonly finish: () => FleetFindings
}

/** What a node is asked, and its answers. */
export interface AskedNode {
  readonly selection: Selection
  readonly input: CheckInput
}

/** Starts a run over the nodes of any number of clusters. Groups name their cluster where there is more than one. */
export function openClusters(): Clusters {
  const fleets = new Map<string, Fleet>()
  const untold: (readonly [FleetNode, AskedNode])[] = []
  const put = (cluster: string, node: FleetNode, { selection, input }: AskedNode): void => {
    const fleet = fleets.get(cluster) ?? openFleet()
    fleets.set(cluster, fleet)
    fleet.add(selection, node, input)
  }
  return {
    add: (cluster, node, asked) => {
      if (cluster === null) untold.push([node, asked])
      else put(cluster, node, asked)
    },
    finish: () => {
      // Where there is one cluster it is theirs; among several nobody can tell.
      const [only, second] = fleets.keys()
      const home = only !== undefined && second === undefined ? only : 'unknown'
      for (const [node, asked] of untold) put(home, node, asked)
      const found = [...fleets].map(([cluster, fleet]) =>
        fleets.size === 1 ? fleet.finish() : named(fleet.finish(), cluster),
      )
      return { groups: found.flatMap(({ groups }) => groups), alone: found.flatMap(({ alone }) => alone) }
    },
  }
}

function named({ groups, alone }: FleetFindings, cluster: string): FleetFindings {
  return {
    alone,
    groups: groups.map(({ target, findings }) => {
      const id = `${target.id} (${cluster})`
      return { target: { ...target, id }, findings: findings.map((finding) => ({ ...finding, target: id })) }
    }),
  }
}
