import type { Evidence, Source } from '../../model/evidence.ts'
import { joinSources, unavailable } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { gapOf, sourceOf } from '../files/raw-source.ts'
import { textAt } from './json.ts'

/** Something that could not be looked at. */
export type Gap = Extract<Evidence<never>, { kind: 'unavailable' }>

/** The objects of one or several lists, and what of them could not be seen. */
export interface Listed {
  readonly objects: readonly Json[]
  readonly gaps: readonly Gap[]
  readonly source: Source
  /** False where the server does not know the resource. */
  readonly isServed: boolean
}

/** What an object is called in messages: `team-a/web`. */
export function placeText(object: unknown): string {
  const namespace = textAt(object, 'namespace')
  return `${namespace === undefined ? '' : `${namespace}/`}${textAt(object, 'name') ?? ''}`
}

function isGroupServed(view: NodeView, resource: string): boolean {
  const [group = '', , name] = resource.split('/')
  const groups = view.answer('GET /apis')
  // The core group has no name, and every server serves it.
  return (
    name === undefined ||
    groups.state !== 'observed' ||
    !Array.isArray(groups.body) ||
    groups.body.includes(group)
  )
}

/** One list of the API. An object that is broken is a gap, never an object without the field. */
export function listed(view: NodeView, resource: string): Listed {
  const list = view.list(resource)
  const source = sourceOf(list)
  // Whoever lacks the right to list what nobody installed misses nothing.
  const isMissing = list.state === 'absent' || (list.state !== 'observed' && !isGroupServed(view, resource))
  if (isMissing) return { objects: [], gaps: [], source, isServed: false }
  if (list.state !== 'observed')
    return { objects: [], gaps: [gapOf(list, `${resource} could not be listed`)], source, isServed: true }
  const isBroken = (object: Json): boolean => textAt(object, 'broken') !== undefined
  const gaps = list.objects
    .filter(isBroken)
    .map((object) =>
      unavailable(
        'unparsable',
        source,
        `${resource.replace(/#.*$/, '')} ${placeText(object)}: ${textAt(object, 'broken') ?? ''}`,
      ),
    )
  return { objects: list.objects.filter((object) => !isBroken(object)), gaps, source, isServed: true }
}

/** What several lists rest on together. */
export function sourceOfAll(lists: readonly Listed[]): Source {
  return joinSources(...lists.map(({ source }) => source))
}

/** A list the API server of any cluster serves: not being there is a gap too. */
export function listedAlways(view: NodeView, resource: string): Listed {
  const found = listed(view, resource)
  if (found.isServed) return found
  const detail = `the API server does not serve ${resource.replace(/#.*$/, '')}`
  return { ...found, gaps: [unavailable('not-collected', found.source, detail)] }
}
