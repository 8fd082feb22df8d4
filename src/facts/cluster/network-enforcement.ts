import type { Fact } from '../../model/evidence.ts'
import { type Source, unavailable } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { type Inspection, inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import { flagAt, numberAt, textAt } from './json.ts'
import { listedAlways, placeText, sourceOfAll } from './listed.ts'
import { type NetworkAgent, networkAgent } from './network/agents.ts'

const resources = { nodes: 'v1/nodes#health', sets: 'apps/v1/daemonsets#rollout' } as const

interface Seen {
  readonly set: Json
  readonly agent: NetworkAgent
}

interface Nodes {
  readonly linux: number
  /** Those that take new pods. */
  readonly schedulable: number
  readonly windows: readonly string[]
}

type Gap = Inspection['gaps'][number]

function nameOfSet(set: Json): Remark['on'] {
  const namespace = textAt(set, 'namespace')
  return {
    kind: 'DaemonSet',
    name: textAt(set, 'name') ?? '',
    ...(namespace === undefined ? {} : { namespace }),
  }
}

function nodesOf(objects: readonly Json[]): Nodes {
  const windows = objects.filter((node) => textAt(node, 'os') === 'windows')
  const linux = objects.filter((node) => textAt(node, 'os') !== 'windows')
  return {
    linux: linux.length,
    schedulable: linux.filter((node) => flagAt(node, 'isUnschedulable') !== true).length,
    windows: windows.map((node) => textAt(node, 'name') ?? ''),
  }
}

/** Whether an enforcer is on every node: undefined when it is, a text when not, a gap where counts do not say. */
function coverage({ set, agent }: Seen, nodes: Nodes, source: Source): string | Gap | undefined {
  const desired = numberAt(set, 'desired') ?? 0
  const ready = numberAt(set, 'ready') ?? 0
  if (ready < desired || ready < nodes.schedulable)
    return `${agent.what} enforces policies and is ready on ${ready} of ${Math.max(desired, nodes.schedulable)} nodes`
  if (nodes.linux === 0)
    return unavailable('unrecognised', source, 'the cluster has no nodes to enforce it on')
  // Enough for the schedulable nodes, not for all: which ones it runs on is not kept.
  if (desired < nodes.linux)
    return unavailable(
      'unrecognised',
      source,
      `${agent.what} runs on ${desired} of ${nodes.linux} nodes, some of which take no new pods: which is not known`,
    )
  return undefined
}

function unknownGap(sets: readonly Json[], source: Source): Gap {
  const names = sets.slice(0, 5).map(placeText).join(', ')
  const seen =
    sets.length === 0 ? 'no DaemonSet at all' : `DaemonSets ${names}${sets.length > 5 ? ', …' : ''}`
  return unavailable('unrecognised', source, `no network agent that is known by name was seen, but ${seen}`)
}

/** The embedded controller of K3s, as its servers were started. */
function embedded(nodes: readonly Json[]): {
  readonly on: readonly string[]
  readonly off: readonly string[]
} {
  const are = (word: string): readonly string[] =>
    nodes.flatMap((node) => (textAt(node, 'policyController') === word ? (textAt(node, 'name') ?? []) : []))
  return { on: are('on'), off: [...are('off'), ...are('unreadable')] }
}

function derive({ view }: NodeContext): Fact {
  const nodeList = listedAlways(view, resources.nodes)
  const setList = listedAlways(view, resources.sets)
  const source = sourceOfAll([nodeList, setList])
  const gaps: Gap[] = [...nodeList.gaps, ...setList.gaps]
  const nodes = nodesOf(nodeList.objects)
  const controller = embedded(nodeList.objects)
  const seen = setList.objects.flatMap((set) => {
    const agent = networkAgent(set)
    return agent === undefined ? [] : [{ set, agent }]
  })
  const enforcers = seen.filter(({ agent }) => agent.enforces)
  const found = enforcers.map((one) => ({ one, covered: coverage(one, nodes, source) }))
  const isEmbedded = controller.on.length > 0 && controller.off.length === 0
  const isCovered =
    nodeList.gaps.length === 0 && (isEmbedded || found.some(({ covered }) => covered === undefined))
  const offending: Remark[] = []
  if (!isCovered && gaps.length === 0) {
    for (const { one, covered } of found) {
      if (typeof covered === 'string') offending.push({ on: nameOfSet(one.set), because: covered })
      else if (covered !== undefined) gaps.push(covered)
    }
    const off = controller.off.map((name) => ({
      on: { kind: 'Node', name },
      because: 'the network policy controller of K3s is switched off there',
    }))
    const plain = seen.map(({ set, agent }) => ({
      on: nameOfSet(set),
      because: `${agent.what} connects pods and enforces no policies as it is set up`,
    }))
    if (enforcers.length === 0) offending.push(...off, ...plain)
    if (enforcers.length === 0 && offending.length === 0) gaps.push(unknownGap(setList.objects, source))
  }
  return inspectionFact({
    lookedAt: nodes.linux + nodes.windows.length,
    offending,
    noted: notesOf({ enforcers, isEmbedded, windows: nodes.windows }),
    exempted: [],
    gaps: isCovered && offending.length === 0 ? [] : gaps,
    source,
  })
}

interface Found {
  readonly enforcers: readonly Seen[]
  readonly isEmbedded: boolean
  readonly windows: readonly string[]
}

function notesOf({ enforcers, isEmbedded, windows }: Found): readonly Remark[] {
  return [
    ...enforcers.map(({ set, agent: { what, caution } }) => ({
      on: nameOfSet(set),
      because: `${what} enforces policies${caution === undefined ? '' : `; ${caution}`}`,
    })),
    ...(isEmbedded
      ? [
          {
            on: { kind: 'Component', name: 'K3s server' },
            because: 'its network policy controller is on',
          },
        ]
      : []),
    ...windows.map((name) => ({
      on: { kind: 'Node', name },
      because: 'a Windows node: enforcement there was not looked at',
    })),
  ]
}

/** Which component enforces NetworkPolicies, and where. */
export const networkEnforcement: FactKind = {
  kind: 'network-enforcement',
  about: 'cluster',
  title: 'The network component that enforces NetworkPolicies, and the nodes it is ready on',
  parameters: {},
  fields: () => inspectionFields,
  probes: () => Object.values(resources).map((resource) => ({ kind: 'list', resource }) as const),
  derive: (_request, node) => derive(node),
}
