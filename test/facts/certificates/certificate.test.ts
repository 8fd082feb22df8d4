import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CertificateDetails } from '../../../src/facts/certificates/certificate.ts'
import {
  daysLeft,
  describeCertificate,
  isSelfSigned,
  lifetimeDays,
  parseCertificate,
  publicKeyFingerprint,
} from '../../../src/facts/certificates/certificate.ts'
import { chainsTo, endsInOwnRoot } from '../../../src/facts/certificates/chain.ts'
import { misfitFor } from '../../../src/facts/certificates/fitness.ts'
import { sharedSubjects } from '../../../src/facts/certificates/overlap.ts'
import { opensslPki } from './openssl.ts'

const recorded = join(import.meta.dirname, '../../recorded/kubeadm-1.36/pki')
const read = (name: string) => {
  const certificate = parseCertificate(readFileSync(join(recorded, name), 'utf8'))
  if (certificate === undefined) throw new Error(`${name} does not parse`)
  return certificate
}
const details = (pem: string): CertificateDetails => {
  const certificate = parseCertificate(pem)
  const described = certificate && describeCertificate(certificate)
  if (described === undefined) throw new Error('does not describe')
  return described
}

function fits(...[details, purpose]: Parameters<typeof misfitFor>): boolean {
  return misfitFor(details, purpose) === undefined
}

describe('a certificate kubeadm issued', () => {
  it('says what it is', () => {
    expect(describeCertificate(read('apiserver.crt'))).toMatchObject({
      subject: 'CN=kube-apiserver',
      issuer: 'CN=kubernetes',
      commonName: 'kube-apiserver',
      isCa: false,
      selfSigned: false,
      keyAlgorithm: 'rsa',
      keyBits: 2048,
      signatureAlgorithm: 'sha256-rsa',
      names: [
        'DNS:cp-1',
        'DNS:kubernetes',
        'DNS:kubernetes.default',
        'DNS:kubernetes.default.svc',
        'DNS:kubernetes.default.svc.cluster.local',
        'IP Address:10.96.0.1',
        'IP Address:192.0.2.2',
      ],
    })
  })

  it('lives a year, its CA ten', () => {
    const leaf = describeCertificate(read('apiserver.crt'))
    const ca = describeCertificate(read('ca.crt'))

    expect(leaf && lifetimeDays(leaf)).toBe(365)
    expect(ca && lifetimeDays(ca)).toBe(3650)
    expect(ca).toMatchObject({ isCa: true, selfSigned: true })
  })

  it('chains to its own CA and to no other', () => {
    const leaf = read('apiserver.crt')

    expect(chainsTo(leaf, [], [read('ca.crt')])).toBe(true)
    expect(chainsTo(leaf, [], [read('etcd/ca.crt')])).toBe(false)
    expect(chainsTo(leaf, [], [])).toBe(false)
  })

  it('serves or is a client, as issued', () => {
    const serving = describeCertificate(read('apiserver.crt'))
    const client = describeCertificate(read('apiserver-kubelet-client.crt'))
    const etcd = describeCertificate(read('etcd/server.crt'))

    expect(serving && [fits(serving, 'serving'), fits(serving, 'client')]).toEqual([true, false])
    expect(client && [fits(client, 'serving'), fits(client, 'client')]).toEqual([false, true])
    expect(etcd && [fits(etcd, 'peer'), fits(etcd, 'ca')]).toEqual([true, false])
  })

  it('has its own CA for etcd', () => {
    expect(sharedSubjects([read('etcd/ca.crt')], [read('ca.crt')])).toEqual([])
    expect(sharedSubjects([read('etcd/ca.crt')], [read('ca.crt'), read('etcd/ca.crt')])).toEqual([
      'CN=etcd-ca',
    ])
  })
})

describe('days left', () => {
  const ends = Date.UTC(2027, 0, 1)
  const until = (notAfterMs: number): CertificateDetails => ({
    ...details(readFileSync(join(recorded, 'ca.crt'), 'utf8')),
    notAfterMs,
  })

  it.each([
    [ends - 86_400_000, 1, 'a whole day before'],
    [ends - 86_399_999, 0, 'less than a day before'],
    [ends, 0, 'at the last moment of validity'],
    [ends + 1, -1, 'just after it'],
    [ends + 86_400_000, -1, 'a day after'],
    [ends + 86_400_001, -2, 'more than a day after'],
  ])('at %d is %d: %s', (atMs, days) => {
    expect(daysLeft(until(ends), atMs)).toBe(days)
  })

  it('is negative exactly when the certificate has expired', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (offset) => {
        expect(daysLeft(until(ends), ends + offset) < 0).toBe(offset > 0)
      }),
    )
  })
})

