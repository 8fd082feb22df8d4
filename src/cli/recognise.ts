import { parseDocument } from 'yaml'

/** Kinds of files that khard reads and that a person may want validated. */
export type FileKind =
  | 'bundle'
  | 'check'
  | 'configuration'
  | 'content'
  | 'inventory'
  | 'profile'
  | 'result'
  | 'stray-check'
  | 'tailoring'
  | 'waivers'

/** A file, read as far as it takes: a bundle may be large. */
export interface FileToRecognise {
  head(): Promise<Uint8Array>
  text(): Promise<string>
}

/** What kind of file this is by its place, its name and how it begins; null for one that is nothing of khard's. */
export async function recognise(path: string, file: FileToRecognise): Promise<FileKind | null> {
  const [first, second] = await file.head()
  if ((first === 0x1f && second === 0x8b) || path.endsWith('.khard')) return 'bundle'
  if (/(^|\/)benchmarks\/checks\/[^/]+\/[^/]+\.yaml$/.test(path)) return 'check'
  if (/(^|\/)khard\.yaml$/.test(path)) return 'configuration'
  if (/(^|\/)(profiles\/[^/]+|benchmarks\/.+)\.yaml$/.test(path)) return 'content'
  if (/\.(ini|cfg)$/i.test(path)) return 'inventory'
  if (/\.json$/i.test(path)) return jsonKind(await file.text())
  return /\.ya?ml$/i.test(path) ? yamlKind(await file.text()) : null
}

/** A saved result, or an inventory in JSON; a result may be large, and says what it is at its top. */
function jsonKind(text: string): FileKind {
  if (text.slice(0, 200).includes('khard.result/')) return 'result'
  return yamlKind(text) === 'inventory' ? 'inventory' : 'result'
}

function yamlKind(text: string): FileKind | null {
  const document = parseDocument(text, { version: '1.1', logLevel: 'silent' })
  // What is no YAML is told with its line by whoever reads it.
  const value: unknown = document.errors.length > 0 ? [] : document.toJS({ maxAliasCount: 100 })
  if (Array.isArray(value) || value === null) return 'waivers'
  if (typeof value !== 'object') return null
  const has = (...keys: readonly string[]): boolean => keys.some((key) => Object.hasOwn(Object(value), key))
  if (has('tailoring')) return 'tailoring'
  if (has('targets', 'all') || Object.values(value).some(isGroup)) return 'inventory'
  if (has('expect', 'evidence')) return 'stray-check'
  return has('benchmarks', 'distributions', 'extends') ? 'profile' : null
}

/** A group of an Ansible inventory. */
function isGroup(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('hosts' in value || 'children' in value)
}
