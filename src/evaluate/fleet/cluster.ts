import { type Fleet, openFleet } from './fleet.ts'

/** The nodes that are of one cluster, as far as is known. */
export interface Cluster {
  readonly fleet: Fleet
  readonly distributions: Set<string>
  readonly authorities: Set<string>
  readonly endpoints: Set<string>
  /** Nodes that are only taken to be of it. */
  readonly assumed: Set<string>
}

/** A cluster without nodes: of what is asked over every node of a run it keeps nothing. */
export function newCluster(): Cluster {
  return {
    fleet: openFleet(({ grouping }) => grouping !== 'run'),
    distributions: new Set(),
    authorities: new Set(),
    endpoints: new Set(),
    assumed: new Set(),
  }
}

/** Adds each of these to a set. */
export function addAll(to: Set<string>, from: Iterable<string>): void {
  for (const one of from) to.add(one)
}

/** Puts the nodes of another cluster to one, and what is known of them; the other is of no use afterwards. */
export function absorb(cluster: Cluster, other: Cluster): void {
  cluster.fleet.absorb(other.fleet)
  addAll(cluster.distributions, other.distributions)
  addAll(cluster.authorities, other.authorities)
  addAll(cluster.endpoints, other.endpoints)
  addAll(cluster.assumed, other.assumed)
}

function baseName({ distributions }: Cluster): string {
  return distributions.size === 0 ? 'unknown' : [...distributions].sort().join(' and ')
}

/** What tells a cluster from the others of a run: the distribution where that is enough, else with the authority its nodes trust. */
export function nameOf(cluster: Cluster, all: readonly Cluster[]): string {
  const base = baseName(cluster)
  if (all.every((other) => other === cluster || baseName(other) !== base)) return base
  const [authority] = [...cluster.authorities].sort()
  const [endpoint = 'cluster not known'] = [...cluster.endpoints].sort()
  // Twelve digits tell more authorities apart than there are.
  const which =
    authority === undefined ? endpoint : `authority ${authority.replace('sha256:', '').slice(0, 12)}`
  return `${base}, ${which}`
}
