import { absorb, addAll, type Cluster } from './cluster.ts'

function mayBe({ distributions }: Cluster, home: Cluster): boolean {
  return distributions.size === 0 || [...distributions].some((one) => home.distributions.has(one))
}

/**
 * Nodes that show an API server and no authority join the one cluster they may be of whose API server nobody showed: a
 * K3s agent and its server, when the agent's files could not be read.
 */
function joinReached(told: readonly Cluster[]): readonly Cluster[] {
  const unreached = told.filter(({ authorities, endpoints }) => authorities.size > 0 && endpoints.size === 0)
  const homes = new Map<Cluster, Cluster[]>()
  for (const cluster of told.filter(({ authorities }) => authorities.size === 0)) {
    const [home, another] = unreached.filter((one) => mayBe(cluster, one))
    if (home !== undefined && another === undefined) homes.set(home, [...(homes.get(home) ?? []), cluster])
  }
  const gone = new Set<Cluster>()
  for (const [home, [guest, another]] of homes) {
    if (guest === undefined || another !== undefined) continue
    addAll(guest.assumed, guest.fleet.kept.nodes)
    absorb(home, guest)
    gone.add(guest)
  }
  return told.filter((cluster) => !gone.has(cluster))
}

/**
 * The clusters of a run: those that are told, with the nodes that nothing tells a cluster of where their distribution
 * leaves one choice. Of several clusters nobody can tell theirs: they stay among themselves.
 */
export function settle(
  told: readonly Cluster[],
  untold: ReadonlyMap<string | null, Cluster>,
): readonly Cluster[] {
  const known = joinReached(told)
  const clusters = [...known]
  const place = (cluster: Cluster, homes: readonly Cluster[]): void => {
    const [home, another] = homes
    if (home !== undefined && another === undefined) absorb(home, cluster)
    else clusters.push(cluster)
  }
  for (const [distribution, cluster] of untold)
    if (distribution !== null)
      place(
        cluster,
        known.filter(({ distributions }) => distributions.has(distribution)),
      )
  const lost = untold.get(null)
  if (lost !== undefined) place(lost, [...clusters])
  return clusters
}
