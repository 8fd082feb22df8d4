import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Hop } from '../../../src/collect/ssh/hop.ts'
import { decideHostKey } from '../../../src/collect/ssh/host-key.ts'
import {
  entriesFor,
  fingerprint,
  hostKeyAlgorithms,
  judgeHostKey,
  keyTypeOf,
  knownHostsName,
  parseKnownHosts,
} from '../../../src/collect/ssh/known-hosts.ts'

function blob(type: string, body: string): Buffer {
  const part = (text: string): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.length)
    return Buffer.concat([length, Buffer.from(text)])
  }
  return Buffer.concat([part(type), part(body.padEnd(32, '.'))])
}

const key = blob('ssh-ed25519', 'one')
const other = blob('ssh-ed25519', 'two')
const ecdsa = blob('ecdsa-sha2-nistp256', 'three')
const rsa = blob('ssh-rsa', 'four')
const line = (hosts: string, which: Buffer, marker = ''): string =>
  `${marker}${hosts} ${keyTypeOf(which)} ${which.toString('base64')} comment`
const hashed = (name: string): string => {
  const salt = Buffer.from('0123456789abcdefghij')
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}
const judge = (lines: readonly string[], shown: Buffer, name = 'cp-1') =>
  judgeHostKey(entriesFor(parseKnownHosts(lines.join('\n'), 'kh'), name), shown)

describe('known_hosts', () => {
  it.each([
    ['a plain name', 'cp-1', 'cp-1', true],
    ['one of several names', '10.0.0.1,cp-1', 'cp-1', true],
    ['a pattern', 'cp-?', 'cp-1', true],
    ['a negated pattern', 'cp-*,!cp-1', 'cp-1', false],
    ['a name and port', '[cp-1]:2222', '[cp-1]:2222', true],
    ['a name without the port', 'cp-1', '[cp-1]:2222', false],
    ['a hashed name', hashed('cp-1'), 'cp-1', true],
    ['another hashed name', hashed('cp-2'), 'cp-1', false],
    ['a hash of another kind', hashed('cp-1').replace('|1|', '|2|'), 'cp-1', false],
    ['a broken hash', '|1|x', 'cp-1', false],
    ['a short digest', '|1|YWJj|YWJj', 'cp-1', false],
  ])('%s: %s for %s', (...[, hosts, name, isKnown]) => {
    expect(judge([line(hosts, key)], key, name).kind).toBe(isKnown ? 'trusted' : 'unknown')
  })

  it('leaves out lines that are none', () => {
    const lines = [
      '',
      '# comment',
      'cp-1',
      'cp-1 ssh-ed25519',
      `cp-1 ssh-rsa ${key.toString('base64')}`,
      'cp-1 ssh-ed25519 !!',
      `@future ${line('cp-1', key)}`,
      '@revoked',
    ]

    expect(parseKnownHosts(lines.join('\n'), 'kh')).toEqual([])
  })

  it('names where an entry stands', () => {
    expect(parseKnownHosts(`\r\n${line('a', key)}\r\n`, 'kh')).toMatchObject([{ at: 'kh:2', marker: 'none' }])
  })

  it('calls a key changed only when one of its type is known', () => {
    expect(judge(['# x', line('cp-1', other)], key)).toEqual({
      kind: 'changed',
      at: 'kh:2',
      known: fingerprint(other),
    })
    expect(judge([line('cp-1', ecdsa)], key)).toEqual({
      kind: 'unknown',
      knownTypes: ['ecdsa-sha2-nistp256'],
      certificateAuthority: null,
    })
    expect(judge([line('cp-1', other), line('cp-1', key)], key).kind).toBe('trusted')
  })

  it('refuses a revoked key whatever else is known, and no other key for it', () => {
    expect(judge([line('cp-1', key), line('*', key, '@revoked ')], key)).toEqual({
      kind: 'revoked',
      at: 'kh:2',
    })
    expect(judge([line('cp-1', key), line('*', other, '@revoked ')], key).kind).toBe('trusted')
  })

  it('never trusts a key because it signs certificates', () => {
    expect(judge([line('*', key, '@cert-authority ')], key)).toEqual({
      kind: 'unknown',
      knownTypes: [],
      certificateAuthority: 'kh:1',
    })
  })

  it('writes names as ssh does', () => {
    expect(knownHostsName('CP-1', 22)).toBe('cp-1')
    expect(knownHostsName('fe80::1', 2222)).toBe('[fe80::1]:2222')
  })

  it('shows the fingerprint that ssh-keygen shows', () => {
    const real = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'

    const said = execFileSync('ssh-keygen', ['-lf', '-'], {
      input: `ssh-ed25519 ${real}\n`,
      encoding: 'utf8',
    })

    expect(said).toContain(fingerprint(Buffer.from(real, 'base64')))
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a length and no name', Buffer.from([0, 0, 0, 9, 1])],
    ['an absurd length', Buffer.from([255, 255, 255, 255, 1])],
  ])('takes %s for no key', (_what, bytes) => {
    expect(keyTypeOf(bytes)).toBe('')
  })

  it('asks for the kinds of key that are known first, and never for SHA-1', () => {
    const entries = parseKnownHosts(
      [line('a', rsa), line('a', ecdsa), line('*', key, '@revoked ')].join('\n'),
      'kh',
    )

    expect(hostKeyAlgorithms(entries)).toEqual([
      'ecdsa-sha2-nistp256',
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
    ])
    expect(hostKeyAlgorithms([])[0]).toBe('ssh-ed25519')
    expect(hostKeyAlgorithms([])).not.toContain('ssh-rsa')
  })
})

