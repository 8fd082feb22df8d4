import type { CheckInput } from '../check-input.ts'
import type { Selection } from '../select.ts'
import { absorb, addAll, type Cluster, nameOf, newCluster } from './cluster.ts'
import { type FleetFindings, type FleetNode, openFleet } from './fleet.ts'
import type { Marks } from './marks.ts'
import { settle } from './settle.ts'

/**
 * The nodes of a run side by side, cluster by cluster: nodes of different clusters are never compared, except in what
 * must differ between any two machines.
 */
export interface Clusters {
  readonly add: (place: Place, node: FleetNode, asked: AskedNode) => void
  readonly finish: () => FleetFindings
}

/** What tells where a node belongs. */
export interface Place {
  /** Null where it could not be told. */
  readonly distribution: string | null
  readonly marks: Marks
}

/** What a node is asked, and its answers. */
export interface AskedNode {
  readonly selection: Selection
  readonly input: CheckInput
}

/** Clusters by what their nodes have in common. A node that has something of two shows that they are one. */
function createTold() {
  const byMark = new Map<string, Cluster>()
  const keysOf = ({ authorities, endpoints }: Cluster | Marks): readonly string[] => [
    ...[...authorities].map((one) => `authority ${one}`),
    ...[...endpoints].map((one) => `endpoint ${one}`),
  ]
  return {
    all: (): readonly Cluster[] => [...new Set(byMark.values())],
    /** The cluster of these marks; null when there are none. */
    of(marks: Marks): Cluster | null {
      const keys = keysOf(marks)
      if (keys.length === 0) return null
      const known = new Set(keys.flatMap((key) => byMark.get(key) ?? []))
      const [cluster = newCluster(), ...others] = known
      for (const other of others) absorb(cluster, other)
      addAll(cluster.authorities, marks.authorities)
      addAll(cluster.endpoints, marks.endpoints)
      for (const key of others.length === 0 ? keys : keysOf(cluster)) byMark.set(key, cluster)
      return cluster
    },
  }
}

/** Starts a run over the nodes of any number of clusters. Groups name their cluster where there is more than one. */
export function openClusters(): Clusters {
  const told = createTold()
  const untold = new Map<string | null, Cluster>()
  const run = openFleet(({ grouping }) => grouping === 'run')
  return {
    add({ distribution, marks }, node, { selection, input }) {
      const known = told.of(marks)
      const cluster = known ?? untold.get(distribution) ?? newCluster()
      if (known === null) {
        untold.set(distribution, cluster)
        cluster.assumed.add(node.target)
      }
      if (distribution !== null) cluster.distributions.add(distribution)
      cluster.fleet.add(selection, node, input)
      run.add(selection, node, input)
    },
    finish() {
      const clusters = settle(told.all(), untold)
      const [only, more] = clusters
      if (only !== undefined && more === undefined) {
        only.fleet.absorb(run)
        return only.fleet.finish({ assumed: only.assumed })
      }
      const found = [
        run.finish(),
        ...clusters.map((one) => one.fleet.finish({ name: nameOf(one, clusters), assumed: one.assumed })),
      ]
      return { groups: found.flatMap(({ groups }) => groups), alone: found.flatMap(({ alone }) => alone) }
    },
  }
}
