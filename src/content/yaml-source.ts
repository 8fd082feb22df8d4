import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml'
import type { Fault } from './faults.ts'

/** Steps from the root of a document to one of its values. */
export type YamlPath = readonly (string | number)[]

/** What a fault points at. */
export interface Place {
  readonly path: YamlPath
  /** The key itself instead of its value. */
  readonly key?: boolean
}

/** One parsed YAML file that still knows where everything stands. */
export interface YamlSource {
  readonly file: string
  readonly value: unknown
  /** Text of a scalar as it was written. */
  written(path: YamlPath): string | undefined
  fault(place: Place, message: string, next: string): Fault
}

const largestFile = 1024 * 1024

type Parsed = Document.Parsed<ParsedNode, true>

interface Cursor {
  readonly file: string
  readonly document: Parsed
  readonly lines: LineCounter
}

/** Reads one YAML file; everything wrong with its form is collected in `faults`, and then there is no source. */
export function readYaml(bytes: Uint8Array, file: string, faults: Fault[]): YamlSource | null {
  const complaint = faultOfBytes(bytes)
  if (complaint !== null) {
    faults.push({ file, line: 1, column: 1, ...complaint })
    return null
  }
  const cursor = parse(new TextDecoder('utf-8').decode(bytes), file, faults)
  if (cursor === null) return null
  const found = formFaults(cursor)
  faults.push(...found)
  return found.length > 0 ? null : sourceOf(cursor)
}

function faultOfBytes(bytes: Uint8Array): { readonly message: string; readonly next: string } | null {
  if (bytes.length > largestFile)
    return { message: `the file is larger than 1 MiB (${bytes.length} bytes)`, next: 'Split it.' }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (text.trim() === '') return { message: 'the file is empty', next: 'Fill it or delete it.' }
    return null
  } catch (fault) {
    if (!(fault instanceof TypeError)) throw fault
    return { message: 'the file is not UTF-8 text', next: 'Save it as UTF-8.' }
  }
}

function parse(text: string, file: string, faults: Fault[]): Cursor | null {
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: true,
    })
    return 'errors' in document ? { file, document, lines } : null
  } catch (fault) {
    // The parser recurses; a few thousand brackets in a row exhaust its stack.
    if (!(fault instanceof RangeError)) throw fault
    faults.push(tooDeep(file))
    return null
  }
}

const advice: { readonly [code: string]: string } = {
  DUPLICATE_KEY: 'Keep one of the two.',
  TAB_AS_INDENT: 'Indent with spaces.',
  MULTIPLE_DOCS: 'Put each document in a file of its own.',
}

function formFaults(cursor: Cursor): readonly Fault[] {
  const { document, file } = cursor
  const found = [...document.errors, ...document.warnings]
  if (found.some(({ message }) => message.includes('call stack'))) return [tooDeep(file)]
  const parserFaults = found.map((error) => ({
    file,
    ...position(cursor, error.pos[0]),
    message:
      error.code === 'DUPLICATE_KEY'
        ? `duplicate key "${wordAt(document, error.pos)}"`
        : error.message.replace(/\.?\s*$/, ''),
    next: advice[error.code] ?? 'Correct the YAML there.',
  }))
  // One slip makes the parser stumble several times; the first complaint of a line names it.
  const first = parserFaults.filter(
    ({ line }, index) => parserFaults.findIndex((fault) => fault.line === line) === index,
  )
  return first.length > 0 ? first : retypedFaults(cursor)
}

function tooDeep(file: string): Fault {
  return { file, line: 1, column: 1, message: 'the file is nested too deeply', next: 'Flatten it.' }
}

function wordAt(document: Parsed, [start]: readonly [number, number]): string {
  let word = ''
  visit(document, {
    Scalar(_, node) {
      if (node.range?.[0] === start) word = String(node.source ?? node.value)
    },
  })
  return word
}

/** Scalars that other readers, or the next editor, take for something else; anchors and tags. */
function retypedFaults(cursor: Cursor): readonly Fault[] {
  const faults: Fault[] = []
  const add = (offset: number, message: string, next: string): void => {
    faults.push({ file: cursor.file, ...position(cursor, offset), message, next })
  }
  visit(cursor.document, (_, node) => {
    if (!isNode(node)) return
    const offset = node.range?.[0] ?? 0
    if (isAlias(node))
      return add(offset, `alias *${node.source}`, 'Write the value out; anchors and aliases are not read.')
    if (node.anchor !== undefined)
      add(offset, `anchor &${node.anchor}`, 'Remove it; anchors and aliases are not read.')
    if (node.tag !== undefined) add(offset, `tag ${node.tag}`, 'Remove it; tags are not read.')
    const complaint = isScalar(node) && node.type === 'PLAIN' ? retyped(node) : null
    if (complaint !== null && isScalar(node))
      add(offset, complaint, `Write it in quotes, "${node.source}", or as the plain value that is meant.`)
  })
  return faults
}

const dateLike = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$/
const sexagesimal = /^[-+]?[0-9]+(:[0-5]?[0-9])+$/
const oldBoolean = /^(?:y|yes|n|no|on|off)$/i

/** Why an unquoted scalar is not what it looks like; null when it is. */
function retyped(node: Scalar): string | null {
  const source = node.source ?? ''
  const { value } = node
  if (typeof value === 'number' && String(value) !== source)
    return `unquoted ${source} is read as the number ${value}`
  if (typeof value === 'boolean' && String(value) !== source) return `unquoted ${source} is read as ${value}`
  if (value === null && source !== '' && source !== 'null') return `unquoted ${source} is read as null`
  if (typeof value !== 'string') return null
  if (dateLike.test(source)) return `unquoted date ${source} is not text to every YAML reader`
  if (sexagesimal.test(source)) return `unquoted ${source} is a number in base 60 to some YAML readers`
  return oldBoolean.test(source) ? `unquoted ${source} is a boolean to some YAML readers` : null
}

function sourceOf(cursor: Cursor): YamlSource {
  return {
    file: cursor.file,
    value: cursor.document.toJS(),
    written: (path) => {
      const node = nodeAt(cursor.document, path)
      return isScalar(node) ? (node.source ?? String(node.value)) : undefined
    },
    fault: (place, message, next) => ({ file: cursor.file, ...locate(cursor, place), message, next }),
  }
}

function nodeAt(document: Parsed, path: YamlPath): unknown {
  let node: unknown = document.contents
  for (const step of path) node = isCollection(node) ? node.get(step, true) : undefined
  return node
}

function locate(cursor: Cursor, place: Place): { readonly line: number; readonly column: number } {
  // A value that is not written (a missing key) is placed at what should hold it.
  for (let depth = place.path.length; depth > 0; depth -= 1) {
    const path = place.path.slice(0, depth)
    const node =
      depth === place.path.length && place.key === true
        ? keyNode(cursor.document, path)
        : nodeAt(cursor.document, path)
    const offset = isNode(node) ? node.range?.[0] : undefined
    if (offset !== undefined) return position(cursor, offset)
  }
  return position(cursor, cursor.document.contents?.range[0] ?? 0)
}

function keyNode(document: Parsed, path: YamlPath): unknown {
  const parent = nodeAt(document, path.slice(0, -1))
  const name = path.at(-1)
  if (isSeq(parent)) return parent.get(name, true)
  if (!isMap(parent)) return undefined
  return parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(name))?.key
}

function position(cursor: Cursor, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = cursor.lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}
