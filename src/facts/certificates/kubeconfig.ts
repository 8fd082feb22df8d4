import { posix } from 'node:path'
import type { Evidence } from '../../model/evidence.ts'
import { observed, unavailable } from '../../model/evidence.ts'
import type { Mapping } from '../policies/document.ts'
import { mappingList, readDocument, yamlValue } from '../policies/document.ts'
import { isRecord } from '../text/document.ts'

/** A certificate or key a kubeconfig names by path, or holds itself. */
export type Material =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'embedded'; readonly text: string }

/** One user with a client certificate. */
export interface KubeconfigUser {
  readonly name: string
  readonly certificate: Material
  /** `embedded` keys are redacted on the node. */
  readonly key?: Material
}

/** What a kubeconfig refers to. */
export interface Kubeconfig {
  readonly users: readonly KubeconfigUser[]
  readonly authorities: readonly Material[]
  /** URL of the API server in use: that of the current context, or of the only cluster. */
  readonly server?: string
}

/** Paths in a kubeconfig count from its own directory; dots go by name, as in client-go (filepath.Join). */
function resolvePath(base: string, path: string): string {
  return path.startsWith('/') ? path : posix.normalize(`${base.slice(0, base.lastIndexOf('/'))}/${path}`)
}

/** `<name>-data` wins over `<name>`, as in client-go. */
function materialOf(entry: Mapping, name: string, file: string): Material | undefined {
  const data = entry[`${name}-data`]
  if (typeof data === 'string' && data !== '') {
    return { kind: 'embedded', text: Buffer.from(data, 'base64').toString('latin1') }
  }
  const path = entry[name]
  return typeof path === 'string' && path !== '' ? { kind: 'path', path: resolvePath(file, path) } : undefined
}

type Entry = { readonly name: string; readonly entry: Mapping }

/** The inner mapping of every entry of a named list: `users[].user`, `clusters[].cluster`. */
function entries(root: Mapping, list: string, inner: string): readonly Entry[] | undefined {
  return mappingList(root[list])?.flatMap((item) => {
    const entry = item[inner]
    return isRecord(entry) ? [{ name: typeof item['name'] === 'string' ? item['name'] : '', entry }] : []
  })
}

/** The server a client that is told nothing else talks to. */
function serverOf(root: Mapping, clusters: readonly Entry[]): string | undefined {
  const current = entries(root, 'contexts', 'context')?.find(({ name }) => name === root['current-context'])
  const [only, more] = clusters
  const used =
    clusters.find(({ name }) => name === current?.entry['cluster']) ?? (more === undefined ? only : undefined)
  const server = used?.entry['server']
  return typeof server === 'string' ? server : undefined
}

/** Reads a kubeconfig: every user's client certificate, every cluster's certificate authority, and the server in use. */
export function readKubeconfig(text: Evidence<string>, file: string): Evidence<Kubeconfig> {
  const document = readDocument(yamlValue(text))
  if (document.kind !== 'observed') return document
  const users = entries(document.fact, 'users', 'user')
  const clusters = entries(document.fact, 'clusters', 'cluster')
  if (document.fact['kind'] !== 'Config' || users === undefined || clusters === undefined) {
    return unavailable('unparsable', document.source, `${file} is not a kubeconfig`)
  }
  const server = serverOf(document.fact, clusters)
  return observed(
    {
      ...(server === undefined ? {} : { server }),
      users: users.flatMap(({ name, entry }) => {
        const certificate = materialOf(entry, 'client-certificate', file)
        const key = materialOf(entry, 'client-key', file)
        return certificate === undefined ? [] : [{ name, certificate, ...(key === undefined ? {} : { key }) }]
      }),
      authorities: clusters.flatMap(({ entry }) => materialOf(entry, 'certificate-authority', file) ?? []),
    },
    document.source,
  )
}
