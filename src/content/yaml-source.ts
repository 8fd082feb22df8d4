import { isUtf8 } from 'node:buffer'
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
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

type Located = Pick<Cursor, 'document' | 'lines'>

/** 1-based. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Reads one YAML file; everything wrong with its form is collected in `faults`, and then there is no source. */
export function readYamlSource(bytes: Uint8Array, file: string, faults: Fault[]): YamlSource | null {
  const complaint = faultOfBytes(bytes)
  if (complaint !== null) {
    faults.push({ file, line: 1, column: 1, ...complaint })
    return null
  }
  const cursor = parse(new TextDecoder('utf-8').decode(bytes), file)
  const found = formFaults(cursor)
  faults.push(...found)
  return found.length > 0 ? null : sourceOf(cursor)
}

function faultOfBytes(bytes: Uint8Array): { readonly message: string; readonly next: string } | null {
  if (bytes.length > largestFile)
    return { message: `the file is larger than 1 MiB (${bytes.length} bytes)`, next: 'Split it.' }
  if (!isUtf8(bytes)) return { message: 'the file is not UTF-8 text', next: 'Save it as UTF-8.' }
  const isEmpty = new TextDecoder('utf-8').decode(bytes).trim() === ''
  return isEmpty ? { message: 'the file is empty', next: 'Fill it or delete it.' } : null
}

function parse(text: string, file: string): Cursor {
  const lines = new LineCounter()
  const document = parseDocument<ParsedNode>(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  })
  return { file, document, lines }
}

const advice: { readonly [code: string]: string } = {
  DUPLICATE_KEY: 'Keep one of the two.',
  TAB_AS_INDENT: 'Indent with spaces.',
  MULTIPLE_DOCS: 'Put each document in a file of its own.',
}

/** What the parser says in words for programmers. */
const plainly: { readonly [code: string]: string } = {
  MULTIPLE_DOCS: 'a second document begins here',
}

function formFaults(cursor: Cursor): readonly Fault[] {
  const { document, file } = cursor
  const found = [...document.errors, ...document.warnings]
  // The parser recurses; a thousand brackets in a row exhaust its stack.
  if (found.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return [tooDeep(file)]
  const parserFaults = found.map((error) => ({
    file,
    ...position(cursor.lines, error.pos[0]),
    message:
      error.code === 'DUPLICATE_KEY'
        ? `duplicate key "${wordAt(document, error.pos)}"`
        : (plainly[error.code] ?? error.message.replace(/\.?\s*$/, '')),
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
      if (node.range?.[0] === start) word = String(node.source)
    },
  })
  return word
}

// Content nests about ten deep; what goes through a document recurses, and its stack must not decide.
const deepest = 200

/** Scalars that other readers, or the next editor, take for something else; anchors, tags and odd keys. */
function retypedFaults(cursor: Cursor): readonly Fault[] {
  const faults: Fault[] = []
  let isTooDeep = false
  visit(cursor.document, (key, node, ancestors) => {
    isTooDeep = ancestors.length > deepest
    if (isTooDeep) return visit.BREAK
    if (!isNode(node)) return undefined
    const add = (message: string, next: string): void => {
      faults.push({ file: cursor.file, ...position(cursor.lines, offsetOf(node)), message, next })
    }
    if (isAlias(node)) add(`alias *${node.source}`, 'Write the value out; anchors and aliases are not read.')
    else if (node.anchor !== undefined)
      add(`anchor &${node.anchor}`, 'Remove it; anchors and aliases are not read.')
    if (node.tag !== undefined) add(`tag ${node.tag}`, 'Remove it; tags are not read.')
    const complaint = isScalar(node) && node.type === 'PLAIN' ? retyped(node) : null
    if (complaint !== null)
      add(
        complaint.message,
        `Write it in quotes, "${complaint.source}", or as the plain value that is meant.`,
      )
    else if (key === 'key' && !isText(node))
      add('a key is not text', 'Write the key as text, in quotes if need be.')
    return undefined
  })
  return isTooDeep ? [tooDeep(cursor.file)] : faults
}

function isText(node: unknown): boolean {
  return isScalar(node) && typeof node.value === 'string'
}

const dateLike = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$/
const sexagesimal = /^[-+]?[0-9]+(:[0-5]?[0-9])+$/
const oldBoolean = /^(?:y|yes|n|no|on|off)$/i

/** Why an unquoted scalar is not what it looks like, with its text as written; null when it is. */
function retyped({
  value,
  source = '',
}: Scalar): { readonly source: string; readonly message: string } | null {
  const message = complaintOf(value, source)
  return message === null ? null : { source, message }
}

function complaintOf(value: unknown, source: string): string | null {
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
      const node = cursor.document.getIn(path, true)
      return isScalar(node) ? node.source : undefined
    },
    fault: (place, message, next) => ({ file: cursor.file, ...locate(cursor, place), message, next }),
  }
}

/** Where a place of a parsed document stands in its text. */
export function locate({ document, lines }: Located, { path, key }: Place): Position {
  const node = key === true ? keyNode(document, path) : document.getIn(path, true)
  // What stands behind an alias is placed at what names it.
  if (!isNode(node) && path.length > 0) return locate({ document, lines }, { path: path.slice(0, -1) })
  return position(lines, offsetOf(node))
}

/** The key at the end of a path; an item of a list has none, and stands for itself. */
function keyNode(document: Parsed, path: YamlPath): unknown {
  const parent = document.getIn(path.slice(0, -1), true)
  const name = path.at(-1)
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === name) : undefined
  return pair?.key ?? document.getIn(path, true)
}

/** Where a node begins; the top of the file for one that is not written. */
function offsetOf(node: unknown): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0
}

/** Line and column of an offset. */
export function position(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}
