import { describe, expect, it } from 'vitest'
import type { Probe } from '../../../src/model/probe.ts'
import { hear, pour, statLine, type Word } from '../node-words.ts'

const publicKey = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'
const probe: Probe = { kind: 'path', path: '/k', holds: 'kubeconfig' }

const keys = (text: string, ...words: readonly Word[]) =>
  hear(
    [probe],
    ['path there kubeconfig /k', ['stat', statLine('/k', 999)], ...pour('text', { '/k': text }), ...words],
  ).all('key')

describe('keys inside a kubeconfig', () => {
  it.each([
    ['is no YAML', 'users: [client-key-data: <redacted>'],
    ['is a list', '- client-key-data: <redacted>\n'],
    ['is one word', 'client-key-data <redacted>\n'],
    ['has users that are no list', 'users: {client-key-data: <redacted>}\n'],
    ['has a user without a name', 'users: [{user: {client-key-data: <redacted>}}]\n'],
    ['has a user with a name that is none', 'users: [{name: 5, user: {client-key-data: <redacted>}}]\n'],
    ['has a user that is none', 'users: [null, client-key-data, <redacted>]\n'],
    ['has a key that is none', 'users: [{name: a, user: {client-key-data: 5, x: <redacted>}}]\n'],
    ['has an empty key', 'users: [{name: a, user: {client-key-data: "", x: <redacted>}}]\n'],
  ])('are nobody’s where it %s', (_name, text) => {
    expect(keys(text, ['embedded from /k:1', publicKey], 'status 0')).toEqual([])
  })

  it('on one line belong to their users in order', () => {
    const user = (name: string) => `{name: ${name}, user: {client-key-data: <redacted>}}`
    const found = keys(
      `users: [${user('a')}, ${user('b')}, ${user('c')}]\n`,
      ['embedded from /k:1', publicKey],
      'status 0',
      ['embedded from /k:1', ''],
      'status 1',
    )

    expect(found).toMatchObject([
      { id: 'key:/k#a', publicKey },
      { id: 'key:/k#b', reason: 'tool-failed' },
      { id: 'key:/k#c', reason: 'not-collected', detail: 'its public half was not derived' },
    ])
  })

  it('that were not derived say why', () => {
    const text = 'users:\n- name: a\n  user:\n    client-key-data: <redacted>\n'

    expect(keys(text, 'embedded no-tool /k:4')).toMatchObject([{ reason: 'tool-missing' }])
    expect(keys(text, 'embedded limit /k:4')).toMatchObject([{ reason: 'truncated' }])
    expect(keys(text, ['embedded from /k:4', publicKey])).toMatchObject([{ reason: 'not-collected' }])
  })
})
