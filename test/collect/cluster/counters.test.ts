import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { createApiServer } from '../../../src/collect/cluster/api-server.ts'
import { answerQuestion } from '../../../src/collect/cluster/questions.ts'
import { cutCounters } from '../../../src/facts/cluster/objects/counters.ts'
import { metricsText } from '../../support/api/metrics.ts'

const deprecated = [
  'apiserver_requested_deprecated_apis{group="policy",removed_release="1.25",resource="podsecuritypolicies",subresource="",version="v1beta1"} 1',
  'apiserver_requested_deprecated_apis{group="",removed_release="",resource="componentstatuses",subresource="",version="v1"} 1',
  'apiserver_requested_deprecated_apis{group="policy",removed_release="1.25",resource="podsecuritypolicies",subresource="status",version="v1beta1"} 1',
  'apiserver_requested_deprecated_apis{group="gone",removed_release="1.1",resource="x",subresource="",version="v1"} 0',
]

describe('cutCounters', () => {
  it('keeps deprecated APIs that were asked for, each once, and the plugins at work', () => {
    expect(cutCounters(metricsText({ deprecated, more: ['ImagePolicyWebhook'] }))).toEqual({
      deprecated: [
        { api: 'policy/v1beta1 podsecuritypolicies', removed: '1.25' },
        { api: 'v1 componentstatuses', removed: '' },
      ],
      plugins: [
        'ImagePolicyWebhook',
        'MutatingAdmissionPolicy',
        'NamespaceLifecycle',
        'NodeRestriction',
        'PodSecurity',
        'ServiceAccount',
      ],
    })
  })

  it('finds nothing in what is no text', () => {
    expect(cutCounters({ kind: 'Status' })).toEqual({ deprecated: [], plugins: [] })
  })
})

describe('GET /metrics', () => {
  // Larger than any answer that is taken whole.
  const filler = `${'# HELP x '.padEnd(1023, 'x')}\n`.repeat(40 * 1024)
  const zipped = gzipSync(`${filler}${metricsText({ deprecated })}`.trimEnd())
  const http = createServer((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(zipped)
  })
  afterAll(() => http.close())

  it('is cut down while it comes, however long it is', async () => {
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const server = createApiServer(
      {
        url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
        context: 'test',
        options: async () => ({}),
        anonymous: async () => ({}),
        close: () => undefined,
        notes: [],
        renew: () => false,
      },
      { connectTimeoutMs: 5000, timeoutMs: 30_000, signal: new AbortController().signal, random: () => 0 },
    )
    const answer = await answerQuestion(server, 'GET /metrics')
    expect(answer).toMatchObject({ state: 'observed', status: 200, body: { deprecated: [{}, {}] } })
    http.closeAllConnections()
  })
})
