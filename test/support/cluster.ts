import { nodeContext } from '../../src/cli/ask-evidence.ts'
import { evaluateCheck } from '../../src/evaluate/check.ts'
import type { CheckOutcome } from '../../src/evaluate/check-outcome.ts'
import { checkInput } from '../../src/evaluate/node.ts'
import { apiResources } from '../../src/facts/cluster/resources.ts'
import type { NodeContext } from '../../src/facts/fact-kind.ts'
import { factKinds } from '../../src/facts/index.ts'
import type { FactRequest, ParameterValue } from '../../src/model/check.ts'
import type { CollectFailure, Fact } from '../../src/model/evidence.ts'
import { noSource, observed } from '../../src/model/evidence.ts'
import { checkId } from '../../src/model/ids.ts'
import type { NodeEvidence, RawList } from '../../src/model/node-evidence.ts'
import { content } from '../traps/verdict-of.ts'

/** Objects of each resource in the API's form, or why it could not be listed. What is not named is empty. */
export interface Described {
  readonly [resource: string]: readonly unknown[] | CollectFailure | 'absent'
}

function listOf(resource: string, given: Described[string]): RawList {
  const about = { kind: 'list', id: `list:${resource}`, resource } as const
  if (given === 'absent') return { ...about, state: 'absent' }
  if (typeof given === 'string') return { ...about, state: 'unavailable', reason: given }
  const reader = apiResources.get(resource)?.reader()
  if (reader === undefined) throw new Error(`there is no resource ${resource}`)
  for (const object of given ?? []) reader.add(object)
  return { ...about, state: 'observed', objects: reader.finish(), count: given?.length ?? 0 }
}

/** The evidence of a cluster with these objects, read as they are read from its API server. */
export function clusterEvidence(described: Described): NodeEvidence {
  const resources = new Set([...apiResources.keys(), ...Object.keys(described)])
  return {
    target: 'cluster',
    name: 'cluster',
    carrier: 'api',
    about: 'cluster',
    offline: false,
    collectedAt: '2027-01-01T00:00:00Z',
    nodeClock: null,
    uid: null,
    scriptDigest: '',
    end: 'complete',
    items: [...resources].sort().map((resource) => listOf(resource, described[resource] ?? [])),
  }
}

const now = Date.UTC(2027, 0, 1)

/** One fact about a cluster with these objects. */
export function clusterFact(described: Described, request: FactRequest): Fact {
  const kind = factKinds[request.fact]
  if (kind === undefined) throw new Error(`there is no fact ${request.fact}`)
  return kind.derive(request, nodeContext(clusterEvidence(described), content, now))
}

interface Parameters {
  readonly [name: string]: ParameterValue
}

/** What one check says of a cluster with these objects, from their reading to the sentence. */
export function judgeCluster(check: string, described: Described, parameters: Parameters = {}): CheckOutcome {
  return judgeWithNodes(check, described, { parameters })
}

/** The same beside what the nodes of the cluster say. */
export function judgeWithNodes(
  check: string,
  described: Described,
  { parameters = {}, nodes }: { parameters?: Parameters; nodes?: NonNullable<NodeContext['nodes']> },
): CheckOutcome {
  const known = content.checks.get(checkId(check))
  if (known === undefined) throw new Error(`there is no check ${check}`)
  const own = nodeContext(clusterEvidence(described), content, now)
  const context = nodes === undefined ? own : { ...own, nodes }
  const input = checkInput({
    target: 'cluster',
    about: 'cluster',
    roles: observed([], noSource),
    distribution: observed('kubeadm', noSource),
    version: observed('v1.34.0', noSource),
    itemDigests: () => [],
    derive: (request) => {
      const kind = factKinds[request.fact]
      if (kind === undefined) throw new Error(`there is no fact ${request.fact}`)
      return kind.derive(request, context)
    },
  })
  return evaluateCheck(known, input, parameters)
}

/** What is said of objects, in short: `offending Namespace dev: because`. */
export function remarksIn({ objects }: CheckOutcome): readonly string[] {
  return Object.entries(objects ?? {}).flatMap(([role, remarks]) =>
    remarks.map(({ name, because }) => `${role} ${name}: ${because}`),
  )
}
