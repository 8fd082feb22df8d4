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
import { dropInDirectories, isMasked, unitDirectories } from './places.ts'
import { lastEntry, listEntries, parseUnitFile, type UnitEntry, type UnitFile } from './unit-file.ts'

export { unitDirectories } from './places.ts'

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

/** Path of the fragment: what systemd says, else the first directory that holds one. A masked unit has none. */
function fragmentOf(view: NodeView, unit: RawUnit): Evidence<string> {
  if (unit.state === 'observed') {
    const { FragmentPath: path = '', LoadState: state } = unit.properties
    if (state === 'masked') return absent(sourceOf(unit.id), `${unit.name} is masked`)
    return path === '' ? absent(sourceOf(unit.id)) : observed(path, sourceOf(unit.id))
  }
  for (const directory of unitDirectories) {
    const content = view.content(`${directory}/${unit.name}`)
    if (isMasked(view, content.path))
      return absent(sourceOf(content.id), `${unit.name} is masked by ${content.path}`)
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

/** Names of drop-ins in a directory: those listed, and those brought back. Links that lead nowhere do not count. */
function dropInsIn(view: NodeView, directory: string): readonly string[] {
  const listing = view.directory(directory)
  const listed = listing.state === 'observed' ? listing.entries : []
  const collected = view.all('content').map(({ path }) => path)
  return [...new Set([...listed, ...collected])].filter((path) => {
    const name = path.slice(directory.length + 1)
    const isDropIn = path.startsWith(`${directory}/`) && name.endsWith('.conf') && !name.includes('/')
    return isDropIn && (isMasked(view, path) || view.content(path).state !== 'absent')
  })
}

/** Drop-ins in force: what systemd says, else every one by file name, those of stronger directories masking. */
function dropInsOf(view: NodeView, unit: RawUnit): Evidence<readonly string[]> {
  const source = sourceOf(unit.id)
  if (unit.state === 'observed') {
    const paths = (unit.properties['DropInPaths'] ?? '').split(/\s+/)
    return observed(
      paths.filter((path) => path !== ''),
      source,
    )
  }
  const byName = new Map<string, string>()
  for (const directory of dropInDirectories(unit.name)) {
    const listing = view.directory(directory)
    if (listing.state === 'unavailable' && listing.reason !== 'not-collected')
      return unavailable(listing.reason, sourceOf(listing.id), `${directory} could not be listed`)
    for (const path of dropInsIn(view, directory)) {
      const name = path.slice(directory.length + 1)
      if (!byName.has(name)) byName.set(name, path)
    }
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
  return observed(
    sorted.filter((path) => !isMasked(view, path)),
    source,
  )
}

/** The unit as its files say it. Absent: there is no such unit, or it is masked. Unavailable: a file of it could not be read. */
export function unitOnDisk(view: NodeView, name: string): Evidence<UnitOnDisk> {
  const unit = view.unit(name)
  const fragment = fragmentOf(view, unit)
  if (fragment.kind !== 'observed') return fragment
  const dropIns = dropInsOf(view, unit)
  if (dropIns.kind !== 'observed') return dropIns
  const files: UnitFile[] = []
  const ids: string[] = [unit.id]
  for (const path of [fragment.fact, ...dropIns.fact]) {
    const content = view.content(path)
    ids.push(content.id)
    if (content.state === 'unavailable')
      return unavailable(content.reason, sourceOf(...ids), content.detail ?? `${path} could not be read`)
    if (content.state === 'observed') files.push(parseUnitFile(content.text, path))
  }
  if (files.length === 0) return absent(sourceOf(...ids))
  const { environment, unread, environmentIds } = readEnvironment(view, files, name)
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

/** Specifiers that name the unit (systemd.unit(5)); others stay as they are. */
function withSpecifiers(path: string, unit: string): string {
  const stem = unit.replace(/\.[^.]*$/, '')
  return path.replace(/%n/g, unit).replace(/%N/g, stem).replace(/%p/g, stem.replace(/@.*$/, ''))
}

function readEnvironment(
  view: NodeView,
  files: readonly UnitFile[],
  unit: string,
): { environment: Environment; unread: readonly string[]; environmentIds: readonly string[] } {
  const environment = new Map<string, SetVariable>(unitEnvironment(files))
  const unread: string[] = []
  const environmentIds: string[] = []
  for (const entry of listEntries(files, 'Service', 'EnvironmentFile')) {
    const path = withSpecifiers(entry.value.replace(/^-/, ''), unit)
    const content = view.content(path)
    if (content.state === 'unavailable') unread.push(path)
    if (content.state !== 'observed') continue
    environmentIds.push(content.id)
    for (const [name, variable] of parseEnvironmentFile(content.text, path)) environment.set(name, variable)
  }
  return { environment, unread, environmentIds }
}
