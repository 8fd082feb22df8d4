import { controlPlaneTraps } from './catalogue-control-plane.ts'
import { nodeTraps } from './catalogue-node.ts'
import type { Trap } from './trap.ts'

/** Every known trap, and the tests that show what we do instead. */
export const traps: readonly Trap[] = [...controlPlaneTraps, ...nodeTraps]
