import { type Fact, joinSources } from '../model/evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { directEntries } from './files/direct-entries.ts'
import {
  fileRecord,
  fileRecordFields,
  listOf,
  mayBeRegular,
  ownerProbes,
  ownersOf,
} from './files/file-record.ts'
import { probesFor } from './files/probes-for.ts'
import { gapOf } from './files/raw-source.ts'
import { settingFiles } from './files/setting-files.ts'
import { effectiveSettings } from './settings/of-node.ts'

/** What etcd makes below its data directory; a file system may hold other things there. */
const folders = ['', '/member', '/member/snap', '/member/wal'] as const
const own = new Set<string>(folders.map((folder) => folder.slice(folder.lastIndexOf('/') + 1)))

/** The directory of a data directory that is not configured, which nothing on the node names. */
const usual = '/var/lib/etcd'

const which = ['files', 'any'] as const

function recordsBelow(node: NodeContext, folder: string, holds: unknown): readonly Fact[] {
  const listing = node.view.directory(folder)
  if (listing.state === 'absent') return []
  if (listing.state === 'unavailable') return [gapOf(listing, `what is in ${folder} was not looked at`)]
  return directEntries(listing).flatMap((path): readonly Fact[] => {
    const file = node.view.file(path)
    if (file.state === 'absent' || path.endsWith('/lost+found')) return []
    if (file.state === 'unavailable') return [gapOf(file, path)]
    const record = holds === 'any' || mayBeRegular(file) ? [fileRecord(file, ownersOf(node))] : []
    const isFolder = file.stat.type === 'directory' && own.has(path.slice(path.lastIndexOf('/') + 1))
    return isFolder ? [...record, ...recordsBelow(node, path, holds)] : record
  })
}

/** Files etcd keeps its data in. */
export const etcdDataFiles: FactKind = {
  kind: 'etcd-data-files',
  title: 'Mode and owner of what etcd keeps below its data directory',
  parameters: { which: { means: 'files, or any: directories as well' } },
  fields: () => fileRecordFields,
  faults: (request) =>
    which.some((one) => one === request['which']) ? [] : ['"which" is neither files nor any'],
  probes: (_, knowledge) => [
    ...probesFor(knowledge, ['etcd', 'kubelet']),
    ...folders.map((folder): Probe => ({ kind: 'glob', pattern: `${usual}${folder}/*`, holds: 'file' })),
    ...ownerProbes,
  ],
  derive: (request, node) => {
    const settings = effectiveSettings(node, 'etcd')
    if (settings.kind !== 'observed') return settings
    const places = settingFiles(node, 'etcd', 'data-dir')
    const records = places.flatMap((place): readonly Fact[] => {
      if (place.kind === 'unavailable') return [place]
      return place.kind === 'observed' ? recordsBelow(node, place.fact.path, request['which']) : []
    })
    const source = joinSources(settings.source, ...places.map((place) => place.source))
    return listOf(records, source, 'etcd keeps no data on this node')
  },
}
