import { compact, nameAt, textAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

/** PersistentVolumes: those that are a directory of a node, and the claim that has them. */
export const cutVolume: Cut = (volume) => {
  const path = textAt(volume, 'spec', 'hostPath', 'path') ?? textAt(volume, 'spec', 'local', 'path')
  if (path === undefined) return undefined
  const claim = nameAt(volume, 'spec', 'claimRef', 'name')
  return {
    ...place(volume),
    ...compact({
      path,
      claim: claim === '' ? undefined : claim,
      claimedIn: textAt(volume, 'spec', 'claimRef', 'namespace'),
    }),
  }
}
