import type { Evidence, Fact, Source } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { probesFor } from './files/probes-for.ts'
import { managedPeerPorts } from './instances.ts'
import { settingFact } from './node/component-facts.ts'
import { type Listener, listeners, listeningProbe } from './node/listening.ts'
import { componentState } from './settings/of-node.ts'

/** Ports Kubernetes needs for itself (kubernetes.io: Ports and Protocols), and the setting that moves each. */
const required = [
  { component: 'kube-apiserver', setting: 'secure-port', port: 6443 },
  { component: 'kube-controller-manager', setting: 'secure-port', port: 10257 },
  { component: 'kube-scheduler', setting: 'secure-port', port: 10259 },
  { component: 'kubelet', setting: 'port', port: 10250 },
  { component: 'etcd', setting: null, port: 2379 },
  { component: 'etcd', setting: null, port: 2380 },
] as const

/** Ports that answer without asking who calls; nobody but the node itself needs them. */
const unguarded = new Map([
  [10248, 'kubelet health'],
  [10249, 'kube-proxy metrics'],
  [10251, 'kube-scheduler without TLS'],
  [10252, 'kube-controller-manager without TLS'],
  [10255, 'kubelet without authentication'],
  [2381, 'etcd metrics'],
])

const components = [...new Set(required.map(({ component }) => component))]

type Required = (typeof required)[number]

function portOf(node: NodeContext, { component, setting, port }: Required): number {
  const given = setting === null ? undefined : settingFact(node, component, setting)
  return given?.kind === 'observed' && typeof given.fact === 'number' && given.fact > 0 ? given.fact : port
}

/**
 * Who holds a port is not asked: that would take a look at every process. A component that runs holds its own; where
 * it does not, nobody else may have it. On a node with some components only, the ports of others are not its concern.
 */
function takenPort(
  node: NodeContext,
  one: Required,
  { open, isBare }: { readonly open: Evidence<readonly Listener[]>; readonly isBare: boolean },
): readonly Fact[] {
  const state = componentState(node, one.component)
  if (state.kind === 'unavailable') return [state]
  if (state.kind === 'absent' && !isBare) return []
  const running = state.kind === 'observed' ? state.fact.running : observed(false, state.source)
  if (running.kind === 'observed' && running.fact) return []
  if (open.kind !== 'observed') return [open]
  const port = portOf(node, one)
  if (!open.fact.some((listener) => listener.port === port)) return []
  const text = `port ${port} of ${one.component}`
  return [running.kind === 'observed' ? observed(text, joinSources(open.source, state.source)) : running]
}

function unguardedPorts(view: NodeView, open: Evidence<readonly Listener[]>): Fact {
  return mapEvidence(open, (listening, source): Fact => {
    const peers = managedPeerPorts(view)
    const found = listening
      .filter(({ port, isLoopback }) => !isLoopback && unguarded.has(port) && !peers.includes(port))
      .map(({ port, address }) => {
        const host = address.includes(':') ? `[${address}]` : address
        return `${host}:${port} (${unguarded.get(port)})`
      })
    return listed([...new Set(found)].sort(), source)
  })
}

function listed(values: readonly string[], source: Source): Fact {
  return values.length === 0
    ? absent(source, 'none of them')
    : observed(
        values.map((value) => observed(value, source)),
        source,
      )
}

/** Ports on the node: whether those Kubernetes needs are to be had, and which should not be open to others. */
export const ports: FactKind = {
  kind: 'ports',
  title: 'Ports Kubernetes needs that another program holds, and unguarded ports open to other machines',
  parameters: {},
  fields: () => ['taken', 'unguarded'],
  probes: (_, knowledge) => [listeningProbe, ...probesFor(knowledge, components)],
  derive: (_, node) => {
    const open = listeners(node.view)
    const isBare = components.every((id) => componentState(node, id).kind === 'absent')
    const taken = required.flatMap((one) => takenPort(node, one, { open, isBare }))
    const source = joinSources(open.source, ...taken.map((one) => one.source))
    const free = absent(source, 'they are free, or held by what they are for')
    const record = {
      taken: taken.length === 0 ? free : observed(taken, source),
      unguarded: unguardedPorts(node.view, open),
    }
    return observed(record, source)
  },
}
