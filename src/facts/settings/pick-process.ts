import type { ComponentSpec } from '../../model/component.ts'
import { absent, type Evidence, observed, type Source, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { ownWords, runsComponent } from './command-line.ts'
import type { ComponentPod } from './configured.ts'
import { type ObservedProcess, placeOf } from './process-place.ts'

/** From this rank on a process is the node's own beyond doubt. */
const nodesOwn = 4

/** How much a process deserves to be taken for the node's own component; 0: it only calls itself so. */
function rank(process: ObservedProcess, spec: ComponentSpec, pods: readonly ComponentPod[]): number {
  const place = placeOf(process)
  switch (place.kind) {
    case 'service':
      return spec.units.includes(place.unit) ? 5 : 4
    case 'pod':
      return pods.length > 0 ? 5 : 3
    case 'container':
      return 2
    case 'other':
      return 1
    case 'user':
      return process.uid === 0 ? 1 : 0
    default:
      return place satisfies never
  }
}

/** True when the manifest gives the component these very arguments, whatever wraps it there. */
export function hasArgumentsOf(process: ObservedProcess, spec: ComponentSpec, pod: ComponentPod): boolean {
  const own = ownWords(
    process.argv.map((text) => ({ text })),
    spec,
  )
  const said = ownWords(pod.container.words, spec)
  return said.map(({ text }) => text).join('\n') === own.map(({ text }) => text).join('\n')
}

/** Everything that configures a process from outside its files: two that agree in it are the same to khard. */
function startOf(process: ObservedProcess, spec: ComponentSpec): string {
  const variables = spec.readsEnvironment ? Object.entries(process.env ?? {}).sort() : []
  return JSON.stringify([process.argv, variables])
}

/** One that may be the component and whose arguments could not be read: then nobody knows what runs. */
function unreadProcess(
  view: NodeView,
  spec: ComponentSpec,
  pids: readonly number[],
): Evidence<never> | undefined {
  for (const process of view.all('process')) {
    if (process.state !== 'unavailable' || (process.name ?? spec.id) !== spec.id) continue
    const detail = `${process.detail ?? 'its arguments could not be read'} (pid ${process.pid})`
    return unavailable(process.reason, { items: [process.id], at: [] }, detail)
  }
  const told = new Set(view.all('process').map(({ pid }) => pid))
  const lost = pids.find((pid) => !told.has(pid))
  return lost === undefined
    ? undefined
    : unavailable('not-collected', { items: [view.processes().id], at: [] }, `process ${lost}`)
}

/**
 * The process that is the component. Several of one name: the node's own unit or static pod wins over
 * processes of other pods and of people's sessions; what is left undecided is ambiguous.
 */
export function pickProcess(
  view: NodeView,
  spec: ComponentSpec,
  pods: readonly ComponentPod[],
): Evidence<ObservedProcess> {
  const table = view.processes()
  const tableSource: Source = { items: [table.id], at: [] }
  if (table.state !== 'observed')
    return table.state === 'absent'
      ? absent(tableSource)
      : unavailable(table.reason, tableSource, table.detail)
  const named = view.processesNamed(spec.id).filter((process) =>
    runsComponent(
      process.argv.map((text) => ({ text })),
      spec,
    ),
  )
  const best = Math.max(0, ...named.map((process) => rank(process, spec, pods)))
  const strongest = best === 0 ? [] : named.filter((process) => rank(process, spec, pods) === best)
  const matching = strongest.filter((process) => pods.some((pod) => hasArgumentsOf(process, spec, pod)))
  const left = strongest.length > 1 && matching.length > 0 ? matching : strongest
  const [first] = left
  const unread = best < nodesOwn ? unreadProcess(view, spec, table.pids) : undefined
  if (unread !== undefined) return unread
  if (first === undefined) return absent(tableSource)
  const source: Source = { items: left.map((process) => process.id), at: [] }
  const isOne = left.every((process) => startOf(process, spec) === startOf(first, spec))
  if (isOne) return observed(first, { items: [first.id], at: [] })
  const pids = left.map((process) => process.pid).join(', ')
  return unavailable('ambiguous', source, `more than one process may be the node's ${spec.id}: pids ${pids}`)
}
