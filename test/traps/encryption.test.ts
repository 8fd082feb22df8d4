import { describe, expect, it } from 'vitest'
import { aNode, denied, file, shapes } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const path = '/etc/kubernetes/encryption.yaml'
const flag = `--encryption-provider-config=${path}`
const key = '{ keys: [{ name: key1, secret: <redacted> }] }'
const document = (...entries: readonly string[]) =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n${entries.map((entry) => `- ${entry}\n`).join('')}`
const entry = (resources: string, ...providers: readonly string[]) =>
  `{ resources: [${resources}], providers: [${providers.join(', ')}] }`

describe.each(shapes)('encryption at rest of the API server as %s', (_, start) => {
  const started = (text: string, ...flags: readonly string[]) =>
    aNode(start('kube-apiserver', flags), file(path, { text }))
  const ask = (check: string, text: string, parameters = {}) =>
    verdictOf(started(text, flag), `kube-apiserver.${check}`, { parameters })

  it('fails when what is written is not encrypted, whatever else the file holds', () => {
    const identityFirst = document(entry('secrets', '{ identity: {} }', `{ aescbc: ${key} }`))
    expect(ask('encryption-provider-strong', identityFirst)).toMatchObject({
      verdict: 'fail',
      observed: 'identity',
    })
    expect(
      ask('encryption-provider-strong', document(entry('secrets', `{ aescbc: ${key} }`, '{ identity: {} }')))
        .verdict,
    ).toBe('pass')
  })

  it.each([
    ['the only provider', ['{ identity: {} }'], 'fail'],
    ['the first provider', ['{ identity: {} }', `{ aescbc: ${key} }`], 'fail'],
    ['the last provider', [`{ aescbc: ${key} }`, '{ identity: {} }'], 'pass'],
  ])('does not cover secrets while clear text is %s', (_which, providers, verdict) => {
    expect(ask('encryption-configured', document(entry('secrets', ...providers))).verdict).toBe(verdict)
  })

  it('says what writes secrets where nothing encrypts them', () => {
    expect(verdictOf(started('', '--v=2'), 'kube-apiserver.encryption-provider-strong')).toMatchObject({
      verdict: 'fail',
      reason: 'The first provider for Secrets is not set, not one of aescbc, secretbox, kms-v1, kms-v2.',
    })
  })

  it('fails when the file speaks of everything but secrets', () => {
    const other = document(entry('configmaps', `{ aescbc: ${key} }`))
    expect(ask('encryption-configured', other).verdict).toBe('fail')
    expect(ask('encryption-provider-strong', other).verdict).toBe('fail')
  })

  it('is decided by the first entry that covers secrets, not by the last providers of the file', () => {
    const shadowed = document(entry('secrets', '{ identity: {} }'), entry('configmaps', `{ aescbc: ${key} }`))
    expect(ask('encryption-provider-strong', shadowed).verdict).toBe('fail')
    const wildcard = document(entry('"*.*"', '{ identity: {} }'), entry('secrets', `{ aescbc: ${key} }`))
    expect(ask('encryption-provider-strong', wildcard).verdict).toBe('fail')
  })

  it('is read from JSON and from block style alike', () => {
    const resources = [
      {
        resources: ['secrets'],
        providers: [{ secretbox: { keys: [{ name: 'a', secret: '<redacted>' }] } }, { identity: {} }],
      },
    ]
    const json = JSON.stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'EncryptionConfiguration',
      resources,
    })
    expect(ask('encryption-provider-strong', json)).toMatchObject({ verdict: 'pass', observed: 'secretbox' })
    const block =
      'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n  - resources:\n      - secrets\n    providers:\n      - aescbc:\n          keys:\n            - name: a\n              secret: <redacted>\n'
    expect(ask('encryption-provider-strong', block).verdict).toBe('pass')
  })

  it('is not taken from the flag whose name begins alike', () => {
    const reload = '--encryption-provider-config-automatic-reload=true'
    const text = document(entry('secrets', `{ aescbc: ${key} }`))
    expect(verdictOf(started(text, reload, flag), 'kube-apiserver.encryption-configured').verdict).toBe(
      'pass',
    )
    expect(verdictOf(started(text, reload), 'kube-apiserver.encryption-configured').verdict).toBe('fail')
  })

  it('tells key services of the first version from those of the second', () => {
    const kms = (version: string) =>
      document(entry('secrets', `{ kms: { ${version}name: k, endpoint: unix:///k.sock } }`))
    expect(ask('encryption-provider-strong', kms('apiVersion: v2, '))).toMatchObject({ observed: 'kms-v2' })
    expect(ask('encryption-provider-strong', kms(''))).toMatchObject({ observed: 'kms-v1' })
    const parameters = { 'encryption-providers': ['kms-v2'] }
    expect(ask('encryption-provider-strong', kms(''), parameters).verdict).toBe('fail')
  })

  it('accepts aesgcm where a profile does', () => {
    const text = document(entry('secrets', `{ aesgcm: ${key} }`))
    expect(ask('encryption-provider-strong', text).verdict).toBe('fail')
    expect(
      ask('encryption-provider-strong', text, { 'encryption-providers': ['aesgcm', 'aescbc'] }).verdict,
    ).toBe('pass')
  })

  it('is an error when the file cannot be read or is missing', () => {
    for (const gone of [denied(path), file('/etc/kubernetes/other.yaml')]) {
      const node = aNode(start('kube-apiserver', [flag]), gone)
      expect(verdictOf(node, 'kube-apiserver.encryption-configured').verdict).toBe('error')
      expect(verdictOf(node, 'kube-apiserver.encryption-provider-strong').verdict).toBe('error')
    }
  })
})
