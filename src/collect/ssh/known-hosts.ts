import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { matchesPatterns } from './host-pattern.ts'

/** One usable line of a known_hosts file. */
export interface KnownHost {
  readonly marker: 'none' | 'cert-authority' | 'revoked'
  readonly patterns: readonly string[]
  readonly keyType: string
  readonly key: Buffer
  /** `file:line`, for messages. */
  readonly at: string
}

/** The lines of one known_hosts file; what is not a line of that form is left out, as ssh does. */
export function parseKnownHosts(text: string, path: string): readonly KnownHost[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return []
    const words = line.split(/\s+/)
    const marker = markerOf(line)
    if (marker === null) return []
    const [hosts, keyType, encoded] = marker === 'none' ? words : words.slice(1)
    if (hosts === undefined || keyType === undefined || encoded === undefined) return []
    const key = Buffer.from(encoded, 'base64')
    if (keyTypeOf(key) !== keyType) return []
    return [{ marker, patterns: hosts.split(','), keyType, key, at: `${path}:${index + 1}` }]
  })
}

function markerOf(line: string): KnownHost['marker'] | null {
  if (/^@cert-authority\s/.test(line)) return 'cert-authority'
  if (/^@revoked\s/.test(line)) return 'revoked'
  return line.startsWith('@') ? null : 'none'
}

/** The type a public key blob names itself with; empty when it is not one. */
export function keyTypeOf(key: Uint8Array): string {
  const bytes = Buffer.from(key)
  if (bytes.length < 4) return ''
  const length = bytes.readUInt32BE(0)
  return length > 64 || length + 4 > bytes.length ? '' : bytes.toString('latin1', 4, 4 + length)
}

/** How a host is written in known_hosts. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

/** The entries that speak about this name, in file order. */
export function entriesFor(known: readonly KnownHost[], name: string): readonly KnownHost[] {
  return known.filter(({ patterns }) => patternsMatch(patterns, name))
}

function patternsMatch(patterns: readonly string[], name: string): boolean {
  const [first = ''] = patterns
  return first.startsWith('|')
    ? patterns.some((hashed) => hashMatches(hashed, name))
    : matchesPatterns(patterns, name)
}

/** `|1|salt|HMAC-SHA1(salt, name)`. */
function hashMatches(hashed: string, name: string): boolean {
  const [, version, salt, digest] = hashed.split('|')
  if (version !== '1' || salt === undefined || digest === undefined) return false
  const expected = Buffer.from(digest, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

/** `SHA256:…` as ssh-keygen shows it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** What known_hosts says of a key a host has shown. */
export type HostKeyVerdict =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'revoked'; readonly at: string }
  | { readonly kind: 'changed'; readonly at: string; readonly known: string }
  | {
      readonly kind: 'unknown'
      readonly knownTypes: readonly string[]
      readonly certificateAuthority: string | null
    }

/** Judges one shown key by the entries of its host. A revoked key is refused whatever else is said of it. */
export function judgeHostKey(entries: readonly KnownHost[], shown: Uint8Array): HostKeyVerdict {
  const same = entries.filter(({ key }) => key.equals(shown))
  const revoked = same.find(({ marker }) => marker === 'revoked')
  if (revoked !== undefined) return { kind: 'revoked', at: revoked.at }
  if (same.some(({ marker }) => marker === 'none')) return { kind: 'trusted' }
  const plain = entries.filter(({ marker }) => marker === 'none')
  const changed = plain.find(({ keyType }) => keyType === keyTypeOf(shown))
  if (changed !== undefined) return { kind: 'changed', at: changed.at, known: fingerprint(changed.key) }
  const authority = entries.find(({ marker }) => marker === 'cert-authority')
  return {
    kind: 'unknown',
    knownTypes: [...new Set(plain.map(({ keyType }) => keyType))],
    certificateAuthority: authority?.at ?? null,
  }
}

const offered = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const
export type HostKeyAlgorithm = (typeof offered)[number]

/**
 * Host key algorithms to ask for, those of known keys first: a host known by one key and asked for another would
 * be refused for no reason. SHA-1 signatures (`ssh-rsa`) are never asked for.
 */
export function hostKeyAlgorithms(entries: readonly KnownHost[]): HostKeyAlgorithm[] {
  const types = new Set(entries.filter(({ marker }) => marker === 'none').map(({ keyType }) => keyType))
  const isKnown = (algorithm: string): boolean =>
    types.has(algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm)
  return [...offered.filter(isKnown), ...offered.filter((algorithm) => !isKnown(algorithm))]
}
