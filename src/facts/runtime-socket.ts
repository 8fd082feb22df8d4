import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { NodeView, RawFile } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { fileRecord, fileRecordFields, ownerProbes, ownersOf } from './files/file-record.ts'
import { sourceOf } from './files/raw-source.ts'
import { ownSettingFact, settingProbes } from './node/component-facts.ts'
import { runtimeComponents, runtimeInUse } from './runtime/in-use.ts'
import { socketPath } from './runtime/socket-path.ts'

/** Sockets of the container runtimes there are; the kubelet can be told to use any of them. */
export const runtimeSockets = [
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/cri-dockerd.sock',
  '/run/cri-dockerd-mke.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/k0s/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
] as const

/** An image that has none says nothing of the node that starts from it. */
const noSockets = 'a container runtime opens its socket when it starts'

/** The stat of a socket, under the name the kubelet was given or the one the link leads to. */
function socketFile(view: NodeView, path: string): RawFile {
  const short = view.file(path)
  const long = view.file(path.replace(/^\/run\//, '/var/run/'))
  return short.state !== 'observed' && long.state === 'observed' ? long : short
}

function socketRecord(node: NodeContext, path: string): Fact {
  const record = fileRecord(socketFile(node.view, path), ownersOf(node))
  if (record.kind !== 'absent') return record
  if (node.view.evidence.offline) return unavailable('offline', record.source, noSockets)
  return unavailable('ambiguous', record.source, `the kubelet is told to use ${path}, which does not exist`)
}

function present(view: NodeView): Evidence<readonly string[]> {
  const files = runtimeSockets.map((path) => view.file(path))
  const source = joinSources(...files.map(sourceOf))
  const blind = files.find((file) => file.state === 'unavailable')
  if (view.evidence.offline) return unavailable('offline', source, noSockets)
  if (blind?.state === 'unavailable') return unavailable(blind.reason, source, blind.detail ?? blind.path)
  return observed(
    files.filter((file) => file.state === 'observed').map((file) => file.path),
    source,
  )
}

/** The socket the kubelet uses: what it was told, else the only one there is. */
function usedSocket(pinned: Fact, sockets: Evidence<readonly string[]>): Evidence<string> {
  if (pinned.kind === 'observed') return observed(socketPath(String(pinned.fact)), pinned.source)
  if (pinned.kind === 'unavailable') return pinned
  return mapEvidence(sockets, ([first, second], source) => {
    if (first === undefined) return absent(source, 'no container runtime listens here')
    return second === undefined
      ? observed(first, source)
      : unavailable('ambiguous', source, `${first} and ${second} are there and the kubelet names none`)
  })
}

/** The endpoint the kubelet was given; its built-in default pins nothing. */
function pinnedEndpoint(node: NodeContext): Fact {
  const endpoint = ownSettingFact(node, 'kubelet', 'container-runtime-endpoint')
  const isDefault =
    endpoint.source.at.length > 0 && endpoint.source.at.every(({ kind }) => kind === 'default')
  return endpoint.kind === 'observed' && isDefault ? absent(endpoint.source) : endpoint
}

/** No socket: there is no runtime, or it is set up and was stopped. */
function unlessSetUp(node: NodeContext, none: Evidence<never>): Evidence<never> {
  const runtime = runtimeInUse(node)
  if (runtime.kind !== 'observed') return runtime.kind === 'absent' ? none : runtime
  const source = joinSources(none.source, runtime.source)
  return unavailable('ambiguous', source, `${runtime.fact} is set up here and does not listen`)
}

function derive(node: NodeContext): Fact {
  const pinned = pinnedEndpoint(node)
  const sockets = present(node.view)
  const used = usedSocket(pinned, sockets)
  if (used.kind === 'absent') return unlessSetUp(node, used)
  const source = joinSources(used.source, sockets.source)
  const count = mapEvidence(sockets, (paths, at): Fact => observed(paths.length, at))
  const isPinned =
    pinned.kind === 'unavailable' ? pinned : observed(pinned.kind === 'observed', pinned.source)
  const record: Fact = mapEvidence(used, (path): Fact => socketRecord(node, path))
  const stat =
    record.kind === 'observed' && typeof record.fact === 'object' && 'path' in record.fact
      ? record.fact
      : Object.fromEntries(fileRecordFields.map((field) => [field, record]))
  return observed({ ...stat, path: used, count, pinned: isPinned }, source)
}

/** The socket through which the kubelet commands the container runtime: who opens it is root on the node. */
export const runtimeSocket: FactKind = {
  kind: 'runtime-socket',
  title: 'The container runtime socket the kubelet uses, and how many runtimes there are',
  parameters: {},
  fields: () => [...fileRecordFields, 'count', 'pinned'],
  probes: (_request, knowledge) => [
    ...runtimeSockets.map((path): Probe => ({ kind: 'path', path, holds: 'file' })),
    ...ownerProbes,
    ...['kubelet', ...runtimeComponents].flatMap((component) => settingProbes(component, knowledge)),
  ],
  derive: (_request, node) => derive(node),
}