describe('certificates of all kinds', () => {
  const pki = opensslPki()
  const pems: Record<string, string> = {}
  beforeAll(() => {
    const ca = ['basicConstraints=critical,CA:TRUE', 'keyUsage=keyCertSign']
    const leaf = ['basicConstraints=critical,CA:FALSE']
    pems['root'] = pki.issue({ name: 'root', subject: '/CN=root', extensions: ca })
    pems['middle'] = pki.issue({ name: 'middle', subject: '/CN=middle', issuer: 'root', extensions: ca })
    pems['leaf'] = pki.issue({ name: 'leaf', subject: '/CN=leaf', issuer: 'middle', extensions: leaf })
    pems['impostor'] = pki.issue({ name: 'impostor', subject: '/CN=root', extensions: ca })
    pems['notCa'] = pki.issue({ name: 'notCa', subject: '/CN=not-ca', extensions: leaf })
    pems['underNotCa'] = pki.issue({
      name: 'underNotCa',
      subject: '/CN=under',
      issuer: 'notCa',
      extensions: leaf,
    })
    pems['p384'] = pki.issue({
      name: 'p384',
      subject: '/CN=p384',
      key: ['ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1'],
    })
    pems['ed'] = pki.issue({ name: 'ed', subject: '/CN=ed', key: ['ed25519'] })
    pems['masters'] = pki.issue({ name: 'masters', subject: '/O=one/O=system:masters+CN=admin' })
    pems['comma'] = pki.issue({
      name: 'comma',
      subject: '/CN=c',
      extensions: ['subjectAltName=DNS:a.b,URI:urn:x'],
    })
  })
  afterAll(() => pki.remove())
  const parse = (name: string) => {
    const certificate = parseCertificate(pems[name] ?? '')
    if (certificate === undefined) throw new Error(name)
    return certificate
  }

  it('names key and signature algorithms', () => {
    expect(describeCertificate(parse('p384'))).toMatchObject({
      keyAlgorithm: 'ec',
      keyBits: 384,
      signatureAlgorithm: 'sha256-ecdsa',
    })
    expect(describeCertificate(parse('ed'))).toMatchObject({
      keyAlgorithm: 'ed25519',
      keyBits: 256,
      signatureAlgorithm: 'ed25519',
    })
  })

  it('sees an organization that hides in a name part with several values', () => {
    expect(describeCertificate(parse('masters'))?.organizations).toEqual(['one', 'system:masters'])
  })

  it('chains over an intermediate that was sent along, and not without it', () => {
    expect(chainsTo(parse('leaf'), [parse('middle')], [parse('root')])).toBe(true)
    expect(chainsTo(parse('leaf'), [], [parse('root')])).toBe(false)
  })

  it('is not fooled by a CA of the same name with another key', () => {
    expect(chainsTo(parse('leaf'), [parse('middle')], [parse('impostor')])).toBe(false)
  })

  it('accepts no issuer that is not a CA', () => {
    expect(chainsTo(parse('underNotCa'), [], [parse('notCa')])).toBe(false)
  })

  it('knows a certificate that signed itself', () => {
    expect(isSelfSigned(parse('notCa'))).toBe(true)
    expect(isSelfSigned(parse('leaf'))).toBe(false)
    expect(endsInOwnRoot(parse('leaf'), [parse('middle'), parse('root')])).toBe(true)
    expect(endsInOwnRoot(parse('leaf'), [parse('middle')])).toBe(false)
  })

  it('matches a key to its certificate by the public half', () => {
    const fingerprint = describeCertificate(parse('leaf'))?.keyFingerprint

    expect(publicKeyFingerprint(pki.publicKey('leaf'))).toBe(fingerprint)
    expect(publicKeyFingerprint(pki.publicKey('root'))).not.toBe(fingerprint)
    expect(
      publicKeyFingerprint('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'),
    ).toBeUndefined()
  })

  it('fits no serving use without names', () => {
    expect(fits(details(pems['comma'] ?? ''), 'serving')).toBe(true)
    expect(fits(details(pems['ed'] ?? ''), 'serving')).toBe(false)
  })

  it('parses nothing out of rubbish', () => {
    expect(parseCertificate('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')).toBeUndefined()
    expect(parseCertificate(pki.privateKey('root'))).toBeUndefined()
    expect(parseCertificate('')).toBeUndefined()
  })
})
