import type { NodeView } from '../../model/node-evidence.ts'
import type { ObservedProcess } from '../settings/process-place.ts'

/** The node as it looks when of the processes of one name only these are taken for its own. */
export function withOnly(view: NodeView, name: string, processes: readonly ObservedProcess[]): NodeView {
  return { ...view, processesNamed: (asked) => (asked === name ? processes : view.processesNamed(asked)) }
}
