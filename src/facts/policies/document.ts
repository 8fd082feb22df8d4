import type { Evidence, Source } from '../../model/evidence.ts'
import { observed, unavailable } from '../../model/evidence.ts'
import { isRecord } from '../text/document.ts'
import { readYaml } from '../text/yaml-text.ts'

/** A mapping read from YAML or JSON. */
export type Mapping = Readonly<Record<string, unknown>>

/** The value as a list of strings: nothing given is empty; anything else than a list of strings is undefined. */
export function stringList(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return undefined
  return value.every((one) => typeof one === 'string') ? value : undefined
}

/** The value as a list of mappings: nothing given is empty; anything else is undefined. */
export function mappingList(value: unknown): readonly Mapping[] | undefined {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return undefined
  return value.every(isRecord) ? value : undefined
}

/** What a document has to be; several API versions may be served. */
export interface DocumentForm {
  readonly kind: string
  readonly apiVersions: readonly string[]
}

/** The value of a YAML or JSON text: its first document, which is all that Kubernetes reads. */
export function yamlValue(text: Evidence<string>): Evidence<unknown> {
  if (text.kind !== 'observed') return text
  const document = readYaml(text.fact)
  if (document.kind === 'parsed') return observed(document.value.value, text.source)
  return unavailable('unparsable', text.source, `${placeOf(text.source)}: ${document.detail}`)
}

function placeOf(source: Source): string {
  return source.at.findLast((place) => place.kind === 'file')?.at ?? 'the file'
}

/**
 * A document that must be one mapping (of one kind). The API server refuses to start on anything else, so
 * whatever does not fit is unavailable and never an empty answer.
 */
export function readDocument(document: Evidence<unknown>, form?: DocumentForm): Evidence<Mapping> {
  if (document.kind !== 'observed') return document
  const { source, fact: value } = document
  const refuse = (detail: string): Evidence<Mapping> =>
    unavailable('unparsable', source, `${placeOf(source)}: ${detail}`)
  if (!isRecord(value)) return refuse('this is not a mapping')
  if (form === undefined) return observed(value, source)
  if (value['kind'] !== form.kind) return refuse(`its kind is not ${form.kind}`)
  const version = value['apiVersion']
  if (typeof version !== 'string' || !form.apiVersions.includes(version)) {
    return refuse(`its apiVersion is none of ${form.apiVersions.join(', ')}`)
  }
  return observed(value, source)
}
