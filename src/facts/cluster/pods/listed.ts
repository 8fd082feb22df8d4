import type { Evidence, Source } from '../../../model/evidence.ts'
import { unavailable } from '../../../model/evidence.ts'
import type { Json } from '../../../model/finding.ts'
import type { NodeContext } from '../../fact-kind.ts'
import { gapOf, sourceOf } from '../../files/raw-source.ts'
import { nameAt, textAt } from '../json.ts'

/** Something that could not be looked at. */
export type Gap = Evidence<never> & { readonly kind: 'unavailable' }

/** The sound objects of one list, and what of it could not be looked at. */
export interface Listed {
  readonly objects: readonly Json[]
  readonly gaps: readonly Gap[]
  readonly source: Source
}

function isBroken(object: Json): boolean {
  return textAt(object, 'broken') !== undefined
}

function brokenGap(object: Json, resource: string, source: Source): Gap {
  const [namespace, name] = [textAt(object, 'namespace'), nameAt(object, 'name')]
  const place = namespace === undefined ? name : `${namespace}/${name}`
  return unavailable('unparsable', source, `${resource} ${place}: ${nameAt(object, 'broken')}`)
}

/** Reads one list. `isEssential`: every API server serves it, so that one that does not was not understood. */
export function listedIn(node: NodeContext, resource: string, isEssential = false): Listed {
  const item = node.view.list(resource)
  const source = sourceOf(item)
  if (item.state === 'unavailable')
    return { objects: [], gaps: [gapOf(item, `${resource} could not be listed`)], source }
  if (item.state === 'absent') {
    const gap = unavailable('server-failed', source, `it does not serve ${resource}`)
    return { objects: [], gaps: isEssential ? [gap] : [], source }
  }
  return {
    objects: item.objects.filter((one) => !isBroken(one)),
    gaps: item.objects.filter(isBroken).map((one) => brokenGap(one, resource, source)),
    source,
  }
}
