import { absent, type Fact, joinSources, unavailable } from '../../model/evidence.ts'
import type { FactKind } from '../fact-kind.ts'
import { sourceOf } from '../files/raw-source.ts'
import { detectCluster } from './detect-cluster.ts'
import { inspectionFact, inspectionFields } from './inspection.ts'
import { textsAt } from './json.ts'

/** Where a cluster says at which addresses its API servers listen. */
export const apiServersPath = '/api/v1/namespaces/default/endpoints/kubernetes'

const question = `GET ${apiServersPath}`
const nodes = 'v1/nodes'

/** Providers that run the control plane on machines of their own. */
const managed = ['eks', 'gke', 'aks']

/**
 * Whether every API server runs on a node of the cluster. One that does not (a K3s server without an agent, a control
 * plane outside) is a gap: nothing of its machine was seen.
 */
export const apiServerNodes: FactKind = {
  kind: 'api-server-nodes',
  about: 'cluster',
  title: 'Whether every API server runs on a node that the API shows',
  parameters: {},
  fields: () => inspectionFields,
  probes: () => [
    { kind: 'answer', question },
    { kind: 'list', resource: nodes },
  ],
  derive: (_request, { view }): Fact => {
    const served = view.answer(question)
    const listed = view.list(nodes)
    const source = joinSources(sourceOf(served), sourceOf(listed))
    if (managed.includes(detectCluster(view).distribution)) return absent(source)
    for (const item of [served, listed]) {
      if (item.state === 'unavailable') return unavailable(item.reason, sourceOf(item), item.detail)
      if (item.state === 'absent') return absent(sourceOf(item))
    }
    if (served.state !== 'observed' || listed.state !== 'observed') return absent(source)
    const addresses = textsAt({ all: served.body }, 'all')
    const known = new Set(listed.objects.flatMap((node) => textsAt(node, 'addresses')))
    const unseen = addresses.filter((address) => !known.has(address))
    return inspectionFact({
      lookedAt: addresses.length,
      offending: [],
      noted: [],
      exempted: [],
      gaps: unseen.map((address) => {
        const detail = `the API server at ${address} runs on no node of the cluster`
        return unavailable('not-shown', source, detail)
      }),
      source,
    })
  },
}
