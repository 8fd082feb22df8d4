import { describe, expect, it } from 'vitest'
import type { ApiQuestion, ApiReply, ApiServer } from '../../../src/collect/cluster/api.ts'
import { listObjects as listAll } from '../../../src/collect/cluster/list.ts'
import { eachBy, place } from '../../../src/facts/cluster/objects/reader.ts'
import type { ApiResource } from '../../../src/facts/cluster/resources.ts'

const things: ApiResource = {
  id: 'v1/things',
  group: '',
  name: 'things',
  path: '/api/v1/things',
  metadataOnly: false,
  reader: eachBy((object) => place(object)),
}
const secrets: ApiResource = { ...things, id: 'v1/secrets', name: 'secrets', metadataOnly: true }

/** A list of one view. */
const listObjects = async (from: ApiServer, resource: ApiResource) => (await listAll(from, [resource]))[0]

/** A server that answers the n-th question with the n-th reply, the last one again and again. */
function server(...replies: readonly ApiReply[]): ApiServer & { readonly asked: ApiQuestion[] } {
  const asked: ApiQuestion[] = []
  return {
    url: 'https://api',
    name: 'test',
    asked,
    ask: async (question) => {
      asked.push(question)
      const reply = replies[Math.min(asked.length, replies.length) - 1]
      if (reply === undefined) throw new Error('no reply')
      return reply
    },
    close: () => undefined,
  }
}

const ok = (body: unknown): ApiReply => ({ kind: 'answered', status: 200, body })
const page = (names: readonly string[], next = '', kind = 'ThingList'): ApiReply =>
  ok({ kind, metadata: { continue: next }, items: names.map((name) => ({ metadata: { name } })) })
const status = (code: number, body: unknown = { kind: 'Status' }): ApiReply => ({
  kind: 'answered',
  status: code,
  body,
})

describe('a list', () => {
  it('is all of its pages', async () => {
    const from = server(page(['b'], 'one'), page(['a']))

    expect(await listObjects(from, things)).toMatchObject({
      state: 'observed',
      objects: [{ name: 'a' }, { name: 'b' }],
      count: 2,
    })
    expect(from.asked.map(({ path }) => path)).toEqual([
      '/api/v1/things?limit=500',
      '/api/v1/things?limit=500&continue=one',
    ])
  })

  it('may be empty, and Go writes an empty one as null at times', async () => {
    const nothing = ok({ kind: 'ThingList', metadata: {}, items: null })

    expect(await listObjects(server(nothing), things)).toMatchObject({ state: 'observed', count: 0 })
  })

  it('begins anew when the server forgot it; nothing is counted twice', async () => {
    const from = server(page(['a'], 'one'), status(410), page(['a'], 'two'), page(['b']))

    expect(await listObjects(from, things)).toMatchObject({ state: 'observed', count: 2 })
  })

  it('that is forgotten again and again is not half a list', async () => {
    const from = server(status(410))

    expect(await listObjects(from, things)).toMatchObject({
      state: 'unavailable',
      reason: 'changed-while-reading',
    })
    expect(from.asked).toHaveLength(4)
  })

  it('is absent when the server says so itself', async () => {
    expect(await listObjects(server(status(404, '404 page not found\n')), things)).toMatchObject({
      state: 'absent',
    })
    expect(await listObjects(server(status(404)), things)).toMatchObject({ state: 'absent' })
    expect(await listObjects(server(status(404, '<html>')), things)).toMatchObject({ state: 'unavailable' })
  })

  it('of which one page is missing is not observed', async () => {
    for (const end of [status(404), status(403), ok('<html>'), page([], 'one')])
      expect(await listObjects(server(page(['a'], 'one'), end), things)).toMatchObject({
        state: 'unavailable',
      })
  })

  it('is asked for in smaller pieces where an answer is too large, down to one object', async () => {
    const from = server({ kind: 'too-large' }, { kind: 'too-large' }, page(['a']))
    expect(await listObjects(from, things)).toMatchObject({ state: 'observed' })
    expect(from.asked.map(({ path }) => path.split('=')[1])).toEqual(['500', '63', '8'])

    expect(await listObjects(server({ kind: 'too-large' }), things)).toMatchObject({
      state: 'unavailable',
      reason: 'truncated',
    })
  })
})

describe('a list of secrets', () => {
  it('is asked for as metadata', async () => {
    const from = server(page(['s'], '', 'PartialObjectMetadataList'))

    expect(await listObjects(from, secrets)).toMatchObject({ state: 'observed', objects: [{ name: 's' }] })
    expect(from.asked[0]?.accept).toContain('as=PartialObjectMetadataList')
  })

  it('is refused when whole ones come, whatever they are called, and nothing of it is kept', async () => {
    const whole = (kind: string): ApiReply =>
      ok({ kind, metadata: {}, items: [{ metadata: { name: 's' }, data: { key: 'CANARY' } }] })

    for (const kind of ['SecretList', 'PartialObjectMetadataList']) {
      const list = await listObjects(server(whole(kind)), secrets)
      expect(list).toMatchObject({
        state: 'unavailable',
        detail: 'it sent whole secrets, not their metadata',
      })
      expect(JSON.stringify(list)).not.toContain('CANARY')
    }
  })
})