describe('the decision over a host key', () => {
  const hop = (hostKeyCheck: Hop['hostKeyCheck'], changes: Partial<Hop> = {}): Hop => ({
    alias: 'cp-1',
    host: 'cp-1',
    port: 22,
    user: 'me',
    identityFiles: [],
    areIdentitiesNamed: false,
    identitiesOnly: false,
    agentSocket: null,
    knownHostsName: 'cp-1',
    knownHostsFiles: ['kh'],
    acceptInto: '/home/me/.ssh/known_hosts',
    hostKeyCheck,
    family: null,
    ...changes,
  })
  const decide = (lines: readonly string[], check: Hop['hostKeyCheck'], sendsPassword = false) =>
    decideHostKey(hop(check), key, { known: parseKnownHosts(lines.join('\n'), 'kh'), sendsPassword })

  it.each([
    ['trusted', [line('cp-1', key)], { strict: 'accept', 'accept-new': 'accept', off: 'accept' }],
    ['unknown', [], { strict: 'refuse', 'accept-new': 'accept', off: 'accept' }],
    ['changed', [line('cp-1', other)], { strict: 'refuse', 'accept-new': 'refuse', off: 'accept' }],
    ['revoked', [line('*', key, '@revoked ')], { strict: 'refuse', 'accept-new': 'refuse', off: 'refuse' }],
    [
      'certificate authority',
      [line('*', other, '@cert-authority ')],
      { strict: 'refuse', 'accept-new': 'accept', off: 'accept' },
    ],
  ] as const)('%s', (_what, lines, expected) => {
    for (const check of ['strict', 'accept-new', 'off'] as const)
      expect(decide(lines, check).kind).toBe(expected[check])
  })

  it('says of an unknown key which kinds of key are known there', () => {
    expect(decide([line('cp-1', ecdsa), line('cp-1', rsa)], 'strict')).toMatchObject({
      kind: 'refuse',
      detail: expect.stringMatching(/; known there: ecdsa-sha2-nistp256, ssh-rsa$/),
    })
    expect(decide([], 'strict')).not.toMatchObject({ detail: expect.stringContaining('known there') })
  })

  it('sends no password over a changed key', () => {
    expect(decide([line('cp-1', other)], 'off', true).kind).toBe('refuse')
  })

  it('adds an accepted new key, and nothing for a known one', () => {
    expect(decide([], 'accept-new')).toEqual({
      kind: 'accept',
      add: `cp-1 ssh-ed25519 ${key.toString('base64')}`,
    })
    expect(decide([line('cp-1', key)], 'accept-new')).toEqual({ kind: 'accept', add: null })
  })

  it('quotes what goes into a command', () => {
    const decision = decideHostKey(
      hop('strict', { alias: 'short', knownHostsName: "[a'b]:2", acceptInto: null }),
      key,
      { known: [], sendsPassword: false },
    )

    expect(decision).toMatchObject({
      kind: 'refuse',
      detail: expect.stringContaining('short (cp-1:22)'),
      next: expect.stringContaining(`echo '[a'\\''b]:2 ssh-ed25519`),
    })
    expect(decision).toMatchObject({ next: expect.stringContaining('ssh_host_ed25519_key.pub') })
  })
})
