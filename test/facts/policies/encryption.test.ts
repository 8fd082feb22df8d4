import { describe, expect, it } from 'vitest'
import { yamlValue } from '../../../src/facts/policies/document.ts'
import { readEncryption } from '../../../src/facts/policies/encryption-configuration.ts'
import { noSource, observed } from '../../../src/model/evidence.ts'

const read = (text: string) => readEncryption(yamlValue(observed(text, noSource)))
const document = (resources: string): string =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n${resources}`
const providers = (text: string): unknown => {
  const evidence = read(text)
  return evidence.kind === 'observed' ? evidence.fact.providers : evidence.kind
}

describe('readEncryption', () => {
  it('lists the providers of the entry for secrets, in order', () => {
    const text = document(
      '- resources: [secrets]\n  providers: [{aescbc: {keys: [{name: k, secret: <redacted>}]}}, {identity: {}}]',
    )

    expect(providers(text)).toEqual(['aescbc', 'identity'])
  })

  it('reads JSON as RKE2 writes it', () => {
    const json = JSON.stringify({
      kind: 'EncryptionConfiguration',
      apiVersion: 'apiserver.config.k8s.io/v1',
      resources: [{ resources: ['secrets'], providers: [{ secretbox: { keys: [] } }, { identity: {} }] }],
    })

    expect(providers(json)).toEqual(['secretbox', 'identity'])
  })

  it('lets identity first count as clear text', () => {
    expect(
      providers(document('- resources: [secrets]\n  providers: [{identity: {}}, {aescbc: {keys: []}}]')),
    ).toEqual(['identity', 'aescbc'])
  })

  it('lets the first matching entry decide, not the last one in the file', () => {
    const text = document(
      '- resources: [secrets]\n  providers: [{identity: {}}]\n- resources: ["*.*"]\n  providers: [{aescbc: {keys: []}}]',
    )

    expect(providers(text)).toEqual(['identity'])
  })

  it.each(['secrets', 'secrets.', '"*."', '"*.*"'])('takes %s as a name for secrets', (name) => {
    expect(providers(document(`- resources: [${name}]\n  providers: [{aesgcm: {keys: []}}]`))).toEqual([
      'aesgcm',
    ])
  })

  it.each(['configmaps', '"*.apps"', 'secrets.example.com', 'secretsx', 'Secrets'])(
    'does not take %s for secrets',
    (name) => {
      expect(providers(document(`- resources: [${name}]\n  providers: [{aescbc: {keys: []}}]`))).toEqual([])
    },
  )

  it.each([
    ['{kms: {apiVersion: v2, name: k, endpoint: unix:///x}}', 'kms-v2'],
    ['{kms: {apiVersion: v1, name: k, endpoint: unix:///x}}', 'kms-v1'],
    ['{kms: {name: k, endpoint: unix:///x}}', 'kms-v1'],
  ])('tells KMS versions apart: %s', (provider, expected) => {
    expect(providers(document(`- resources: [secrets]\n  providers: [${provider}]`))).toEqual([expected])
  })

  it.each([
    ['nothing', ''],
    ['a list', '- a'],
    ['another kind', 'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n'],
    ['another group', 'apiVersion: v1\nkind: EncryptionConfiguration\nresources: []'],
    ['no entries', document('').replace('resources:\n', 'resources: []\n')],
    ['an entry without providers', document('- resources: [secrets]\n  providers: []')],
    ['an entry without resources', document('- providers: [{identity: {}}]')],
    ['an unknown provider', document('- resources: [secrets]\n  providers: [{rot13: {}}]')],
    ['two providers in one', document('- resources: [secrets]\n  providers: [{identity: {}, aescbc: {}}]')],
    ['an unknown KMS version', document('- resources: [secrets]\n  providers: [{kms: {apiVersion: v3}}]')],
    ['a provider that is null', document('- resources: [secrets]\n  providers: [{identity: }]')],
    ['broken YAML', 'kind: [unclosed'],
  ])('answers nothing where the API server would not start: %s', (_, text) => {
    expect(read(text)).toMatchObject({ kind: 'unavailable', reason: 'unparsable' })
  })
})
