import { describe, expect, it } from 'vitest'
import { type Answers, type DescribedCluster, evidenceOfCluster } from '../facts/cluster/described-cluster.ts'
import { named, namespace } from '../facts/cluster/objects.ts'
import { verdictOn } from './verdict-of.ts'

const spaces = {
  'v1/namespaces': [namespace('kube-system'), namespace('dev'), namespace('shop', { signed: 'yes' })],
}
const off = { 'GET /metrics': { deprecated: [], plugins: ['NamespaceLifecycle', 'ServiceAccount'] } }
const on = { 'GET /metrics': { deprecated: [], plugins: ['ImagePolicyWebhook', 'ServiceAccount'] } }

function verified(cluster: DescribedCluster, answers: Answers = off, parameters = {}) {
  return verdictOn(evidenceOfCluster({ ...spaces, ...cluster }, answers), 'cluster.images-verified', {
    parameters,
  })
}

const kyverno = (spec: Readonly<Record<string, unknown>>) => ({
  'kyverno.io/v1/clusterpolicies': [named('signed', undefined, { spec })],
})
const verifying = { verifyImages: [{ imageReferences: ['*'] }] }

const webhook = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  'admissionregistration.k8s.io/v1/validatingwebhookconfigurations': [
    named('verifier', undefined, {
      webhooks: [
        {
          name,
          clientConfig: { service: { namespace: 'v', name: 'v' } },
          rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
          failurePolicy: 'Fail',
          ...more,
        },
      ],
    }),
  ],
})
const sigstore = (mode: string) => ({
  'policy.sigstore.dev/v1beta1/clusterimagepolicies': [named('keyless', undefined, { spec: { mode } })],
})

