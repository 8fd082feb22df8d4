import {
  absent,
  type Evidence,
  joinSources,
  observed,
  type Source,
  unavailable,
} from '../../model/evidence.ts'
import type { NodeView, RawUnit } from '../../model/node-evidence.ts'
import { type Environment, parseEnvironmentFile, type SetVariable, unitEnvironment } from './environment.ts'
import { type ExecLine, expandExec } from './exec-line.ts'
import { lastEntry, listEntries, parseUnitFile, type UnitEntry, type UnitFile } from './unit-file.ts'

/** Where systemd looks for units, strongest first (systemd.unit(5)). */
export const unitDirectories = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
] as const

/** A unit as its files say it, drop-ins applied. */
export interface UnitOnDisk {
  readonly name: string
  /** Fragment first, then drop-ins in the order they apply. */
  readonly files: readonly UnitFile[]
  readonly environment: Environment
  /** Environment files that are named, not optional or not readable: their variables are not known. */
  readonly unreadEnvironmentFiles: readonly string[]
  readonly execStart: { readonly entry: UnitEntry; readonly line: ExecLine } | undefined
}

function sourceOf(...ids: readonly string[]): Source {
  return { items: [...ids], at: [] }
}

/** Path of the fragment: what systemd says, else the first directory that holds one. */
function fragmentOf(view: NodeView, unit: RawUnit): Evidence<string> {
  if (unit.state === 'observed') {
    const path = unit.properties['FragmentPath']
    return path === undefined || path === '' ? absent(sourceOf(unit.id)) : observed(path, sourceOf(unit.id))
  }
  for (const directory of unitDirectories) {
    const content = view.content(`${directory}/${unit.name}`)
    if (content.state === 'observed') return observed(content.path, sourceOf(content.id))
    if (content.state === 'unavailable' && content.reason !== 'not-collected')
      return unavailable(content.reason, sourceOf(content.id), `${content.path} could not be read`)
  }
  if (unit.state === 'absent') return absent(sourceOf(unit.id))
  const asked = view.content(`${unitDirectories[0]}/${unit.name}`)
  return asked.state === 'absent'
    ? absent(sourceOf(asked.id))
    : unavailable(unit.reason, sourceOf(unit.id), unit.detail)
}

/** Drop-ins in force: what systemd says, else every `NAME.d/*.conf` by file name, stronger directories masking. */
function dropInsOf(view: NodeView, unit: RawUnit): readonly string[] {
  if (unit.state === 'observed')
    return (unit.properties['DropInPaths'] ?? '').split(/\s+/).filter((path) => path !== '')
  const byName = new Map<string, string>()
  for (const directory of unitDirectories) {
    const marker = `${directory}/${unit.name}.d/`
    for (const content of view.all('content')) {
      const name = content.path.slice(marker.length)
      const counts = content.path.startsWith(marker) && name.endsWith('.conf') && !name.includes('/')
      if (counts && content.state !== 'absent' && !byName.has(name)) byName.set(name, content.path)
    }
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
}

/** The unit as its files say it. Absent: there is no such unit. Unavailable: a file of it could not be read. */
export function unitOnDisk(view: NodeView, name: string): Evidence<UnitOnDisk> {
  const unit = view.unit(name)
  const fragment = fragmentOf(view, unit)
  if (fragment.kind !== 'observed') return fragment
  const files: UnitFile[] = []
  const ids: string[] = [unit.id]
  for (const path of [fragment.fact, ...dropInsOf(view, unit)]) {
    const content = view.content(path)
    ids.push(content.id)
    if (content.state === 'unavailable')
      return unavailable(content.reason, sourceOf(...ids), content.detail ?? `${path} could not be read`)
    if (content.state === 'observed') files.push(parseUnitFile(content.text, path))
  }
  if (files.length === 0) return absent(sourceOf(...ids))
  const { environment, unread, environmentIds } = readEnvironment(view, files)
  const entry = lastEntry(files, 'Service', 'ExecStart')
  const line = entry === undefined ? undefined : expandExec(entry.value, environment)
  return observed(
    {
      name,
      files,
      environment,
      unreadEnvironmentFiles: unread,
      execStart: entry === undefined || line === undefined ? undefined : { entry, line },
    },
    joinSources(fragment.source, sourceOf(...ids, ...environmentIds)),
  )
}

function readEnvironment(
  view: NodeView,
  files: readonly UnitFile[],
): { environment: Environment; unread: readonly string[]; environmentIds: readonly string[] } {
  const environment = new Map<string, SetVariable>(unitEnvironment(files))
  const unread: string[] = []
  const environmentIds: string[] = []
  for (const entry of listEntries(files, 'Service', 'EnvironmentFile')) {
    const path = entry.value.replace(/^-/, '')
    const content = view.content(path)
    if (content.state === 'unavailable') unread.push(path)
    if (content.state !== 'observed') continue
    environmentIds.push(content.id)
    for (const [name, variable] of parseEnvironmentFile(content.text, path)) environment.set(name, variable)
  }
  return { environment, unread, environmentIds }
}
