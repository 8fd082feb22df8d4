import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeCertificate, parseCertificate } from '../../../src/facts/certificates/certificate.ts'
import { misfitFor } from '../../../src/facts/certificates/fitness.ts'
import { firstAddress, ipText, parseIp } from '../../../src/facts/certificates/ip-address.ts'
import { isNamed } from '../../../src/facts/certificates/names.ts'
import { keyStrength } from '../../../src/facts/certificates/strength.ts'
import { certificateText } from '../files/kubeadm-node.ts'

describe('an address', () => {
  it.each([
    ['10.96.0.1', '10.96.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['fd00:10:96::', 'fd00:10:96:0:0:0:0:0'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8:0:0:0:0:0:1'],
    ['::ffff:10.0.0.1', '0:0:0:0:0:ffff:a00:1'],
  ])('is the same however it is written: %s', (text, other) => {
    const address = parseIp(text)
    expect(address && ipText(address)).toBe(other)
    expect(parseIp(other)).toEqual(address)
  })

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    'kubernetes',
    ':',
    '1::2::3',
    '1:2:3',
    '1:2:3:4:5:6:7:8::',
    'g::1',
    '::1.2.3.400',
  ])('is not read out of %j', (text) => {
    expect(parseIp(text)).toBeUndefined()
  })

  it.each([
    ['10.96.0.0/12', '10.96.0.1'],
    ['10.96.7.9/16', '10.96.0.1'],
    ['fd00:10:96::/112', 'fd00:10:96:0:0:0:0:1'],
  ])('of the API server’s service is the first of %s', (range, first) => {
    const address = firstAddress(range)
    expect(address && ipText(address)).toBe(first)
  })

  it.each(['10.96.0.0', '10.96.0.0/33', '10.96.0.0/x', '10.96.0.0/12/8', 'all/8', ''])(
    'is not made up for %j',
    (range) => {
      expect(firstAddress(range)).toBeUndefined()
    },
  )
})

describe('a name', () => {
  const names = [
    'DNS:kubernetes',
    'DNS:*.example.com',
    'IP Address:10.96.0.1',
    'IP Address:FD00:0:0:0:0:0:0:1',
  ]

  it.each(['kubernetes', 'KUBERNETES', 'kubernetes.', 'api.example.com', '10.96.0.1', 'fd00::1'])(
    'stands for %s',
    (wanted) => {
      expect(isNamed(names, wanted)).toBe(true)
    },
  )

  it.each(['kubernetes.default', 'example.com', 'a.b.example.com', 'example', '10.96.0.2', '::1', '0.0.0.1'])(
    'does not stand for %s',
    (wanted) => {
      expect(isNamed(names, wanted)).toBe(false)
    },
  )

  it('written as text is no address, nor an address a host', () => {
    expect(isNamed(['DNS:10.96.0.1'], '10.96.0.1')).toBe(false)
    expect(isNamed(['IP Address:10.96.0.1'], 'IP Address:10.96.0.1')).toBe(false)
  })
})

describe('the strength of a key', () => {
  const rsa = (modulusLength: number): KeyObject => generateKeyPairSync('rsa', { modulusLength }).publicKey

  it('compares kinds of keys by bits of security', () => {
    expect(keyStrength(rsa(512))).toBe(0)
    expect(keyStrength(rsa(1024))).toBe(80)
    expect(keyStrength(rsa(2047))).toBe(80)
    expect(keyStrength(rsa(2048))).toBe(112)
    expect(keyStrength(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toBe(128)
    expect(keyStrength(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey)).toBe(260)
    expect(keyStrength(generateKeyPairSync('ed25519').publicKey)).toBe(128)
    expect(keyStrength(generateKeyPairSync('ed448').publicKey)).toBe(224)
  })

  it('is not known of what cannot be measured', () => {
    expect(keyStrength(generateKeyPairSync('x25519').publicKey)).toBeUndefined()
  })
})

describe('a certificate', () => {
  const misfit = (name: string, purpose: Parameters<typeof misfitFor>[1]): string | undefined => {
    const parsed = parseCertificate(certificateText(name))
    const details = parsed && describeCertificate(parsed)
    if (details === undefined) throw new Error(name)
    return misfitFor(details, purpose)
  }

  it('lacks in words what its use needs', () => {
    expect(misfit('apiserver-kubelet-client', 'serving')).toBe(
      'its extended key usage does not allow servers',
    )
    expect(misfit('apiserver-kubelet-client', 'peer')).toBe('its extended key usage does not allow servers')
    expect(misfit('apiserver', 'peer')).toBe('its extended key usage does not allow clients')
    expect(misfit('apiserver', 'client')).toBe('its extended key usage does not allow clients')
    expect(misfit('apiserver', 'ca')).toBe('it is not an authority (CA:FALSE)')
  })

  it('lacks nothing where it fits', () => {
    expect(misfit('apiserver', 'serving')).toBeUndefined()
    expect(misfit('apiserver-kubelet-client', 'client')).toBeUndefined()
    expect(misfit('etcd/peer', 'peer')).toBeUndefined()
    expect(misfit('ca', 'ca')).toBeUndefined()
    expect(misfit('apiserver', 'service-account')).toBeUndefined()
  })
})