describe('traps of 5.5.1', () => {
  it('a policy that enforces everywhere passes, one that audits or warns does not', () => {
    expect(verified(kyverno({ validationFailureAction: 'Enforce', rules: [verifying] }))).toMatchObject({
      verdict: 'pass',
    })
    expect(verified(kyverno({ validationFailureAction: 'Audit', rules: [verifying] }))).toMatchObject({
      verdict: 'fail',
      objects: { noted: [{ because: 'verifies images and only tells what fails' }] },
    })
    const own = { verifyImages: [{ imageReferences: ['*'], failureAction: 'Enforce' }] }
    expect(verified(kyverno({ rules: [own] }))).toMatchObject({ verdict: 'pass' })
    expect(verified(sigstore('warn'))).toMatchObject({ verdict: 'fail' })
  })

  it('a policy of the engine that verifies no images is none', () => {
    expect(
      verified(kyverno({ validationFailureAction: 'Enforce', rules: [{ validate: {} }] })),
    ).toMatchObject({
      verdict: 'fail',
    })
  })

  it('one that lets requests through when it fails does not enforce', () => {
    const open = { validationFailureAction: 'Enforce', failurePolicy: 'Ignore', rules: [verifying] }
    expect(verified(kyverno(open))).toMatchObject({ verdict: 'fail' })
    const deny = (spec: object) => ({
      'policies.kyverno.io/v1/imagevalidatingpolicies': [named('signed', undefined, { spec })],
    })
    expect(verified(deny({ validationActions: ['Deny'] }))).toMatchObject({ verdict: 'pass' })
    expect(verified(deny({ validationActions: ['Audit'] }))).toMatchObject({ verdict: 'fail' })
  })

  it('a policy narrowed by conditions is for a person: neither a pass nor a failure', () => {
    const rule = { ...verifying, match: { any: [{ resources: { kinds: ['Pod'], namespaces: ['shop'] } }] } }
    expect(verified(kyverno({ validationFailureAction: 'Enforce', rules: [rule] }))).toMatchObject({
      verdict: 'error',
    })
  })

  it('sigstore verifies where its webhook reaches', () => {
    const all = { ...sigstore('enforce'), ...webhook('policy.sigstore.dev') }
    expect(verified(all)).toMatchObject({ verdict: 'pass' })
    const some = webhook('policy.sigstore.dev', { namespaceSelector: { matchLabels: { signed: 'yes' } } })
    expect(verified({ ...sigstore('enforce'), ...some })).toMatchObject({
      verdict: 'fail',
      objects: { offending: [{ name: 'Namespace dev' }] },
    })
    expect(verified(webhook('policy.sigstore.dev'))).toMatchObject({ verdict: 'fail' })
  })

  it('a webhook counts by its exact name, once it is said that it verifies images', () => {
    const own = webhook('images.example.test')
    expect(verified(own)).toMatchObject({
      verdict: 'fail',
      objects: { noted: [{ kind: 'ValidatingWebhookConfiguration' }] },
    })
    expect(verified(own, off, { 'image-verifiers': ['images.example.test'] })).toMatchObject({
      verdict: 'pass',
    })
    expect(verified(own, off, { 'image-verifiers': ['example.test'] })).toMatchObject({ verdict: 'fail' })
    const ignoring = webhook('images.example.test', { failurePolicy: 'Ignore' })
    expect(verified(ignoring, off, { 'image-verifiers': ['images.example.test'] })).toMatchObject({
      verdict: 'fail',
    })
  })

  it('an allowlist of registries is told and verifies nothing', () => {
    const policy = named('registries', undefined, {
      spec: {
        validations: [{ expression: "object.spec.containers.all(c, c.image.startsWith('registry/'))" }],
      },
    })
    expect(
      verified({ 'admissionregistration.k8s.io/v1/validatingadmissionpolicies': [policy] }),
    ).toMatchObject({
      verdict: 'fail',
      objects: { noted: [{ name: 'ValidatingAdmissionPolicy registries' }] },
    })
  })

  it('ImagePolicyWebhook is set up on nodes: where it may be on, nobody is said to run any image', () => {
    expect(verified({}, off)).toMatchObject({ verdict: 'fail' })
    expect(verified({}, on)).toMatchObject({ verdict: 'error' })
    expect(verified({}, { 'GET /metrics': 'forbidden' })).toMatchObject({ verdict: 'error' })
    expect(verified({}, { 'GET /metrics': { deprecated: [], plugins: [] } })).toMatchObject({
      verdict: 'error',
    })
  })

  it('a refused list of policies is not read as none', () => {
    expect(verified({ 'kyverno.io/v1/clusterpolicies': 'forbidden' })).toMatchObject({ verdict: 'error' })
  })
})

function objectsIn(...objects: readonly object[]) {
  return verdictOn(evidenceOfCluster({ 'namespace/default': objects }), 'cluster.default-namespace-empty')
}
const own = [
  { kind: 'Service', namespace: 'default', name: 'kubernetes' },
  { kind: 'Endpoints', namespace: 'default', name: 'kubernetes' },
  { kind: 'EndpointSlice', namespace: 'default', name: 'kubernetes' },
  { kind: 'ServiceAccount', namespace: 'default', name: 'default' },
  { kind: 'ConfigMap', namespace: 'default', name: 'kube-root-ca.crt' },
]
const stands = (kind: string, name: string, owner?: string) => ({
  kind,
  namespace: 'default',
  name,
  ...(owner === undefined ? {} : { owner }),
})

