import type { Evidence } from '../../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { unitOnDisk } from '../systemd/unit.ts'
import { listEntries } from '../systemd/unit-file.ts'
import { sourceOf } from './raw-source.ts'
import type { SettingFile } from './setting-files.ts'
import type { EnvironmentFile } from './unit-files.ts'
import { environmentFiles, unitFiles } from './unit-files.ts'

/** Files that make one unit, as systemd says it or, in an image, as they lie on disk. */
interface UnitPaths {
  readonly files: readonly string[]
  readonly environment: readonly EnvironmentFile[]
}

function pathsOf(view: NodeView, name: string): Evidence<UnitPaths> {
  const unit = view.unit(name)
  if (unit.state === 'observed') {
    const { properties } = unit
    const loaded = properties['LoadState'] === 'loaded'
    const paths = { files: unitFiles(properties), environment: environmentFiles(properties) }
    return loaded ? observed(paths, sourceOf(unit)) : absent(sourceOf(unit), `${name} is not loaded`)
  }
  if (unit.state === 'absent') return absent(sourceOf(unit))
  const onDisk = unitOnDisk(view, name)
  if (onDisk.kind !== 'observed') return onDisk
  const environment = listEntries(onDisk.fact.files, 'Service', 'EnvironmentFile').map(({ value }) => ({
    path: value.replace(/^-/, ''),
    optional: value.startsWith('-'),
  }))
  return observed({ files: onDisk.fact.files.map((file) => file.path), environment }, onDisk.source)
}

/** Fragment and drop-ins of every loaded unit, or its environment files; optional ones only when they exist. */
export function unitSettingFiles(
  view: NodeView,
  units: readonly string[],
  which: 'unit' | 'environment-file',
): readonly Evidence<SettingFile>[] {
  const found: Evidence<SettingFile>[] = []
  for (const name of units) {
    const unit = pathsOf(view, name)
    if (unit.kind === 'unavailable') found.push(unit)
    if (unit.kind !== 'observed') continue
    const { files, environment } = unit.fact
    const wanted = environment.filter(
      ({ path, optional }) => !(optional && view.file(path).state === 'absent'),
    )
    const paths = which === 'unit' ? files : wanted.map(({ path }) => path)
    for (const path of paths) found.push(observed({ path, source: unit.source }, unit.source))
  }
  const sources = found.map((one) => one.source)
  return found.length > 0 ? found : [absent(joinSources(...sources), 'no unit of it is loaded')]
}

/** A directory's direct entries with a suffix; a directory that cannot be listed is one unavailable entry. */
export function filesIn(
  view: NodeView,
  directory: SettingFile,
  suffix: string,
): readonly Evidence<SettingFile>[] {
  const listing = view.directory(directory.path)
  const source = joinSources(sourceOf(listing), directory.source)
  if (listing.state === 'absent') return []
  if (listing.state === 'unavailable') {
    return [unavailable(listing.reason, source, listing.detail ?? `${directory.path} could not be listed`)]
  }
  return listing.entries
    .filter((path) => path.endsWith(suffix) && !path.slice(directory.path.length + 1).includes('/'))
    .map((path) => observed({ path, source }, source))
}
