import type { Evidence } from '../../model/evidence.ts'
import { observed, unavailable } from '../../model/evidence.ts'
import { isRecord, lookUp } from '../text/document.ts'
import type { Mapping } from './document.ts'
import { mappingList, readDocument, stringList } from './document.ts'

/** Encryption providers, as the fact names them. */
export type Provider = 'identity' | 'aescbc' | 'aesgcm' | 'secretbox' | 'kms-v1' | 'kms-v2'

/** Providers of the entry that decides for secrets, in order; none when no entry matches. */
export interface SecretEncryption {
  readonly providers: readonly Provider[]
}

const kinds = ['identity', 'aescbc', 'aesgcm', 'secretbox', 'kms'] as const

/** Ways an entry names secrets of the core group: `resource`, `resource.group`, and wildcards (1.27 and later). */
const secretNames = ['secrets', 'secrets.', '*.', '*.*']

function providerOf(entry: Mapping): Provider | undefined {
  const given = kinds.filter((kind) => isRecord(entry[kind]))
  const [kind] = given
  if (kind === undefined || given.length > 1) return undefined
  if (kind !== 'kms') return kind
  const version = lookUp(entry, ['kms', 'apiVersion']) ?? 'v1' // The default of the type.
  if (version === 'v1') return 'kms-v1'
  return version === 'v2' ? 'kms-v2' : undefined
}

function providersOf(entry: Mapping): readonly Provider[] | undefined {
  const providers = mappingList(entry['providers'])?.map(providerOf)
  if (providers === undefined || providers.length === 0) return undefined
  const known = providers.filter((provider) => provider !== undefined)
  return known.length === providers.length ? known : undefined
}

/** What an EncryptionConfiguration does to secrets: the first entry that names them decides. */
export function readEncryption(file: Evidence<unknown>): Evidence<SecretEncryption> {
  const document = readDocument(file, {
    kind: 'EncryptionConfiguration',
    apiVersions: ['apiserver.config.k8s.io/v1'],
  })
  if (document.kind !== 'observed') return document
  const { source } = document
  const refuse = (detail: string): Evidence<SecretEncryption> => unavailable('unparsable', source, detail)
  const entries = mappingList(document.fact['resources'])
  if (entries === undefined || entries.length === 0) return refuse('it lists no resources')
  const read = entries.map((entry) => ({
    names: stringList(entry['resources']),
    providers: providersOf(entry),
  }))
  if (read.some(({ names }) => names === undefined || names.length === 0))
    return refuse('an entry names no resources')
  if (read.some(({ providers }) => providers === undefined))
    return refuse('an entry has an unknown provider, or none')
  const first = read.find(({ names }) => names?.some((name) => secretNames.includes(name)))
  return observed({ providers: first?.providers ?? [] }, source)
}
