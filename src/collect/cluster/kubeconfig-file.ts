import { accessSync, constants, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isRecord, type KeyPath, lookUp, type TextDocument } from '../../facts/text/document.ts'
import { readYamlDocuments } from '../../facts/text/yaml-text.ts'
import { KhardError } from '../../model/errors.ts'

/** One named entry of a kubeconfig: a cluster, a user or a context. */
export interface Entry {
  readonly fields: { readonly [name: string]: unknown }
  /** `FILE:LINE` of a field, of the entry itself without one. */
  place(field?: string): string
}

/** What one kubeconfig, or several merged into one, say. The first that names something counts. */
export interface Kubeconfig {
  /** For messages. */
  readonly named: string
  readonly current?: string
  readonly contexts: ReadonlyMap<string, Entry>
  readonly clusters: ReadonlyMap<string, Entry>
  readonly users: ReadonlyMap<string, Entry>
}

const nameOne =
  'Name one with --kubeconfig FILE or KUBECONFIG, and --context NAME for another of its contexts.'

/** A fault of the kubeconfig. What stands in the file is never part of a message: it holds credentials. */
export function misuse(message: string, next: string = nameOne): KhardError {
  return new KhardError({ code: 'usage', message, next })
}

const troubles: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
}

function troubleOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return troubles[code] ?? `it cannot be read (${code})`
}

function readDocument(file: string): TextDocument {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw misuse(`${file}: ${troubleOf(cause)}`)
  }
  const parsed = readYamlDocuments(text)
  const [document] = parsed.kind === 'parsed' ? parsed.value : []
  if (parsed.kind === 'unparsable')
    throw misuse(
      `${file}${parsed.line === undefined ? '' : `:${parsed.line}`}: it is no YAML from here on`,
      'Correct the file; `kubectl config view` reads it too.',
    )
  if (document === undefined || !isRecord(document.value)) throw misuse(`${file}: it is no kubeconfig`)
  return document
}

const pathFields = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'] as const

/** Paths are relative to the file they stand in; so is the command of a plugin that names a directory. */
function withAbsolutePaths(fields: { readonly [name: string]: unknown }, directory: string) {
  const made = { ...fields }
  for (const name of pathFields) {
    const value = made[name]
    if (typeof value === 'string' && value !== '') made[name] = resolve(directory, value)
  }
  const command = lookUp(made, ['exec', 'command'])
  if (isRecord(made.exec) && typeof command === 'string' && command.includes('/'))
    made.exec = { ...made.exec, command: resolve(directory, command) }
  return made
}

function entriesOf(file: string, { value, lineOf }: TextDocument, key: 'context' | 'cluster' | 'user') {
  const list = `${key}s`
  const found = new Map<string, Entry>()
  const listed = lookUp(value, [list]) ?? []
  if (!Array.isArray(listed)) throw misuse(`${file}:${lineOf([list]) ?? 1}: "${list}" is no list`)
  listed.forEach((one: unknown, index) => {
    const path: KeyPath = [list, index]
    const name = lookUp(one, ['name'])
    if (typeof name !== 'string')
      throw misuse(`${file}:${lineOf(path) ?? 1}: an entry of "${list}" has no name`)
    const fields = lookUp(one, [key]) ?? {}
    if (!isRecord(fields))
      throw misuse(`${file}:${lineOf([...path, key]) ?? 1}: "${key}" of ${name} is no mapping`)
    if (found.has(name)) return
    found.set(name, {
      fields: withAbsolutePaths(fields, dirname(file)),
      place: (field) => `${file}:${lineOf(field === undefined ? path : [...path, key, field]) ?? 1}`,
    })
  })
  return found
}

function readOne(file: string): Kubeconfig {
  const document = readDocument(file)
  const current = lookUp(document.value, ['current-context'])
  return {
    named: file,
    ...(typeof current === 'string' && current !== '' ? { current } : {}),
    contexts: entriesOf(file, document, 'context'),
    clusters: entriesOf(file, document, 'cluster'),
    users: entriesOf(file, document, 'user'),
  }
}

/** Reads kubeconfig files and merges them as kubectl does: what is named first counts. */
export function readKubeconfigs(files: readonly string[]): Kubeconfig {
  const all = files.map(readOne)
  const current = all.map((one) => one.current).find((one) => one !== undefined)
  const merged = (pick: (one: Kubeconfig) => ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> =>
    new Map(all.toReversed().flatMap((one) => [...pick(one)]))
  return {
    named: files.join(', '),
    ...(current === undefined ? {} : { current }),
    contexts: merged((one) => one.contexts),
    clusters: merged((one) => one.clusters),
    users: merged((one) => one.users),
  }
}

/** Refuses an entry that names a file which is not there: later it would look like a fault of the server. */
export function requireFiles(entry: Entry): void {
  for (const field of pathFields) {
    const file = entry.fields[field]
    if (typeof file !== 'string' || file === '') continue
    try {
      accessSync(file, constants.R_OK)
    } catch (cause) {
      throw misuse(`${entry.place(field)}: ${field} is ${file}: ${troubleOf(cause)}`, 'Correct the path.')
    }
  }
}
