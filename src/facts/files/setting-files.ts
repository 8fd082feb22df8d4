import type { Evidence, Fact, Source } from '../../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { FileStat, RawFile } from '../../model/node-evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { isBehindLink, isLedElsewhere } from '../manifest/links.ts'
import { componentState, hostPaths, settingTexts } from '../settings/of-node.ts'
import { isInsideProcess } from '../settings/paths.ts'
import { fileRecord, ownersOf } from './file-record.ts'
import { gapOf, sourceOf } from './raw-source.ts'

/** A file a component was told to use, and where it was told so. */
export interface SettingFile {
  readonly path: string
  readonly source: Source
  /** What the component itself calls it, where that is another name: paths inside the file count from there. */
  readonly given?: string
}

/** Files of ConfigMaps and Secrets are links over a dated directory the kubelet swaps. */
function isProjected(file: RawFile): boolean {
  return file.state === 'observed' && /\/\.\.(?:data|\d{4}_)/.test(file.stat.target ?? '')
}

/** True when what a process sees under a name is the host's own file: everything stat says of it is the same. */
function isHostsOwn(one: RawFile, other: RawFile): boolean {
  if (one.state !== 'observed' || other.state !== 'observed' || isProjected(other)) return false
  const numbers = ({ type, mode, uid, gid, size, mtime }: FileStat) =>
    [type, mode, uid, gid, size, mtime].join(' ')
  return numbers(one.stat) === numbers(other.stat)
}

/**
 * True when nobody could see what a container mounts: only root may look into it, and no manifest that was read
 * tells. Then a path inside it may well be a file of the node.
 */
function areMountsUnseen(node: NodeContext, component: string): boolean {
  if (node.view.evidence.uid === 0) return false
  const state = componentState(node, component)
  return state.kind !== 'observed' || state.fact.pod === undefined
}

/** True when the path is behind a link that was not followed, or that means something else in the container. */
function isLostBehindLink(
  { node, component, path }: { node: NodeContext; component: string; path: string },
  files: readonly RawFile[],
  chosen: RawFile | undefined,
): boolean {
  const { view } = node
  if (chosen === undefined) return files.some((file) => isBehindLink(view, file))
  const state = componentState(node, component)
  if (isInsideProcess(chosen.path) || state.kind !== 'observed') return false
  const { process, pod } = state.fact
  const mounts = process?.contained === true ? (pod?.container.mounts ?? []) : []
  return isLedElsewhere(view, chosen, { path, mounts, files })
}

/**
 * The host's path for a path a component was given. Absent: the path exists inside the component's container
 * only (a ConfigMap volume, part of the image), so that no file of the node is meant.
 */
export function hostFile(
  node: NodeContext,
  component: string,
  { path, source: from }: SettingFile,
): Evidence<SettingFile> {
  const candidates = hostPaths(node, component, path)
  const files = candidates.map((candidate) => node.view.file(candidate))
  const seen = files.find((file) => file.state === 'observed' && !isProjected(file))
  const onHost = files.find((file) => !isInsideProcess(file.path))
  const chosen = onHost !== undefined && (seen === undefined || isHostsOwn(seen, onHost)) ? onHost : seen
  const source = joinSources(...files.map(sourceOf), from)
  if (isLostBehindLink({ node, component, path }, files, chosen)) {
    const detail = `${path} is behind a link in the container of ${component}; where that leads there is not known`
    return unavailable('ambiguous', source, detail)
  }
  if (chosen !== undefined) {
    const given = chosen.path === path ? {} : { given: path }
    return observed({ path: chosen.path, source: from, ...given }, joinSources(sourceOf(chosen), from))
  }
  const gap = files.find((file) => file.state === 'unavailable' && file.reason !== 'not-collected')
  if (gap?.state === 'unavailable') return gapOf(gap, gap.path)
  if (node.view.evidence.end !== 'complete') return unavailable('not-collected', source, path)
  if (areMountsUnseen(node, component)) {
    return unavailable('permission-denied', source, `${path} as the container of ${component} sees it`)
  }
  return absent(source, `${path} is inside the container of ${component}, not a file of the node`)
}

/** Files a path setting names (a list names several); a gap is one entry, a default path where nothing lies is absent. */
export function settingFiles(
  node: NodeContext,
  component: string,
  setting: string,
): readonly Evidence<SettingFile>[] {
  return settingTexts(node, component, setting).map((text) => {
    if (text.kind !== 'observed') return text
    const file = hostFile(node, component, { path: text.fact, source: text.source })
    const isDefault = text.source.at.some((place) => place.kind === 'default')
    const isMissing = file.kind === 'observed' && node.view.file(file.fact.path).state === 'absent'
    return isDefault && isMissing
      ? absent(file.source, `nothing lies at the default path ${text.fact}`)
      : file
  })
}

/** Record of a file that is in use: not being there is a contradiction, said as such, never skipped. */
export function usedFileRecord(node: NodeContext, used: SettingFile): Fact {
  const file = node.view.file(used.path)
  const source = joinSources(sourceOf(file), used.source)
  if (file.state === 'absent') {
    return unavailable('ambiguous', source, `${used.path} is in use and does not exist`)
  }
  const record = fileRecord(file, ownersOf(node))
  return record.kind === 'observed' ? observed(record.fact, source) : record
}
