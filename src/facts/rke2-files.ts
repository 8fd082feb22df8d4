import { type Fact, mapEvidence } from '../model/evidence.ts'
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
import { gapOf } from './files/raw-source.ts'
import { serverConfiguration } from './rancher/configuration.ts'
import { dataDirectory } from './rancher/datastore.ts'
import { programProbes, rancherPrograms } from './rancher/program.ts'

/** A path below one of the two directories of RKE2; with `names`, the files in it that fit. */
interface Place {
  readonly below: 'configuration' | 'data'
  readonly path: string
  readonly names?: RegExp
  /** Directories among the entries count as well. */
  readonly any?: true
}

const { configuration, dataDirectory: usualData } = rancherPrograms.rke2
const configurationDirectory = configuration.slice(0, configuration.lastIndexOf('/'))

const groups: ReadonlyMap<string, readonly Place[]> = new Map(
  Object.entries({
    configuration: [
      { below: 'configuration', path: '', names: /./ },
      { below: 'configuration', path: '/config.yaml.d', names: /./ },
    ],
    data: [
      { below: 'data', path: '' },
      { below: 'data', path: '', names: /./, any: true },
    ],
    'agent-kubeconfigs': [{ below: 'data', path: '/agent', names: /\.kubeconfig$/ }],
    'agent-certificates': [{ below: 'data', path: '/agent', names: /\.(crt|key)$/ }],
    'agent-directories': [
      { below: 'data', path: '/agent/pod-manifests' },
      { below: 'data', path: '/agent/etc' },
    ],
    programs: [{ below: 'data', path: '/bin', names: /./ }],
    'program-directory': [{ below: 'data', path: '/data' }],
    'server-private': [
      { below: 'data', path: '/server/cred' },
      { below: 'data', path: '/server/db' },
      { below: 'data', path: '/server/tls' },
    ],
    'server-directories': [
      { below: 'data', path: '/server/manifests' },
      { below: 'data', path: '/server/logs' },
    ],
    'server-token': [{ below: 'data', path: '/server/token' }],
  } satisfies { readonly [which: string]: readonly Place[] }),
)

function placesOf(which: unknown): readonly Place[] {
  return groups.get(String(which)) ?? []
}

function baseOf({ below }: Place, data: string): string {
  return below === 'data' ? data : configurationDirectory
}

function recordsAt(node: NodeContext, place: Place, data: string): readonly Fact[] {
  const path = `${baseOf(place, data)}${place.path}`
  const { names } = place
  if (names === undefined) return recordOf(node, path, true)
  const listing = node.view.directory(path)
  if (listing.state === 'absent') return []
  if (listing.state === 'unavailable') return [gapOf(listing, `${path} was not looked at`)]
  const fitting = directEntries(listing).filter((entry) => names.test(entry.slice(path.length + 1)))
  return fitting.flatMap((entry) => recordOf(node, entry, place.any === true))
}

function recordOf(node: NodeContext, path: string, any: boolean): readonly Fact[] {
  const file = node.view.file(path)
  if (file.state === 'absent') return []
  if (file.state === 'unavailable') return [gapOf(file, `${path} was not looked at`)]
  return any || mayBeRegular(file) ? [fileRecord(file, ownersOf(node))] : []
}

function probeOf(place: Place): Probe {
  const path = `${baseOf(place, usualData)}${place.path}`
  return place.names === undefined
    ? { kind: 'path', path, holds: 'file' }
    : { kind: 'glob', pattern: `${path}/*`, holds: 'file' }
}

/** Files and directories of RKE2 that its hardening documents name. */
export const rke2Files: FactKind = {
  kind: 'rke2-files',
  title: 'Mode and owner of files and directories of RKE2',
  parameters: { which: { means: [...groups.keys()].join(', ') } },
  fields: () => fileRecordFields,
  faults: ({ which }) =>
    placesOf(which).length > 0
      ? []
      : [`"which" is not one of ${[...groups.keys()].join(', ')}: ${String(which)}`],
  probes: ({ which }) => [
    ...programProbes(rancherPrograms.rke2),
    ...placesOf(which).map(probeOf),
    ...ownerProbes,
  ],
  derive: ({ which }, node) => {
    const told = serverConfiguration(node.view, 'rke2')
    if (told.kind === 'absent') return told
    return mapEvidence(dataDirectory(told, usualData), (data, source): Fact => {
      const records = placesOf(which).flatMap((place) => recordsAt(node, place, data))
      return listOf(records, source, 'there is no such file on this node')
    })
  },
}
