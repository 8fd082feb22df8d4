import type { Provenance } from '../../model/evidence.ts'
import { findPlaced, mergePlaced, type Placed } from '../text/placed.ts'
import { compareVersions } from './version.ts'

const legacy = 'io.containerd.grpc.v1.cri'
const runtime = 'io.containerd.cri.v1.runtime'
const images = 'io.containerd.cri.v1.images'

function map(place: Provenance, entries: readonly (readonly [string, Placed | undefined])[]): Placed {
  const given = entries.filter((entry): entry is readonly [string, Placed] => entry[1] !== undefined)
  return { kind: 'map', place, entries: new Map(given) }
}

/** Configuration format: 1 when the file names none (containerd config.go, GetVersion). */
export function containerdFormat(tree: Placed): number {
  const version = findPlaced(tree, ['version'])
  return version?.kind === 'leaf' && typeof version.value === 'number' ? version.value : 1
}

/**
 * Lays an imported file over the main one. Up to 1.7 an imported plugin table replaces the whole table of that
 * plugin; from 2.0 tables merge, scalars replace and lists append. Without a version the newer rule is assumed
 * only for formats only the newer daemon reads.
 */
export function mergeImport(base: Placed, over: Placed, version: string | undefined): Placed {
  const isOld = version === undefined ? containerdFormat(base) < 3 : compareVersions(version, '2.0.0') < 0
  const merged = mergePlaced(base, over, { lists: 'append', nullRemoves: false })
  const before = findPlaced(base, ['plugins'])
  const after = findPlaced(over, ['plugins'])
  if (!isOld || merged.kind !== 'map' || before?.kind !== 'map' || after?.kind !== 'map') return merged
  const plugins = map(after.place, [...new Map([...before.entries, ...after.entries])])
  return map(merged.place, [...merged.entries, ['plugins', plugins]])
}

/**
 * One shape for all formats: what formats 1 and 2 keep in the CRI plugin and formats 3 and 4 in its runtime and
 * image halves is found below `cri`, under the names of format 2. Tables a format does not read are left out.
 */
export function normaliseContainerd(tree: Placed): Placed {
  if (tree.kind !== 'map') return tree
  const format = containerdFormat(tree)
  const cri = format >= 3 ? splitPlugin(tree) : findPlaced(tree, ['plugins', format === 1 ? 'cri' : legacy])
  const full = withRegistries(withCgroupDrivers(cri ?? map(tree.place, [])))
  return map(tree.place, [...tree.entries, ...serversOf(tree), ['cri', full]])
}

/** Where containerd 2.3 keeps what the top-level tables said before; a plugin with a table of its own has the word. */
const servers = [
  ['grpc', 'address', 'io.containerd.server.v1.grpc'],
  ['grpc', 'tcp_address', 'io.containerd.server.v1.grpc-tcp'],
  ['metrics', 'address', 'io.containerd.server.v1.metrics'],
  ['debug', 'address', 'io.containerd.server.v1.debug'],
] as const

function serversOf(tree: Placed): readonly (readonly [string, Placed])[] {
  const tables = [...new Set(servers.map(([table]) => table))]
  return tables.flatMap((table): readonly (readonly [string, Placed])[] => {
    const older = findPlaced(tree, [table])
    const moved = servers.flatMap(([name, key, plugin]): readonly (readonly [string, Placed])[] => {
      const section = name === table ? findPlaced(tree, ['plugins', plugin]) : undefined
      const unset: Placed = { kind: 'leaf', place: section?.place ?? tree.place, value: null }
      return section === undefined ? [] : [[key, findPlaced(section, ['address']) ?? unset]]
    })
    if (moved.length === 0) return []
    const before = older?.kind === 'map' ? [...older.entries] : []
    return [[table, map(older?.place ?? tree.place, [...before, ...moved])]]
  })
}

