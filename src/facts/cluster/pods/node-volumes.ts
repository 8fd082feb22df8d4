import type { NodeContext } from '../../fact-kind.ts'
import type { Remark } from '../inspection.ts'
import { nameAt } from '../json.ts'
import { listed } from '../listed.ts'

/** The list of PersistentVolumes. */
export const volumes = 'v1/persistentvolumes'

/**
 * Directories of nodes that reach pods as PersistentVolumes, in the namespaces that are looked at: whoever made the
 * volume let them in, so it is only told. Where volumes may not be listed nothing is told, and nothing depends on it.
 */
export function nodeVolumes(node: NodeContext, looked: ReadonlySet<string>): readonly Remark[] {
  return listed(node.view, volumes)
    .objects.filter((one) => looked.has(nameAt(one, 'claimedIn')))
    .map((one) => ({
      on: { kind: 'PersistentVolume', name: nameAt(one, 'name') },
      because: `it is ${nameAt(one, 'path')} of a node, for claim ${nameAt(one, 'claimedIn')}/${nameAt(one, 'claim')}`,
    }))
}
