import { describe, expect, it } from 'vitest'
import type { ApiQuestion, ApiReply, ApiServer } from '../../../src/collect/cluster/api.ts'
import { discover } from '../../../src/collect/cluster/discover.ts'
import { listNamespace } from '../../../src/collect/cluster/list-namespace.ts'

type Given = Readonly<Record<string, unknown>>

/** A server that answers by path; what it does not know is a 404. */
function serverOf(given: Given, rules?: unknown) {
  const asked: ApiQuestion[] = []
  const server: ApiServer = {
    url: 'https://test',
    name: 'test',
    ask: async (question): Promise<ApiReply> => {
      asked.push(question)
      const [path = ''] = question.path.split('?')
      if (question.method === 'POST')
        return rules === undefined
          ? { kind: 'answered', status: 403, body: {} }
          : { kind: 'answered', status: 201, body: { status: rules } }
      const body = given[path]
      if (body === 'cut') return { kind: 'failed', reason: 'disconnected', detail: 'cut' }
      if (body === 'large') return { kind: 'too-large' }
      if (typeof body === 'number') return { kind: 'answered', status: body, body: { message: 'no' } }
      if (body === undefined) return { kind: 'answered', status: 404, body: '404 page not found\n' }
      return { kind: 'answered', status: 200, body }
    },
    close: () => undefined,
  }
  return { server, asked }
}

const verbs = ['create', 'delete', 'get', 'list']
const core = {
  kind: 'APIResourceList',
  resources: [
    { name: 'secrets', namespaced: true, kind: 'Secret', verbs },
    { name: 'pods', namespaced: true, kind: 'Pod', verbs },
    { name: 'pods/log', namespaced: true, kind: 'Pod', verbs: ['get'] },
    { name: 'events', namespaced: true, kind: 'Event', verbs },
    { name: 'bindings', namespaced: true, kind: 'Binding', verbs: ['create'] },
    { name: 'nodes', namespaced: false, kind: 'Node', verbs },
  ],
}
const resource = (name: string, kind: string, more = {}) => ({
  resource: name,
  scope: 'Namespaced',
  responseKind: { group: '', version: '', kind },
  verbs,
  ...more,
})
const aggregated = {
  kind: 'APIGroupDiscoveryList',
  items: [
    {
      metadata: { name: 'example.org' },
      versions: [
        {
          version: 'v2',
          resources: [resource('widgets', 'Widget'), resource('zones', 'Zone', { scope: 'Cluster' })],
        },
        { version: 'v1', resources: [resource('widgets', 'Widget'), resource('gadgets', 'Gadget')] },
      ],
    },
    {
      metadata: { name: 'metrics.k8s.io' },
      versions: [
        { version: 'v1beta1', resources: [resource('pods', 'PodMetrics', { verbs: ['get', 'list'] })] },
      ],
    },
    { metadata: { name: 'dead.org' }, versions: [{ version: 'v1', freshness: 'Stale' }] },
  ],
}
const list = (...items: readonly object[]) => ({ kind: 'PartialObjectMetadataList', metadata: {}, items })
const meta = (name: string, owner?: object) => ({
  metadata: { namespace: 'default', name, ...(owner === undefined ? {} : { ownerReferences: [owner] }) },
})

describe('discover', () => {
  it('finds every namespaced resource whose objects are stored, once, in the preferred version', async () => {
    const { server } = serverOf({ '/api/v1': core, '/apis': aggregated })
    expect(await discover(server)).toEqual({
      kind: 'discovered',
      resources: [
        { group: '', version: 'v1', name: 'secrets', kind: 'Secret' },
        { group: '', version: 'v1', name: 'pods', kind: 'Pod' },
        { group: '', version: 'v1', name: 'events', kind: 'Event' },
        { group: 'example.org', version: 'v2', name: 'widgets', kind: 'Widget' },
        { group: 'example.org', version: 'v1', name: 'gadgets', kind: 'Gadget' },
      ],
      silent: ['dead.org'],
    })
  })

  it('asks servers before 1.27 group by group', async () => {
    const groups = [
      { name: 'apps', preferredVersion: { version: 'v1' } },
      { name: 'dead.org', preferredVersion: { version: 'v1' } },
    ]
    const apps = { resources: [{ name: 'deployments', namespaced: true, kind: 'Deployment', verbs }] }
    const { server } = serverOf({
      '/api/v1': { resources: [] },
      '/apis': { kind: 'APIGroupList', groups },
      '/apis/apps/v1': apps,
      '/apis/dead.org/v1': 503,
    })
    expect(await discover(server)).toEqual({
      kind: 'discovered',
      resources: [{ group: 'apps', version: 'v1', name: 'deployments', kind: 'Deployment' }],
      silent: ['dead.org'],
    })
  })

  it('says why it could not be asked', async () => {
    const reasons = await Promise.all(
      ['cut', 'large', 403].map(async (answer) => {
        const { server } = serverOf({ '/api/v1': core, '/apis': answer })
        const found = await discover(server)
        return found.kind === 'failed' ? found.reason : found.kind
      }),
    )
    expect(reasons).toEqual(['disconnected', 'truncated', 'forbidden'])
  })
})

describe('listNamespace', () => {
  const owner = { kind: 'Deployment', name: 'web', controller: true }
  const given = {
    '/api/v1': core,
    '/apis': aggregated,
    '/api/v1/namespaces/default/pods': list(meta('web-1', owner)),
    '/api/v1/namespaces/default/secrets': 403,
    '/apis/example.org/v2/namespaces/default/widgets': list(meta('w')),
  }

  it('keeps names and owners only, and asks for metadata only', async () => {
    const { server, asked } = serverOf(given)
    const found = await listNamespace(server, 'namespace/default')
    expect(found).toMatchObject({
      state: 'observed',
      count: 2,
      objects: [
        { resource: 'dead.org', unlisted: 'unreachable' },
        { resource: 'secrets', unlisted: 'forbidden' },
        { namespace: 'default', name: 'web-1', kind: 'Pod', owner: 'Deployment/web' },
        { namespace: 'default', name: 'w', kind: 'Widget' },
      ],
    })
    const lists = asked.filter(({ path }) => path.includes('/namespaces/'))
    expect(lists.every(({ accept }) => accept?.includes('as=PartialObjectMetadataList'))).toBe(true)
    expect(lists.map(({ path }) => path).join()).not.toContain('events')
  })

  it('does not ask for what it knows to be refused', async () => {
    const rules = {
      incomplete: false,
      resourceRules: [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }],
    }
    const { server, asked } = serverOf(given, rules)
    const found = await listNamespace(server, 'namespace/default')
    expect(asked.some(({ path }) => path.includes('secrets'))).toBe(false)
    expect(found).toMatchObject({
      objects: expect.arrayContaining([
        {
          resource: 'widgets.example.org',
          unlisted: 'forbidden',
          detail: 'the right to list widgets.example.org in default is missing',
        },
      ]),
    })
  })

  it('is unavailable where nothing says what there is', async () => {
    const { server } = serverOf({ '/api/v1': core, '/apis': 'cut' })
    expect(await listNamespace(server, 'namespace/default')).toMatchObject({
      state: 'unavailable',
      reason: 'disconnected',
    })
  })
})
