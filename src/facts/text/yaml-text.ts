import { type Document, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Tags } from 'yaml'
import { type KeyPath, type Parsed, parsed, type TextDocument, unparsable } from './document.ts'
import { remember } from './remember.ts'

/**
 * Kubernetes reads YAML 1.1 (0600 is octal, `yes` is true) without its base-60 numbers
 * and dates (sigs.k8s.io/yaml, goyaml.v2 resolve.go).
 */
function kubernetesTags(tags: Tags): Tags {
  return tags.filter(
    (tag) =>
      typeof tag === 'string' ||
      (tag.tag !== 'tag:yaml.org,2002:timestamp' && !('format' in tag && tag.format === 'TIME')),
  )
}

function lineFinder(document: Document.Parsed, lines: LineCounter): (path: KeyPath) => number | undefined {
  return (path) => {
    let node: unknown = document.contents
    let [offset] = document.range
    for (const step of path) {
      const next = stepInto(node, step)
      if (next === undefined) break
      node = next.node
      offset = next.offset ?? offset
    }
    return lines.linePos(offset).line
  }
}

function stepInto(
  node: unknown,
  step: string | number,
): { node: unknown; offset: number | undefined } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item: unknown = node.items[step]
    return item === undefined ? undefined : { node: item, offset: rangeStart(item) }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
  return pair === undefined ? undefined : { node: pair.value, offset: rangeStart(pair.key) }
}

function rangeStart(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined
}

/** Every document of a YAML (or JSON) text. Duplicate keys and alias bombs are unparsable. */
export const readYamlDocuments: (text: string) => Parsed<readonly TextDocument[]> = remember(parseDocuments)

function parseDocuments(text: string): Parsed<readonly TextDocument[]> {
  const lines = new LineCounter()
  const found = parseAllDocuments(text, {
    version: '1.1',
    customTags: kubernetesTags,
    uniqueKeys: true,
    logLevel: 'silent',
    prettyErrors: false,
    lineCounter: lines,
  })
  const documents: TextDocument[] = []
  for (const document of found) {
    const fault = document.errors[0]
    if (fault !== undefined) return unparsable(fault.message, lines.linePos(fault.pos[0]).line)
    try {
      documents.push({ value: document.toJS({ maxAliasCount: 100 }), lineOf: lineFinder(document, lines) })
    } catch (error) {
      return unparsable(String(error).replace(/^\w*Error: /, ''))
    }
  }
  return parsed(documents)
}

/** The first document of a YAML text, which is all the Kubernetes components read of their configuration. */
export function readYaml(text: string): Parsed<TextDocument> {
  const all = readYamlDocuments(text)
  if (all.kind === 'unparsable') return all
  return parsed(all.value[0] ?? { value: null, lineOf: () => undefined })
}
