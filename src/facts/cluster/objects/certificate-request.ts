import { Buffer } from 'node:buffer'
import { type DerElement, derElements } from './der.ts'

const sequence = 0x30
const set = 0x31
const objectId = 0x06

/** 2.5.4.10, organizationName. */
const organization = '55040a'

/** How the texts of a name are written, by tag. */
const encodings: ReadonlyMap<number, (bytes: Uint8Array) => string> = new Map([
  [0x0c, (bytes) => new TextDecoder('utf-8').decode(bytes)],
  [0x12, latin],
  [0x13, latin],
  [0x14, latin],
  [0x16, latin],
  [0x1e, (bytes) => latin(bytes.filter((_, at) => at % 2 === 1))],
])

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

function inside(element: DerElement | undefined, tag: number): readonly DerElement[] | null {
  return element?.tag === tag ? derElements(element.content) : null
}

/**
 * Organizations in the subject of a PKCS #10 request, which become groups of whoever gets the certificate; null where
 * the text is no such request. `pem`: PEM, or PEM in base64 as the API has it.
 */
export function requestedOrganizations(pem: string): readonly string[] | null {
  const text = pem.includes('-----BEGIN') ? pem : Buffer.from(pem, 'base64').toString('latin1')
  const body = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([\s\S]+?)-----END/.exec(text)?.[1]
  if (body === undefined) return null
  const [whole] = derElements(Buffer.from(body, 'base64')) ?? []
  const [info] = inside(whole, sequence) ?? []
  const [, subject] = inside(info, sequence) ?? []
  const names = inside(subject, sequence)
  if (names === null) return null
  const found: string[] = []
  for (const name of names) {
    const pairs = inside(name, set)
    if (pairs === null) return null
    for (const pair of pairs) {
      const [type, value] = inside(pair, sequence) ?? []
      if (type?.tag !== objectId || value === undefined) return null
      if (Buffer.from(type.content).toString('hex') !== organization) continue
      const read = encodings.get(value.tag)
      if (read === undefined) return null
      found.push(read(value.content))
    }
  }
  return found
}
