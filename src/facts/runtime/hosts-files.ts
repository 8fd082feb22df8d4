import { type Evidence, observed, type Source, unavailable } from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { gapOf, sourceOf } from '../files/raw-source.ts'
import { describeFault, isRecord, lookUp } from '../text/document.ts'
import { filePlace } from '../text/placed.ts'
import { readToml } from '../text/toml-text.ts'
import { plainHttp, unverified } from './registry-text.ts'

/** One sentence about a registry, or why a place that may hold one could not be read. */
export type Registry = Exclude<Evidence<string>, { kind: 'absent' }>

/** Sentences that hold, each observed at its line. */
export function registriesAt(
  found: readonly (readonly [string | undefined, number | undefined])[],
  path: string,
  source: Source,
): readonly Registry[] {
  return found.flatMap(([sentence, line]) =>
    sentence === undefined ? [] : [observed(sentence, { items: source.items, at: [filePlace(path, line)] })],
  )
}

/** What one hosts.toml says: `server`, and a table for each host that is asked before it. */
function inHostsFile(view: NodeView, path: string, registry: string): readonly Registry[] {
  const content = view.content(path)
  if (content.state === 'absent') return []
  if (content.state === 'unavailable') return [gapOf(content, path)]
  const document = readToml(content.text)
  const source = sourceOf(content)
  if (document.kind === 'unparsable')
    return [unavailable('unparsable', source, describeFault(path, document))]
  const { value, lineOf } = document.value
  const server = lookUp(value, ['server'])
  const hosts = lookUp(value, ['host'])
  const own = typeof server === 'string' ? server : registry
  const entries = isRecord(hosts) ? Object.entries(hosts) : []
  return registriesAt(
    [
      [plainHttp(own, registry), lineOf(['server'])],
      [lookUp(value, ['skip_verify']) === true ? unverified(own) : undefined, lineOf(['skip_verify'])],
      ...entries.flatMap(([host, about]) => [
        [plainHttp(host, registry), lineOf(['host', host])] as const,
        [
          lookUp(about, ['skip_verify']) === true ? unverified(host) : undefined,
          lineOf(['host', host, 'skip_verify']),
        ] as const,
      ]),
    ],
    path,
    source,
  )
}

/** Every `<registry>/hosts.toml` of a directory of containerd (docs/hosts.md). */
export function hostsFiles(view: NodeView, directory: string): readonly Registry[] {
  const listing = view.directory(directory)
  if (listing.state === 'absent') return []
  if (listing.state === 'unavailable') return [gapOf(listing, directory)]
  return listing.entries.flatMap((entry) => {
    const file = view.file(entry)
    if (file.state === 'observed' && file.stat.type !== 'directory') return []
    const registry = entry.slice(entry.lastIndexOf('/') + 1).replace(/_(\d+)_$/, ':$1')
    return inHostsFile(view, `${entry}/hosts.toml`, registry)
  })
}
