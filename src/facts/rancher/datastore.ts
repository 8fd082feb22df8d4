import { absent, type Evidence, joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { Argument } from '../settings/command-line.ts'
import { configured, isSwitchedOn, type ServerConfiguration } from './configuration.ts'

/** The directory a program keeps everything in. */
export function dataDirectory(configuration: Evidence<ServerConfiguration>, usual: string): Evidence<string> {
  const given = configured(configuration, 'data-dir')
  if (given.kind === 'unavailable') return given
  return observed(given.kind === 'observed' ? String(given.fact).replace(/\/+$/, '') : usual, given.source)
}

/** What the API server was told to store things in: `--etcd-servers`, the last one given. */
function endpointIn(words: Evidence<readonly Argument[]>): string | undefined {
  if (words.kind !== 'observed') return undefined
  const uses = words.fact.flatMap(({ text }) => /^--etcd-servers=(.*)$/s.exec(text)?.[1] ?? [])
  return uses.at(-1)
}

const kine = 'the datastore is not etcd: kine keeps it in SQLite or another database'
const external = 'the datastore is not on this node: it is an etcd of its own'

/**
 * Whether k3s runs etcd inside itself: what it told its API server, else what it was told, else what lies there.
 * An etcd that was once there is used again (k3s pkg/cluster/managed.go), unless an endpoint is configured.
 */
export function embeddedEtcd(
  view: NodeView,
  seen: {
    readonly directory: string
    readonly configuration: Evidence<ServerConfiguration>
    readonly apiServer: Evidence<readonly Argument[]>
  },
): Evidence<string> {
  const { configuration, apiServer } = seen
  const file = view.file(`${seen.directory}/server/db/etcd/config`)
  const source = joinSources(apiServer.source, { items: [file.id], at: [{ kind: 'file', at: file.path }] })
  const endpoint = endpointIn(apiServer)
  if (endpoint !== undefined) {
    if (!endpoint.startsWith('https:') && !endpoint.startsWith('http:')) return absent(source, kine)
    if (file.state === 'absent' || !/\/\/(127\.0\.0\.1|\[::1\]|localhost):/.test(endpoint))
      return absent(source, external)
    return observed(file.path, source)
  }
  const store = configured(configuration, 'datastore-endpoint')
  if (store.kind === 'unavailable') return store
  const both = joinSources(source, store.source)
  if (store.kind === 'observed') return absent(both, /^https?:/.test(String(store.fact)) ? external : kine)
  const isOff = isSwitchedOn(configuration, 'disable-etcd')
  if (isOff.kind === 'observed' && isOff.fact) return absent(both, 'disable-etcd is set')
  switch (file.state) {
    case 'observed':
      return observed(file.path, both)
    case 'absent':
      return absent(both, kine)
    case 'unavailable':
      return unavailable(file.reason, both, file.detail ?? `${file.path} could not be looked at`)
    default:
      return file satisfies never
  }
}
