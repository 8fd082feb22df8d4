import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { requestedOrganizations } from '../../../src/facts/cluster/objects/certificate-request.ts'
import { derElements } from '../../../src/facts/cluster/objects/der.ts'

const directory = mkdtempSync(join(tmpdir(), 'khard-csr-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function request(subject: string, ...more: readonly string[]): string {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', join(directory, 'key')]
  return execFileSync('openssl', ['req', '-new', ...key, '-subj', subject, ...more], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

const pem = (bytes: readonly number[]): string =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`

/** An element with its content. */
const el = (tag: number, ...content: readonly number[]): readonly number[] => [
  tag,
  content.length,
  ...content,
]
const version = el(2, 0)
const inRequest = (...subject: readonly number[]): string =>
  pem(el(0x30, ...el(0x30, ...version, ...el(0x30, ...subject))))
const organization = el(6, 0x55, 4, 0x0a)

describe('a certificate request', () => {
  it('says which organizations it asks for, in PEM and in base64', () => {
    const text = request('/C=XX/O=system:masters/O=ops/OU=system:nodes/CN=system:admin')
    expect(requestedOrganizations(text)).toEqual(['system:masters', 'ops'])
    expect(requestedOrganizations(Buffer.from(text).toString('base64'))).toEqual(['system:masters', 'ops'])
  })

  it('asks for none, in several values of one name, and in letters of any kind', () => {
    expect(requestedOrganizations(request('/CN=system:masters'))).toEqual([])
    expect(requestedOrganizations(request('/CN=a+O=ops', '-multivalue-rdn'))).toEqual(['ops'])
    expect(requestedOrganizations(request('/O=Bücher', '-utf8'))).toEqual(['Bücher'])
  })

  it.each([
    [0x0c, [0x61], 'a'],
    [0x12, [0x31], '1'],
    [0x13, [0x61], 'a'],
    [0x14, [0x61], 'a'],
    [0x16, [0x61], 'a'],
    [0x1e, [0, 0x61, 0, 0x62], 'ab'],
  ])('has texts of kind %i', (tag, bytes, text) => {
    const name = el(0x31, ...el(0x30, ...organization, ...el(tag, ...bytes)))
    expect(requestedOrganizations(inRequest(...name))).toEqual([text])
  })

  it.each([
    ['nothing', ''],
    ['no PEM', 'aGVsbG8='],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----'],
    ['nothing in it', pem([0x30, 0])],
    ['bytes that end too soon', pem([0x30, 5, 1])],
    ['a name that is no set', inRequest(...el(0x30))],
    ['a name that is cut', inRequest(...el(0x31, 0x30, 9))],
    ['a pair without a type', inRequest(...el(0x31, ...el(0x30)))],
    ['a type that is none', inRequest(...el(0x31, ...el(0x30, ...el(2, 1), ...el(0x0c, 0x61))))],
    ['a type without a value', inRequest(...el(0x31, ...el(0x30, ...organization)))],
    ['a value of an unknown kind', inRequest(...el(0x31, ...el(0x30, ...organization, ...el(4, 0x61))))],
  ])('cannot be read from %s', (_, text) => {
    expect(requestedOrganizations(text)).toBeNull()
  })
})

describe('DER', () => {
  it.each([
    ['long sizes', [4, 0x81, 1, 7], [{ tag: 4, content: [7] }]],
    ['a size that is not there', [4], null],
    ['a size without end', [4, 0x80, 0, 0], null],
    ['a size of too many bytes', [4, 0x84, 0, 0, 0, 1, 7], null],
    ['a size that is cut', [4, 0x82, 1], null],
    ['a tag of several bytes', [0x1f, 1, 0], null],
  ])('is read with %s', (_, bytes, expected) => {
    const read = derElements(Uint8Array.from(bytes))
    expect(read === null ? null : read.map(({ tag, content }) => ({ tag, content: [...content] }))).toEqual(
      expected,
    )
  })
})
