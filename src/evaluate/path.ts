import type { Fact } from '../model/evidence.ts'
import { isFactRecord, unavailable } from '../model/evidence.ts'

/** Where a walk ended: at the end of the path (`next` is its length), or at a list or scalar in its middle. */
export interface Reached {
  readonly node: Fact
  readonly next: number
}

/**
 * Follows a path until it ends or meets something that is not there, not known, a list or a scalar. A field the
 * record does not have was never asked for: that is no evidence, never absence.
 */
export function walk(root: Fact, segments: readonly string[], from: number): Reached {
  let node = root
  let next = from
  for (;;) {
    const name = segments[next]
    if (name === undefined || node.kind !== 'observed') return { node, next: segments.length }
    if (!isFactRecord(node.fact)) return { node, next }
    const field = Object.hasOwn(node.fact, name) ? node.fact[name] : undefined
    node = field ?? unavailable('not-collected', node.source, `there is no field "${name}"`)
    next += 1
  }
}
