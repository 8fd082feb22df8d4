import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { serviceAccountKeys } from '../../src/facts/service-account-keys.ts'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { recorded } from '../support/recorded.ts'
import { content, missing, nodeWith, noManifests, noUnits, plain } from '../support/settings-node.ts'
import { certificateText, denied, key, kubeadmNode, publicKeyOf, withFlags } from './files/kubeadm-node.ts'

function publicPem(key: KeyObject): string {
  return String(key.export({ type: 'spki', format: 'pem' }))
}

const pki = '/etc/kubernetes/pki'
const shortKey = publicPem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)
const x25519 = publicPem(generateKeyPairSync('x25519').publicKey)
const accounts = recorded('kubeadm-1.36/pki/sa.pub')

function keys(...changes: readonly RawItem[]): unknown {
  const signing = key(`${pki}/sa.key`, accounts)
  return plain(
    serviceAccountKeys.derive({ fact: 'service-account-keys' }, kubeadmNode([signing, ...changes])),
  )
}

describe('keys of service accounts', () => {
  it('are their own, and verify what is signed, as kubeadm leaves them', () => {
    expect(keys()).toEqual({
      'shared-with-serving': false,
      'verify-signing': true,
      'verify-controller-signing': true,
      'weakest-strength': 112,
    })
  })

  it('are seen to be the serving key, whether kept as certificate, private or public key', () => {
    const shared = {
      'shared-with-serving': true,
      'verify-signing': false,
      'verify-controller-signing': false,
      'weakest-strength': 112,
    }
    expect(keys(content(`${pki}/sa.pub`, certificateText('apiserver')))).toEqual(shared)
    expect(keys(content(`${pki}/sa.pub`, publicKeyOf(certificateText('apiserver'))))).toEqual(shared)
    expect(keys(key(`${pki}/sa.pub`, publicKeyOf(certificateText('apiserver'))))).toEqual(shared)
  })

  it.each([
    ['may not be read', denied('content', `${pki}/sa.pub`), 'permission-denied'],
    ['does not exist', missing('content', `${pki}/sa.pub`), 'ambiguous'],
    ['holds nothing', content(`${pki}/sa.pub`, 'nothing'), 'unparsable'],
    [
      'holds another thing',
      content(`${pki}/sa.pub`, '-----BEGIN X-----\nAA==\n-----END X-----\n'),
      'unparsable',
    ],
    [
      'holds a broken certificate',
      content(`${pki}/sa.pub`, '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'),
      'unparsable',
    ],
  ])('are unknown when their file %s', (_, item, reason) => {
    expect(keys(item)).toMatchObject({ 'shared-with-serving': { unavailable: reason } })
  })

  it('are not compared with a key nobody derived', () => {
    const found = kubeadmNode([key(`${pki}/sa.key`, accounts)], [`key:${pki}/apiserver.key`])
    expect(plain(serviceAccountKeys.derive({ fact: 'service-account-keys' }, found))).toMatchObject({
      'shared-with-serving': { unavailable: 'not-collected' },
      'verify-signing': true,
    })
  })

  it('are compared with what there is', () => {
    const unsigned = withFlags('kube-apiserver', [], ['service-account-signing-key-file'])
    expect(keys(...unsigned)).toMatchObject({ 'shared-with-serving': false, 'verify-signing': undefined })
  })

  it('are as strong as the weakest of them', () => {
    expect(keys(content(`${pki}/sa.pub`, `${accounts}${shortKey}`))).toMatchObject({ 'weakest-strength': 80 })
    expect(keys(content(`${pki}/sa.pub`, `${accounts}${x25519}`))).toMatchObject({
      'weakest-strength': { unavailable: 'unparsable' },
    })
  })

  it('are absent where none is named, and where there is no API server', () => {
    expect(keys(...withFlags('kube-apiserver', [], ['service-account-key-file']))).toBeUndefined()
    const none = nodeWith([...noUnits, ...noManifests])
    expect(serviceAccountKeys.derive({ fact: 'service-account-keys' }, none).kind).toBe('absent')
  })
})
