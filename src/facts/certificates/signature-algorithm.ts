/** Names of signature algorithms by object identifier (RFC 8017, RFC 5758, RFC 8410). */
const names: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.4', 'md5-rsa'],
  ['1.2.840.113549.1.1.5', 'sha1-rsa'],
  ['1.2.840.113549.1.1.10', 'rsa-pss'],
  ['1.2.840.113549.1.1.11', 'sha256-rsa'],
  ['1.2.840.113549.1.1.12', 'sha384-rsa'],
  ['1.2.840.113549.1.1.13', 'sha512-rsa'],
  ['1.2.840.113549.1.1.14', 'sha224-rsa'],
  ['1.2.840.10045.4.1', 'sha1-ecdsa'],
  ['1.2.840.10045.4.3.1', 'sha224-ecdsa'],
  ['1.2.840.10045.4.3.2', 'sha256-ecdsa'],
  ['1.2.840.10045.4.3.3', 'sha384-ecdsa'],
  ['1.2.840.10045.4.3.4', 'sha512-ecdsa'],
  ['1.3.101.112', 'ed25519'],
  ['1.3.101.113', 'ed448'],
])

interface Element {
  readonly tag: number
  readonly start: number
  readonly end: number
}

/** Reads one DER header; undefined where the bytes do not hold one. */
function elementAt(der: Uint8Array, at: number): Element | undefined {
  const tag = der[at]
  const first = der[at + 1]
  if (tag === undefined || first === undefined) return undefined
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first }
  const bytes = der.subarray(at + 2, at + 2 + (first & 0x7f))
  const length = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return { tag, start: at + 2 + bytes.length, end: at + 2 + bytes.length + length }
}

/** Dotted form of an encoded object identifier. */
function dotted(bytes: Uint8Array): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of bytes) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [head = 0, ...rest] = arcs
  const root = Math.min(Math.floor(head / 40), 2)
  return [root, head - root * 40, ...rest].join('.')
}

/**
 * The algorithm a certificate was signed with, from its DER: Certificate ::= { tbs, algorithm { oid … }, signature }.
 * node:crypto tells it from version 24.9 on only.
 */
export function signatureAlgorithm(der: Uint8Array): string | undefined {
  const certificate = elementAt(der, 0)
  const body = certificate && elementAt(der, certificate.start)
  const algorithm = body && elementAt(der, body.end)
  const oid = algorithm && elementAt(der, algorithm.start)
  if (oid === undefined || oid.tag !== 0x06 || oid.end > der.length) return undefined
  const name = dotted(der.subarray(oid.start, oid.end))
  return names.get(name) ?? name
}