describe('traps of 5.6.4', () => {
  it('what the control plane puts there is left out, by kind and exact name', () => {
    expect(objectsIn(...own)).toMatchObject({ verdict: 'pass' })
    expect(objectsIn(...own, stands('Service', 'kubernetes-dashboard'))).toMatchObject({ verdict: 'fail' })
    expect(objectsIn(...own, stands('Secret', 'kubernetes'))).toMatchObject({ verdict: 'fail' })
  })

  it('what get all does not show counts: ConfigMaps, Secrets, RBAC, claims, Ingresses, custom resources', () => {
    for (const kind of ['ConfigMap', 'Secret', 'RoleBinding', 'PersistentVolumeClaim', 'Ingress', 'Widget'])
      expect(objectsIn(...own, stands(kind, 'x'))).toMatchObject({
        verdict: 'fail',
        objects: { offending: [{ name: `${kind} default/x` }] },
      })
  })

  it('NetworkPolicies that hardening puts there are accepted', () => {
    expect(objectsIn(...own, stands('NetworkPolicy', 'default-network-policy'))).toMatchObject({
      verdict: 'pass',
    })
  })

  it('what an object makes is told with it, and by itself where its maker is not seen', () => {
    const deployment = stands('Deployment', 'web')
    const set = stands('ReplicaSet', 'web-1', 'Deployment/web')
    const pod = stands('Pod', 'web-1-x', 'ReplicaSet/web-1')
    expect(objectsIn(...own, deployment, set, pod).objects?.offending).toHaveLength(1)
    expect(objectsIn(...own, pod).objects?.offending).toMatchObject([{ name: 'Pod default/web-1-x' }])
    expect(
      objectsIn(...own, stands('Service', 'web'), stands('Endpoints', 'web')).objects?.offending,
    ).toHaveLength(1)
  })

  it('a resource that may not be listed is not read as empty', () => {
    const refused = {
      resource: 'secrets',
      unlisted: 'forbidden',
      detail: 'the right to list secrets is missing',
    }
    const { verdict, reason } = objectsIn(...own, refused)
    expect(verdict).toBe('error')
    expect(reason).toContain('list secrets')
    expect(objectsIn(...own, stands('Pod', 'x'), refused)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('and 1 that could not be looked at'),
    })
  })

  it('a namespace that was never listed is no empty one', () => {
    const evidence = evidenceOfCluster({ 'namespace/default': 'forbidden' })
    expect(verdictOn(evidence, 'cluster.default-namespace-empty')).toMatchObject({ verdict: 'error' })
    expect(verdictOn(evidenceOfCluster({}), 'cluster.default-namespace-empty')).toMatchObject({
      verdict: 'error',
    })
  })
})

function stores(cluster: DescribedCluster) {
  return verdictOn(evidenceOfCluster(cluster), 'cluster.secrets-from-outside')
}

describe('traps of 5.4.2', () => {
  it('objects in use are told, a definition alone is not', () => {
    expect(stores({ 'external-secrets.io/v1/externalsecrets': [] })).toMatchObject({
      verdict: 'informational',
      reason: 'No object is in use that brings secrets from a store khard knows.',
    })
    expect(stores({ 'external-secrets.io/v1/externalsecrets': [named('db', 'dev')] })).toMatchObject({
      reason: 'Objects are in use that bring secrets from outside: External Secrets.',
    })
  })

  it('sealed secrets are no outside store', () => {
    expect(stores({ 'bitnami.com/v1alpha1/sealedsecrets': [named('db', 'dev')] })).toMatchObject({
      reason: 'No object is in use that brings secrets from a store khard knows.',
      objects: { noted: [{ name: 'SealedSecret dev/db' }] },
    })
  })

  it('a refused list is not read as nothing there', () => {
    expect(stores({ 'external-secrets.io/v1/externalsecrets': 'forbidden' })).toMatchObject({
      verdict: 'error',
    })
  })
})

describe('traps of V-242383', () => {
  it('kube-public may hold what kubeadm publishes there and nothing else', () => {
    const initial = (...shared: readonly object[]) =>
      verdictOn(
        evidenceOfCluster({
          'namespace/default': own,
          'namespace/kube-public': shared,
          'namespace/kube-node-lease': [],
        }),
        'cluster.initial-namespaces-empty',
      )
    const info = { kind: 'ConfigMap', namespace: 'kube-public', name: 'cluster-info' }
    expect(initial(info)).toMatchObject({ verdict: 'pass' })
    expect(initial(info, { ...info, name: 'settings' })).toMatchObject({ verdict: 'fail' })
    expect(objectsIn(...own, { ...info, namespace: 'default' })).toMatchObject({ verdict: 'fail' })
  })
})
