import type { PodShape } from './shape.ts'
import type { Workload } from './workloads.ts'

// A pod may have any number of containers; a sentence has not.
const most = 5

/** What `says` tells of a workload’s template and pods, each thing once; undefined where it tells nothing. */
export function saidOf({ shapes }: Workload, says: (pod: PodShape) => readonly string[]): string | undefined {
  const said = [...new Set(shapes.flatMap(says))]
  if (said.length === 0) return undefined
  const more = said.length > most ? ` and ${said.length - most} more` : ''
  return `${said.slice(0, most).join('; ')}${more}`
}
