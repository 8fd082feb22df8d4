import { describe, expect, it } from 'vitest'
import type { ApiReply, ApiServer } from '../../../src/collect/cluster/api.ts'
import { collectCluster } from '../../../src/collect/cluster/collect-cluster.ts'
import { listObjects } from '../../../src/collect/cluster/list.ts'
import { apiResources } from '../../../src/facts/cluster/resources.ts'
import { node } from '../../facts/cluster/objects.ts'

/** A server that gives these replies in turn; the last one for ever. */
function serverOf(...replies: readonly ApiReply[]) {
  const asked: string[] = []
  const server: ApiServer = {
    url: 'https://test',
    name: 'test',
    ask: async ({ path }) => {
      asked.push(path)
      return replies[Math.min(asked.length, replies.length) - 1] ?? { kind: 'too-large' }
    },
    close: () => undefined,
  }
  return { server, asked }
}

const page = (next: string, ...items: readonly unknown[]): ApiReply => ({
  kind: 'answered',
  status: 200,
  body: { kind: 'NodeList', metadata: next === '' ? {} : { continue: next }, items },
})
const gone: ApiReply = { kind: 'answered', status: 410, body: {} }

function nodes() {
  const [first, second] = ['v1/nodes', 'v1/nodes#health'].map((id) => apiResources.get(id))
  if (first === undefined || second === undefined) throw new Error('no such resource')
  return [first, second] as const
}

describe('one listing for several readers', () => {
  it('is asked for once, page by page, and each reader keeps its own', async () => {
    const { server, asked } = serverOf(page('x', node('b')), page('', node('a')))
    const lists = await listObjects(server, nodes())
    expect(asked).toEqual(['/api/v1/nodes?limit=500', '/api/v1/nodes?limit=500&continue=x'])
    expect(lists).toMatchObject([
      {
        id: 'list:v1/nodes',
        state: 'observed',
        count: 2,
        objects: [{ name: 'a', isReady: true }, { name: 'b' }],
      },
      {
        id: 'list:v1/nodes#health',
        state: 'observed',
        count: 2,
        objects: [{ name: 'a', ready: 'True' }, { name: 'b' }],
      },
    ])
  })

  it('begins anew with empty readers where the server forgot it', async () => {
    const { server } = serverOf(page('x', node('a')), gone, page('', node('a')))
    const [first] = await listObjects(server, nodes())
    expect(first).toMatchObject({ state: 'observed', count: 1, objects: [{ name: 'a' }] })
  })

  it('gives up where the server forgets it again and again', async () => {
    const { server } = serverOf(gone)
    expect(await listObjects(server, nodes())).toMatchObject([
      { state: 'unavailable', reason: 'changed-while-reading' },
      { state: 'unavailable', reason: 'changed-while-reading' },
    ])
  })

  it('asks for fewer objects where a page is too large', async () => {
    const { server, asked } = serverOf({ kind: 'too-large' }, page('', node('a')))
    expect(await listObjects(server, nodes())).toMatchObject([{ state: 'observed' }, { state: 'observed' }])
    expect(asked[1]).toBe('/api/v1/nodes?limit=63')
    const { server: huge } = serverOf({ kind: 'too-large' })
    expect(await listObjects(huge, nodes())).toMatchObject([{ reason: 'truncated' }, {}])
  })

  it('says of every reader why there is nothing', async () => {
    const refused: ApiReply = { kind: 'answered', status: 403, body: { message: 'no' } }
    const unserved: ApiReply = { kind: 'answered', status: 404, body: '404 page not found\n' }
    expect(await listObjects(serverOf(refused).server, nodes())).toMatchObject([
      { state: 'unavailable', reason: 'forbidden' },
      { state: 'unavailable', reason: 'forbidden' },
    ])
    expect(await listObjects(serverOf(unserved).server, nodes())).toMatchObject([
      { state: 'absent' },
      { state: 'absent' },
    ])
  })
})

describe('collectCluster', () => {
  it('asks once for resources that share a list', async () => {
    const asked: string[] = []
    const server: ApiServer = {
      url: 'https://test',
      name: 'test',
      ask: async ({ path, method }) => {
        if (method !== 'POST') asked.push(path)
        return path === '/version' ? { kind: 'answered', status: 200, body: {} } : page('', node('a'))
      },
      close: () => undefined,
    }
    const { items, end } = await collectCluster(
      server,
      { lists: ['v1/nodes', 'v1/nodes#health'], questions: ['GET /version'], asksNodes: false },
      { target: 't', collectedAt: '', signal: new AbortController().signal, progress: () => undefined },
    )
    expect(end).toBe('complete')
    expect(asked).toEqual(['/version', '/api/v1/nodes?limit=500'])
    expect(items.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['list:v1/nodes', 'list:v1/nodes#health', 'answer:GET /version']),
    )
  })
})
