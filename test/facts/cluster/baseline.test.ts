import { describe, expect, it } from 'vitest'
import { clusterFactKinds } from '../../../src/facts/cluster/index.ts'
import { apiResources, namespacePrefix } from '../../../src/facts/cluster/resources.ts'
import { content } from '../../traps/verdict-of.ts'
import { opensslPki } from '../certificates/openssl.ts'
import { at, inspected } from './described-cluster.ts'
import { named, namespace, node, pod } from './objects.ts'

const system = ['kube-system']

describe('namespace-limits', () => {
  const cluster = {
    'v1/namespaces': [namespace('dev'), namespace('idle'), namespace('kube-system'), namespace('shop')],
    'v1/pods': [
      pod('dev', 'a'),
      pod('shop', 'b'),
      pod('idle', 'done', { phase: 'Failed' }),
      pod('kube-system', 'c'),
    ],
    'v1/limitranges': [named('l', 'shop')],
  }
  const request = { fact: 'namespace-limits', of: 'LimitRange', exempt: system }

  it('names namespaces with running pods and none', () => {
    expect(inspected(cluster, request)).toEqual({
      lookedAt: 2,
      offending: ['Namespace dev: has pods and no LimitRange'],
      noted: null,
      exempted: [
        'Namespace idle: it has no running pods',
        'Namespace kube-system: it is named as a namespace of the system',
      ],
    })
  })

  it('names nobody where they may not be listed', () => {
    expect(inspected({ ...cluster, 'v1/limitranges': 'forbidden' }, request)).toMatchObject({
      offending: { unavailable: 'forbidden' },
    })
    expect(inspected({ ...cluster, 'v1/pods': 'forbidden' }, request)).toMatchObject({
      lookedAt: { unavailable: 'forbidden' },
      offending: { unavailable: 'forbidden' },
    })
  })
})

