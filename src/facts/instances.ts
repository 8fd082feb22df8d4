import type { NodeView } from '../model/node-evidence.ts'
import type { NodeContext } from './fact-kind.ts'
import { withOnly } from './node/with-only.ts'
import type { ComponentPod } from './settings/configured.ts'
import { podsAmong } from './settings/configured.ts'
import { launchingPod, portsIn } from './settings/launched.ts'
import { staticPods } from './settings/of-node.ts'
import { type ObservedProcess, placeOf } from './settings/process-place.ts'

/** One of several processes that are the same component of a node, with the node as it looks beside it alone. */
export interface Instance {
  /** `etcd-manager-events`, for a person. */
  readonly name: string
  readonly view: NodeView
}

/** What etcd-manager starts: etcd of a release of its choosing (pkg/etcd/etcdprocess.go BindirForEtcdVersion). */
const managed = /^\/(?:opt|tmp)\/etcd-v\d[^/]*\/etcd$/

function isManaged(process: ObservedProcess): boolean {
  return placeOf(process).kind === 'pod' && managed.test(process.argv.slice(0, 1).join())
}

/** Ports at which etcds of etcd-manager talk to their peers: 2381 is one where kOps runs a second. */
export function managedPeerPorts(view: NodeView): readonly number[] {
  const seen = view.all('process').filter((process) => process.state === 'observed')
  const etcds = seen.filter((process) => process.name === 'etcd' && isManaged(process))
  return etcds.flatMap((process) => portsIn(process, 'ETCD_LISTEN_PEER_URLS'))
}

/**
 * Every etcd of a node that has more than one by design: kOps keeps events in an etcd of their own. Each must meet
 * what is asked of etcd. Empty where the node has one, or where it is not static pods of etcd-manager that start them.
 */
export function instancesOf(node: NodeContext): readonly Instance[] {
  const spec = node.components.get('etcd')
  const pods = spec === undefined ? [] : podsAmong(spec, staticPods(node))
  const launchers = pods.filter((pod) => pod.isLauncher)
  const running = node.view.processesNamed('etcd')
  const own = running.filter(isManaged)
  const isServed = running.some((process) => placeOf(process).kind === 'service')
  if (launchers.length === 0 || own.length === 0 || isServed) return []
  const matched = own.map((process) => ({ process, pod: launchingPod(process, launchers) }))
  const found = matched.map(({ process, pod }) => ({
    name: pod === undefined ? `etcd (pid ${process.pid})` : nameOf(pod),
    view: withOnly(node.view, 'etcd', [process]),
  }))
  // One that cannot be told from the others leaves open which manifest is not in use.
  const isClear = matched.every(({ pod }) => pod !== undefined)
  const idle = launchers.filter((launcher) => isClear && matched.every(({ pod }) => pod !== launcher))
  return [...found, ...idle.map((pod) => ({ name: nameOf(pod), view: withOnly(node.view, 'etcd', []) }))]
}

function nameOf({ pod }: ComponentPod): string {
  return pod.name === '' ? pod.path : pod.name
}
