import { type Evidence, joinSources, observed, type Provenance, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { describeFault, type KeyPath, type TextDocument } from '../text/document.ts'
import { readYamlDocuments } from '../text/yaml-text.ts'
import { componentState, settingText } from './of-node.ts'
import { contentFor } from './paths.ts'

/** A YAML or JSON file a setting names: audit policy, encryption, authentication, authorization, admission. */
export interface ReferencedDocument {
  /** The first document, which is the one the components read. */
  readonly document: unknown
  /** Every document of the file. */
  readonly documents: readonly TextDocument[]
  /** The host's path. */
  readonly path: string
  /** 1-based line of a value of the first document. */
  lineOf(path: KeyPath): number | undefined
}

/** Absent when the setting is not given. A file that is named and missing or unreadable is unavailable. */
export function referencedDocument(
  node: NodeContext,
  component: string,
  setting: string,
): Evidence<ReferencedDocument> {
  return node.memo(`referenced-document ${component} ${setting}`, () => {
    const path = settingText(node, component, setting)
    if (path.kind !== 'observed') return path
    return documentAt(node, component, path.fact, path.source.at)
  })
}

/** The same for a path found elsewhere, e.g. in an AdmissionConfiguration; `from` says where it was named. */
export function documentAt(
  node: NodeContext,
  component: string,
  ...[path, from = []]: readonly [path: string, from?: readonly Provenance[]]
): Evidence<ReferencedDocument> {
  const state = componentState(node, component)
  if (state.kind !== 'observed') return state
  const content = contentFor(node.view, state.fact, path)
  const source = joinSources(
    { items: [content.id], at: [] },
    { items: [], at: [...from, { kind: 'file', at: content.path }] },
  )
  switch (content.state) {
    case 'absent':
      return unavailable('ambiguous', source, `${content.path} is in use and does not exist`)
    case 'unavailable':
      return unavailable(content.reason, source, content.detail ?? `${content.path} could not be read`)
    case 'observed': {
      const documents = readYamlDocuments(content.text)
      if (documents.kind === 'unparsable')
        return unavailable('unparsable', source, describeFault(content.path, documents))
      const [first] = documents.value
      if (first === undefined) return unavailable('unparsable', source, `${content.path} is empty`)
      const lineOf = (at: KeyPath) => first.lineOf(at)
      return observed(
        { document: first.value, documents: documents.value, path: content.path, lineOf },
        source,
      )
    }
    default:
      return content satisfies never
  }
}