describe('add-on-spread', () => {
  const dns = { 'k8s-app': 'kube-dns' }
  const spec = {
    replicas: 2,
    selector: { matchLabels: dns },
    template: {
      spec: { containers: [{ name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.12.1' }] },
    },
  }
  const request = { fact: 'add-on-spread', images: ['coredns'] }
  const cluster = (...pods: readonly object[]) => ({
    'v1/nodes': [node('n1'), node('n2')],
    'apps/v1/deployments': [named('coredns', 'kube-system', { spec }), named('coredns', 'shop', { spec })],
    'v1/pods': pods,
  })
  const on = (name: string, where: string, ready = true) =>
    pod('kube-system', name, { labels: dns, node: where, ready })

  it('wants two ready pods on two nodes', () => {
    const offending = (...pods: readonly object[]) => inspected(cluster(...pods), request).offending
    expect(offending(on('a', 'n1'), on('b', 'n2'))).toBeNull()
    expect(offending(on('a', 'n1'), on('b', 'n1'))).toEqual([
      'Deployment kube-system/coredns: all 2 ready pods are on one node',
    ])
    expect(offending(on('a', 'n1'), on('b', 'n2', false))).toEqual([
      'Deployment kube-system/coredns: has one ready pod',
    ])
    expect(offending()).toEqual(['Deployment kube-system/coredns: has no ready pod'])
  })

  it('asks nothing of a cluster with one node for pods', () => {
    const one = { ...cluster(on('a', 'n1')), 'v1/nodes': [node('n1'), node('n2', { cordoned: true })] }
    expect(inspected(one, request)).toMatchObject({ lookedAt: 0, offending: null })
  })

  it('says nothing of pods it could not list', () => {
    expect(inspected({ ...cluster(), 'v1/pods': 'forbidden' }, request)).toMatchObject({
      offending: { unavailable: 'forbidden' },
    })
    expect(inspected({ ...cluster(), 'v1/nodes': 'forbidden' }, request)).toMatchObject({
      offending: { unavailable: 'forbidden' },
    })
  })
})

const hook = (name: string, more: Readonly<Record<string, unknown>> = {}) =>
  named(name, undefined, {
    webhooks: [
      {
        name: `${name}.example.test`,
        clientConfig: { service: { namespace: 'guard', name } },
        rules: [{ operations: ['*'], apiGroups: ['*'], resources: ['*'] }],
        failurePolicy: 'Fail',
        timeoutSeconds: 5,
        ...more,
      },
    ],
  })

describe('webhook-risks', () => {
  const risks = (of: string, limit: number, ...hooks: readonly object[]) =>
    inspected(
      {
        'v1/namespaces': [namespace('kube-system'), namespace('dev')],
        'v1/services': [named('there', 'guard')],
        'discovery.k8s.io/v1/endpointslices': [
          {
            metadata: {
              namespace: 'guard',
              name: 'there-x',
              labels: { 'kubernetes.io/service-name': 'there' },
            },
            endpoints: [{ addresses: ['10.0.0.1'] }],
          },
        ],
        'admissionregistration.k8s.io/v1/validatingwebhookconfigurations': hooks,
      },
      { fact: 'webhook-risks', of, limit },
    ).offending

  it('blocks-system: those that must answer for every pod of kube-system', () => {
    const spared = {
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: system }],
    }
    const found = risks(
      'blocks-system',
      0,
      hook('all'),
      hook('spares', { namespaceSelector: spared }),
      hook('open', { failurePolicy: 'Ignore' }),
      hook('some', { objectSelector: { matchLabels: { a: 'b' } } }),
      hook('conditional', { matchConditions: [{ name: 'x', expression: 'true' }] }),
      hook('widgets', { rules: [{ operations: ['CREATE'], apiGroups: ['x'], resources: ['widgets'] }] }),
      hook('cluster', {
        rules: [{ operations: ['*'], apiGroups: ['*'], resources: ['*'], scope: 'Cluster' }],
      }),
    )
    expect(found).toEqual([
      'ValidatingWebhookConfiguration all: no pod of kube-system starts while its webhook all.example.test does not answer',
    ])
  })

  it('fails-open: validating ones that let through', () => {
    expect(risks('fails-open', 0, hook('open', { failurePolicy: 'Ignore' }), hook('shut'))).toHaveLength(1)
  })

  it('waits-long: those above the limit', () => {
    expect(risks('waits-long', 5, hook('fits'), hook('slow', { timeoutSeconds: 6 }))).toEqual([
      'ValidatingWebhookConfiguration slow: its webhook slow.example.test is waited for up to 6 s',
    ])
  })

  it('no-service: those left behind', () => {
    const url = { clientConfig: { url: 'https://guard.example.test/' } }
    expect(risks('no-service', 0, hook('there'), hook('gone'), hook('outside', url))).toEqual([
      'ValidatingWebhookConfiguration gone: the Service guard/gone of its webhook gone.example.test does not exist',
    ])
  })

  it('no-service: those whose Service has nothing ready behind it', () => {
    const slice = (name: string, ready: boolean | undefined) => ({
      metadata: { namespace: 'guard', name: `${name}-x`, labels: { 'kubernetes.io/service-name': name } },
      endpoints: [{ addresses: ['10.0.0.1'], conditions: ready === undefined ? {} : { ready } }],
    })
    const found = (slices: readonly object[] | 'forbidden') =>
      inspected(
        {
          'v1/services': ['up', 'down', 'usual'].map((name) => named(name, 'guard')),
          'discovery.k8s.io/v1/endpointslices': slices,
          'admissionregistration.k8s.io/v1/validatingwebhookconfigurations': ['up', 'down', 'usual'].map(
            (name) => hook(name),
          ),
        },
        { fact: 'webhook-risks', of: 'no-service', limit: 0 },
      ).offending
    const slices = [
      slice('up', false),
      slice('up', true),
      slice('down', false),
      slice('usual', undefined),
      named('x', 'y'),
    ]
    expect(found(slices)).toEqual([
      'ValidatingWebhookConfiguration down: nothing is ready behind the Service guard/down of its webhook down.example.test',
    ])
    expect(found('forbidden')).toEqual({ unavailable: 'forbidden' })
  })

  it('trust-ends: a CA that ran out, runs out soon, or stays', () => {
    const pki = opensslPki()
    const bundle = (name: string, days: number) => {
      const pem = pki.issue({
        name,
        subject: `/CN=${name}`,
        days,
        extensions: ['basicConstraints=critical,CA:true'],
      })
      return { clientConfig: { caBundle: Buffer.from(pem).toString('base64') } }
    }
    const ends = [hook('short', bundle('short', 1)), hook('long', bundle('long', 3650))]
    pki.remove()
    expect(risks('trust-ends', 30, ...ends)).toEqual([
      expect.stringMatching(
        /short: the CA that its webhook short.example.test is trusted by ran out \d+ days ago/,
      ),
    ])
    expect(risks('trust-ends', 36_500, ...ends)).toContainEqual(
      expect.stringMatching(
        /long: the CA that its webhook long.example.test is trusted by runs out in \d+ days/,
      ),
    )
  })

  it('trust-ends: a bundle that is no certificate', () => {
    const odd = { clientConfig: { caBundle: Buffer.from('none').toString('base64') } }
    expect(risks('trust-ends', 30, hook('odd', odd), hook('system-roots'))).toEqual([
      'ValidatingWebhookConfiguration odd: the CA that its webhook odd.example.test is trusted by is no certificate',
    ])
  })
})

describe('upkeep', () => {
  it('nodes: not ready, silent, under pressure; cordoned ones are noted', () => {
    const nodes = [
      node('a'),
      node('b', { ready: 'False' }),
      node('c', { ready: 'Unknown', pressure: 'DiskPressure' }),
      node('d', { cordoned: true }),
    ]
    expect(inspected({ 'v1/nodes': nodes }, { fact: 'upkeep', of: 'nodes' })).toMatchObject({
      lookedAt: 4,
      offending: [
        'Node b: is not ready',
        'Node c: does not report whether it is ready and reports DiskPressure',
      ],
      noted: ['Node d: takes no new pods (cordoned)'],
    })
  })

  it('stored-versions: those that are no longer served', () => {
    const definition = (name: string, stored: readonly string[]) =>
      named(name, undefined, {
        spec: {
          versions: [
            { name: 'v1', served: true },
            { name: 'v1beta1', served: false },
          ],
        },
        status: { storedVersions: stored },
      })
    const resource = 'apiextensions.k8s.io/v1/customresourcedefinitions'
    const request = { fact: 'upkeep', of: 'stored-versions' }
    expect(
      inspected({ [resource]: [definition('a.x', ['v1']), definition('b.x', ['v1beta1', 'v1'])] }, request)
        .offending,
    ).toEqual(['CustomResourceDefinition b.x: objects may be stored as v1beta1, which is no longer served'])
  })

  it('api-services: those that do not answer', () => {
    const service = (name: string, status: string, more = {}) =>
      named(name, undefined, { spec: more, status: { conditions: [{ type: 'Available', status }] } })
    const services = [
      service('v1.', 'True'),
      service('v1beta1.metrics.k8s.io', 'False', {
        service: { namespace: 'kube-system', name: 'metrics-server' },
      }),
      named('v1.x', undefined),
    ]
    expect(
      inspected({ 'apiregistration.k8s.io/v1/apiservices': services }, { fact: 'upkeep', of: 'api-services' })
        .offending,
    ).toEqual([
      'APIService v1.x: is not available',
      'APIService v1beta1.metrics.k8s.io: is not available (Service kube-system/metrics-server)',
    ])
  })

  it('certificate-requests: those that wait too long', () => {
    const request = (name: string, hours: number, conditions: readonly object[] = []) => ({
      metadata: { name, creationTimestamp: new Date(at - hours * 3_600_000).toISOString() },
      spec: { signerName: 'kubernetes.io/kubelet-serving' },
      status: { conditions },
    })
    const requests = [request('old', 5), request('new', 0.5), request('done', 50, [{ type: 'Approved' }])]
    expect(
      inspected(
        { 'certificates.k8s.io/v1/certificatesigningrequests': requests },
        { fact: 'upkeep', of: 'certificate-requests', limit: 1 },
      ),
    ).toMatchObject({
      offending: ['CertificateSigningRequest old: waits for kubernetes.io/kubelet-serving since 5 hours'],
      noted: ['CertificateSigningRequest new: waits for kubernetes.io/kubelet-serving since 0 hours'],
    })
  })
})

describe('deprecated-requests', () => {
  const request = { fact: 'deprecated-requests' }
  const answered = (deprecated: readonly { api: string; removed: string }[], plugins = ['ServiceAccount']) =>
    inspected({}, request, { 'GET /metrics': { deprecated, plugins } })

  it('names what was asked for', () => {
    expect(answered([{ api: 'policy/v1beta1 podsecuritypolicies', removed: '1.25' }])).toMatchObject({
      offending: ['API policy/v1beta1 podsecuritypolicies: was asked for and is removed in Kubernetes 1.25'],
    })
    expect(answered([])).toMatchObject({ lookedAt: 1, offending: null })
  })

  it('takes metrics without those of the API server for none', () => {
    expect(answered([], [])).toMatchObject({ offending: { unavailable: 'unrecognised' } })
    expect(inspected({}, request, { 'GET /metrics': 'forbidden' })).toMatchObject({
      offending: { unavailable: 'forbidden' },
    })
  })
})

describe('a list nobody may see', () => {
  it('is no gap where nobody installed what it lists', () => {
    const request = { fact: 'external-secrets' }
    const refused = { 'external-secrets.io/v1/externalsecrets': 'forbidden' } as const
    const groups = { 'GET /apis': ['apps'] }
    expect(inspected(refused, request, groups)).toMatchObject({ lookedAt: 0 })
    expect(inspected(refused, request)).toMatchObject({ lookedAt: { unavailable: 'forbidden' } })
  })
})

describe('every fact about a cluster', () => {
  it('asks for resources that can be listed', () => {
    const asked = [...content.checks.values()]
      .filter(({ about }) => about === 'cluster')
      .flatMap(({ evidence }) => Object.values(evidence))
      .flatMap((request) => clusterFactKinds[request.fact]?.probes(request, content) ?? [])
      .flatMap((probe) => (probe.kind === 'list' ? probe.resource : []))
    const known = (id: string): boolean => apiResources.has(id) || id.startsWith(namespacePrefix)
    expect(asked.length).toBeGreaterThan(20)
    expect(asked.filter((id) => !known(id))).toEqual([])
  })
})
