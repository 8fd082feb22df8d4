import { describe, expect, it } from 'vitest'
import type { ApiReply, ApiServer } from '../../../src/collect/cluster/api.ts'
import { collectNodes } from '../../../src/collect/cluster/collect-nodes.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { clusterEvidence } from '../../support/cluster.ts'

/** What is kept of `configz` and `flagz` of a node whose kubelet is asked and answers like this. */
async function answered(reply: ApiReply): Promise<readonly RawItem[]> {
  const server: ApiServer = {
    url: 'https://test',
    name: 'test',
    ask: async ({ path }) =>
      path.includes('/proxy/')
        ? reply
        : { kind: 'answered', status: 200, body: { kind: 'PodList', metadata: {}, items: [] } },
    close: () => undefined,
  }
  const options = {
    target: 'cluster',
    signal: new AbortController().signal,
    progress: () => undefined,
    collectedAt: '2027-01-01T00:00:00Z',
  }
  const cluster = clusterEvidence({ 'v1/nodes': [{ metadata: { name: 'n' } }] })
  const [node] = await collectNodes(server, cluster, options)
  return node?.items.filter(({ kind }) => kind === 'answer') ?? []
}

const status = (code: number, body: unknown): ApiReply => ({ kind: 'answered', status: code, body })
const gone = (kind: string) => ({
  kind: 'Status',
  status: 'Failure',
  message: 'nodes "n" not found',
  reason: 'NotFound',
  details: { name: 'n', kind },
  code: 404,
})

describe('a kubelet that is asked through the API server', () => {
  it.each(['404 page not found\n', '404: Page Not Found'])('does not serve it: %j', async (body) => {
    const absent = { state: 'absent' }
    expect(await answered(status(404, body))).toMatchObject([absent, absent])
  })

  it('may be gone with its node since nodes were listed: nothing is known of it', async () => {
    const changed = {
      state: 'unavailable',
      reason: 'changed-while-reading',
      detail: 'node n is gone since nodes were listed',
    }
    expect(await answered(status(404, gone('nodes')))).toMatchObject([changed, changed])
  })

  it.each([
    ['an error of the API server about something else', gone('services')],
    ['a page of something in between', '<html>404</html>'],
  ])('is not said to serve nothing by %s', async (_, body) => {
    const failed = { state: 'unavailable', reason: 'server-failed' }
    expect(await answered(status(404, body))).toMatchObject([failed, failed])
  })
})