function splitPlugin(tree: Placed): Placed {
  const run = findPlaced(tree, ['plugins', runtime])
  const image = findPlaced(tree, ['plugins', images])
  const stream = streamingOf(findPlaced(tree, ['plugins', legacy]))
  const base = map(run?.place ?? tree.place, [])
  const fromImages = map(image?.place ?? tree.place, [
    ['sandbox_image', image && findPlaced(image, ['pinned_images', 'sandbox'])],
    ['registry', image && findPlaced(image, ['registry'])],
    ['containerd', snapshotterOf(image)],
  ])
  const rules = { lists: 'replace', nullRemoves: false } as const
  return [stream, fromImages, run].reduce<Placed>(
    (all, part) => (part === undefined ? all : mergePlaced(all, part, rules)),
    base,
  )
}

/** From format 3 the old plugin keeps the streaming server only; anything else left in its table is not read. */
const streaming = [
  'disable_tcp_service',
  'stream_server_address',
  'stream_server_port',
  'stream_idle_timeout',
  'enable_tls_streaming',
]

function streamingOf(plugin: Placed | undefined): Placed | undefined {
  if (plugin === undefined) return undefined
  return map(
    plugin.place,
    streaming.map((key) => [key, findPlaced(plugin, [key])]),
  )
}

function snapshotterOf(image: Placed | undefined): Placed | undefined {
  const snapshotter = image && findPlaced(image, ['snapshotter'])
  return snapshotter === undefined ? undefined : map(snapshotter.place, [['snapshotter', snapshotter]])
}

/** Adds `systemd_cgroup_by_runtime`: runtime name → SystemdCgroup, for runc and whoever else says it. */
function withCgroupDrivers(cri: Placed): Placed {
  if (cri.kind !== 'map') return cri
  const runtimes = findPlaced(cri, ['containerd', 'runtimes'])
  if (runtimes?.kind !== 'map') return cri
  const drivers = [...runtimes.entries].flatMap(([name, entry]): (readonly [string, Placed])[] => {
    const said = findPlaced(entry, ['options', 'SystemdCgroup'])
    if (said !== undefined) return [[name, said]]
    return isRunc(entry) ? [[name, { kind: 'leaf', place: entry.place, value: false }]] : []
  })
  if (drivers.length === 0) return cri
  return map(cri.place, [...cri.entries, ['systemd_cgroup_by_runtime', map(runtimes.place, drivers)]])
}

/** A runtime without a type is a runc of the daemon's choosing (config.go, DefaultConfig). */
function isRunc(entry: Placed): boolean {
  const type = findPlaced(entry, ['runtime_type'])
  return type?.kind !== 'leaf' || type.value === '' || String(type.value).startsWith('io.containerd.runc.')
}

/** Adds what the older registry tables say: `registry_endpoints` and `registry_unverified_hosts`. */
function withRegistries(cri: Placed): Placed {
  const registry = findPlaced(cri, ['registry'])
  if (cri.kind !== 'map' || registry === undefined) return cri
  const endpoints = entriesOf(findPlaced(registry, ['mirrors'])).flatMap(([name, mirror]) => {
    const given = findPlaced(mirror, ['endpoint'])
    return given?.kind === 'leaf' && Array.isArray(given.value)
      ? given.value.map((endpoint) => `${name}=${String(endpoint)}`)
      : []
  })
  const unverified = entriesOf(findPlaced(registry, ['configs'])).flatMap(([host, about]) => {
    const skips = findPlaced(about, ['tls', 'insecure_skip_verify'])
    return skips?.kind === 'leaf' && skips.value === true ? [host] : []
  })
  return map(cri.place, [
    ...cri.entries,
    ['registry_endpoints', leafOf(findPlaced(registry, ['mirrors']), endpoints)],
    ['registry_unverified_hosts', leafOf(findPlaced(registry, ['configs']), unverified)],
  ])
}

function entriesOf(table: Placed | undefined): readonly (readonly [string, Placed])[] {
  return table?.kind === 'map' ? [...table.entries] : []
}

function leafOf(at: Placed | undefined, value: readonly string[]): Placed | undefined {
  return at === undefined || value.length === 0 ? undefined : { kind: 'leaf', place: at.place, value }
}
