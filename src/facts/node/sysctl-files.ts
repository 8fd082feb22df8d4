import type { Evidence, Provenance, Source } from '../../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { sourceOf } from '../files/raw-source.ts'
import { notObserved } from './raw.ts'

/** Where sysctl files lie, strongest first (sysctl.d(5)): a name in one hides the same name below. */
export const sysctlDirectories = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
] as const

/** Name of a key with dots as separators; both spellings are understood, the first separator decides. */
export function sysctlName(key: string): string {
  const first = /[./]/.exec(key)?.[0]
  if (first !== '/') return key
  return key.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/'))
}

/** File of a key below /proc/sys. */
export function sysctlPath(name: string): string {
  return `/proc/sys/${sysctlName(name).replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'))}`
}

function matches(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$+?.()|[\]{}]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^.]*')}$`).test(name)
}

export interface SysctlLine {
  readonly value: string
  readonly line: number
}

/** The last line of a text that sets `name`. A pattern never overrides a line that names the key. */
export function sysctlLine(
  text: string,
  name: string,
): (SysctlLine & { readonly isPattern: boolean }) | null {
  let found: (SysctlLine & { readonly isPattern: boolean }) | null = null
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const match = /^\s*-?\s*([^\s#;=][^\s=]*)\s*=\s*(.*?)\s*$/.exec(raw)
    const [, key = '', value = ''] = match ?? []
    const pattern = sysctlName(key)
    if (match === null || !matches(pattern, name)) continue
    const isPattern = pattern.includes('*')
    if (!isPattern || found === null || found.isPattern) found = { value, line: index + 1, isPattern }
  }
  return found
}

function filesInOrder(view: NodeView): Evidence<readonly string[]> {
  const byName = new Map<string, string>()
  const sources: Source[] = []
  for (const directory of sysctlDirectories) {
    const names = view.directory(directory)
    if (names.state === 'unavailable') return notObserved(names)
    sources.push(sourceOf(names))
    for (const path of names.state === 'observed' ? names.entries : []) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      if (name.endsWith('.conf') && !byName.has(name)) byName.set(name, path)
    }
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
  return observed(sorted, joinSources(...sources))
}

/** systemd reads /etc/sysctl.conf only through a link in a sysctl.d directory; other inits read it last. */
function withLegacyFile(view: NodeView, files: readonly string[]): readonly string[] {
  return view.file('/run/systemd/system').state === 'absent' ? [...files, '/etc/sysctl.conf'] : files
}

/** What a key is set to at the next boot: the last file in name order that sets it. */
export function persistentSysctl(view: NodeView, name: string): Evidence<string> {
  const files = filesInOrder(view)
  if (files.kind !== 'observed') return files
  let found: { readonly line: SysctlLine; readonly path: string; readonly isPattern: boolean } | null = null
  const items: Source[] = [{ items: files.source.items, at: [] }]
  for (const path of withLegacyFile(view, files.fact)) {
    const content = view.content(path)
    if (content.state === 'unavailable') {
      return unavailable(content.reason, sourceOf(content), content.detail ?? `${path} could not be read`)
    }
    items.push({ items: [content.id], at: [] })
    const line = content.state === 'observed' ? sysctlLine(content.text, name) : null
    if (line !== null && (!line.isPattern || found === null || found.isPattern)) {
      found = { line, path, isPattern: line.isPattern }
    }
  }
  if (found === null) return absent(joinSources(files.source, ...items), `no file sets ${name}`)
  const at: Provenance = { kind: 'file', at: found.path, line: found.line.line }
  return observed(found.line.value, joinSources({ items: [], at: [at] }, ...items))
}
