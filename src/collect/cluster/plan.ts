import type { Probe } from '../../model/probe.ts'

/** What of a plan is asked of a cluster. */
export interface ClusterPlan {
  /** Ids of resources. */
  readonly lists: readonly string[]
  /** `GET /version`, `anonymous GET /api`. */
  readonly questions: readonly string[]
  /** True when something is asked about nodes, which the API may show. */
  readonly asksNodes: boolean
}

/** The API's part of the probes of the selected checks, each once. */
export function planCluster(probes: readonly Probe[]): Omit<ClusterPlan, 'asksNodes'> {
  const lists = new Set<string>()
  const questions = new Set<string>()
  for (const probe of probes) {
    if (probe.kind === 'list') lists.add(probe.resource)
    if (probe.kind === 'answer') questions.add(probe.question)
  }
  return { lists: [...lists].sort(), questions: [...questions].sort() }
}
