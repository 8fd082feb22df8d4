import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed } from '../model/evidence.ts'
import { apiEndpoint } from './certificates/api-endpoint.ts'
import { trustBundle } from './certificates/bundle.ts'
import { fingerprintsOf, kubeletKubeconfig, kubeletMaterial, listed } from './certificates/kubelet-trust.ts'
import { trustedBySetting } from './certificates/trust.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { clusterComponents, probesFor } from './files/probes-for.ts'
import { serverConfiguration } from './rancher/configuration.ts'
import { programProbes, rancherPrograms } from './rancher/program.ts'

const programs = ['k3s', 'rke2'] as const

/** What any of these shows; why nothing is known where none shows anything. */
function together(parts: readonly Evidence<readonly string[]>[]): Fact {
  const source = joinSources(...parts.map((part) => part.source))
  const seen = parts.flatMap((part) => (part.kind === 'observed' ? part.fact : []))
  if (seen.length > 0) return listed(seen, source)
  return parts.find((part) => part.kind === 'unavailable') ?? absent(source)
}

/** The authorities of the cluster: whom kubelet and API server accept clients of, and the kubelet its API server. */
function authorities(node: NodeContext): Fact {
  return together([
    fingerprintsOf(trustedBySetting(node, { component: 'kubelet', setting: 'client-ca-file' })),
    fingerprintsOf(trustBundle(kubeletMaterial(node, 'authorities'), 'the kubelet’s kubeconfig')),
    fingerprintsOf(trustedBySetting(node, { component: 'kube-apiserver', setting: 'client-ca-file' })),
  ])
}

function endpointOf(url: Evidence<string>): Evidence<readonly string[]> {
  return mapEvidence(url, (text, source) => {
    const endpoint = apiEndpoint(text)
    return endpoint === null ? absent(source, 'it is only known on this node') : observed([endpoint], source)
  })
}

function kubeletServer(node: NodeContext): Evidence<readonly string[]> {
  const kubeconfig = kubeletKubeconfig(node)?.kubeconfig ?? absent({ items: [], at: [] })
  return endpointOf(
    mapEvidence(kubeconfig, ({ server }, source) =>
      server === undefined ? absent(source) : observed(server, source),
    ),
  )
}

/** What an agent, or a server that joined, was told to join. */
function joined(node: NodeContext): readonly Evidence<readonly string[]>[] {
  return programs.map((program) =>
    mapEvidence(serverConfiguration(node.view, program), ({ values }, source) => {
      const server = values.get('server') ?? absent(source)
      return mapEvidence(server, (text, at) => endpointOf(observed(String(text), at)))
    }),
  )
}

/** What tells the nodes of one cluster from those of another: nodes that have any of it in common are of one. */
export const clusterIdentity: FactKind = {
  kind: 'cluster-identity',
  title: 'What tells the cluster of a node: fingerprints of its authorities, where its API server is reached',
  parameters: {},
  fields: () => ['authorities', 'endpoints'],
  probes: (_, knowledge) => [
    ...probesFor(knowledge, clusterComponents),
    ...programs.flatMap((program) => programProbes(rancherPrograms[program])),
  ],
  derive: (_, node) => {
    const record = {
      authorities: authorities(node),
      endpoints: together([kubeletServer(node), ...joined(node)]),
    }
    return observed(record, joinSources(record.authorities.source, record.endpoints.source))
  },
}
