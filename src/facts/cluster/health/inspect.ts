import type { Fact } from '../../../model/evidence.ts'
import type { Json } from '../../../model/finding.ts'
import type { NodeContext } from '../../fact-kind.ts'
import { inspectionFact, type ObjectName, type Remark } from '../inspection.ts'
import { textAt } from '../json.ts'
import { listedAlways } from '../listed.ts'

/** What is said of one object: what it does wrong, or what people should know. */
export interface Said {
  readonly offends?: string
  readonly notes?: string
}

/** An object as people name it. */
export function objectName(kind: string, object: unknown): ObjectName {
  const namespace = textAt(object, 'namespace')
  return { kind, name: textAt(object, 'name') ?? '', ...(namespace === undefined ? {} : { namespace }) }
}

/** Asks every object of one list the same question. */
export function inspectEach(
  { view }: NodeContext,
  { resource, kind }: { readonly resource: string; readonly kind: string },
  say: (object: Json) => Said,
): Fact {
  const { objects, gaps, source } = listedAlways(view, resource)
  const offending: Remark[] = []
  const noted: Remark[] = []
  for (const object of objects) {
    const { offends, notes } = say(object)
    const on = objectName(kind, object)
    if (offends !== undefined) offending.push({ on, because: offends })
    if (notes !== undefined) noted.push({ on, because: notes })
  }
  return inspectionFact({ lookedAt: objects.length, offending, noted, exempted: [], gaps, source })
}
