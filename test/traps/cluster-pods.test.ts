import { describe, expect, it } from 'vitest'
import {
  aBinding,
  aNamespace,
  aPod,
  aPolicy,
  aWebhook,
  aWorkload,
  confined,
  ownedBy,
  type Part,
} from '../facts/cluster/pods/a-pod.ts'
import { type Described, judgeCluster as judgeAsIs, remarksIn } from '../support/cluster.ts'

const admission = 'cluster.pod-admission-active'
const privileged = 'cluster.privileged-containers-refused'
const policies = 'admissionregistration.k8s.io/v1/validatingadmissionpolicies'
const bindings = 'admissionregistration.k8s.io/v1/validatingadmissionpolicybindings'
const webhooks = 'admissionregistration.k8s.io/v1/validatingwebhookconfigurations'

/** Judged where the API servers are known to enforce nothing by default. */
const judgeCluster: typeof judgeAsIs = (check, described, parameters = {}) =>
  judgeAsIs(check, described, { 'default-level': 'privileged', ...parameters })

/** A pod in a namespace that enforces nothing. */
function withPod(spec: Part, metadata: Part = {}, level = 'privileged'): Described {
  return { 'v1/namespaces': [aNamespace('team', level)], 'v1/pods': [aPod('p', spec, metadata)] }
}

/** What is said of a pod where a namespace that nobody uses wrongly would pass. */
function said(check: string, spec: Part): readonly string[] {
  const outcome = judgeCluster(check, withPod(spec), { 'only-when-used': true })
  return remarksIn(outcome).filter((one) => one.includes('Pod team/p'))
}

describe('5.2.1 pod admission', () => {
  it('does not demand a label where the configuration of the API server sets the level', () => {
    const rke2 = { 'v1/namespaces': [aNamespace('team')] }
    expect(judgeCluster(admission, rke2).verdict).toBe('fail')
    expect(judgeCluster(admission, rke2, { 'default-level': 'restricted' }).verdict).toBe('pass')
    // What nobody saw is neither.
    expect(judgeAsIs(admission, rke2)).toMatchObject({
      verdict: 'error',
      next: expect.stringContaining('default-level'),
    })
  })

  it('is not there where a level only warns and records, unless that is accepted', () => {
    const watched = aNamespace('team', undefined, {
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/audit': 'restricted',
    })
    const outcome = judgeCluster(admission, { 'v1/namespaces': [watched] })
    expect(outcome.verdict).toBe('fail')
    expect(remarksIn(outcome).join()).toContain('it only warns or records')
    const accepted = judgeCluster(admission, { 'v1/namespaces': [watched] }, { 'accept-warnings': true })
    expect(accepted).toMatchObject({ verdict: 'pass', objects: { noted: [{ name: 'Namespace team' }] } })
  })

  it('is not there in a namespace that the configuration exempts, whatever its label', () => {
    const labelled = { 'v1/namespaces': [aNamespace('tigera-operator', 'restricted')] }
    expect(judgeCluster(admission, labelled).verdict).toBe('pass')
    const exempt = judgeCluster(admission, labelled, { 'exempt-namespaces': ['tigera-operator'] })
    expect(exempt.verdict).toBe('fail')
  })

  it('shows pods that an exempt user or runtime class brought past the level', () => {
    const spec = { runtimeClassName: 'kata', containers: [confined({ privileged: true })] }
    expect(judgeCluster(privileged, withPod(spec, {}, 'restricted'))).toMatchObject({
      verdict: 'pass',
      objects: {
        noted: [
          {
            name: 'Pod team/p',
            because: expect.stringContaining(
              'in a namespace that is set to refuse it (it enforces restricted)',
            ),
          },
        ],
      },
    })
  })

  it.each([
    ['a namespace selector', { namespaceSelector: { matchLabels: { guarded: 'yes' } } }],
    [
      'an expression over the name of the namespace',
      {
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['team'] }],
        },
      },
    ],
    ['a selector over pods', { objectSelector: { matchLabels: { app: 'web' } } }],
    ['conditions', { matchConditions: [{ name: 'not-mine', expression: 'false' }] }],
    ['a failure policy that lets pods through', { failurePolicy: 'Ignore' }],
    [
      'rules over other objects',
      { rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['*'], resources: ['*'] }] },
    ],
    [
      'rules over changes only',
      { rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['pods'] }] },
    ],
  ])('is not there where a policy engine leaves the namespace out by %s', (_, webhook) => {
    const configuration = aWebhook('gatekeeper-validating-webhook-configuration', webhook)
    const described = { 'v1/namespaces': [aNamespace('team')], [webhooks]: [configuration] }
    expect(judgeCluster(admission, described).verdict).toBe('fail')
  })

  it('is not a policy engine whose policies nobody looked at, until a person names its webhook', () => {
    for (const configuration of [
      aWebhook('gatekeeper-validating-webhook-configuration'),
      aWebhook('kyverno-resource-validating-webhook-cfg'),
      aWebhook('clusterwide-no-root', {}, { kubewarden: 'true', kubewardenPolicyScope: 'cluster' }),
      aWebhook(
        'clusterwide-no-root',
        {},
        { 'app.kubernetes.io/part-of': 'kubewarden', kubewardenPolicyScope: 'namespace' },
      ),
    ]) {
      const described = { 'v1/namespaces': [aNamespace('team')], [webhooks]: [configuration] }
      const name = `ValidatingWebhookConfiguration ${configuration.metadata.name}`
      // An engine without a policy lets every pod through.
      for (const parameters of [{}, { 'default-level': 'unknown' }])
        expect(judgeCluster(admission, described, parameters)).toMatchObject({
          verdict: 'error',
          reason: expect.stringContaining(name),
        })
      expect(judgeCluster(admission, described).reason).toContain('enforced-by')
      expect(judgeCluster(admission, described, { 'enforced-by': [name] }).verdict).toBe('pass')
      // A level and a policy of the API server need no engine.
      const labelled = { ...described, 'v1/namespaces': [aNamespace('team', 'baseline')] }
      expect(judgeCluster(admission, labelled).verdict).toBe('pass')
      const bound = { ...described, [policies]: [aPolicy('p')], [bindings]: [aBinding('p')] }
      expect(judgeCluster(admission, bound).verdict).toBe('pass')
    }
  })

  it('is missing where one namespace is without it, though an engine is asked elsewhere', () => {
    const selected = aWebhook('gatekeeper-validating-webhook-configuration', {
      namespaceSelector: { matchLabels: { guarded: 'yes' } },
    })
    const spaces = [aNamespace('open'), aNamespace('under', undefined, { guarded: 'yes' })]
    const outcome = judgeCluster(admission, { 'v1/namespaces': spaces, [webhooks]: [selected] })
    expect(outcome).toMatchObject({
      verdict: 'fail',
      observed: ['Namespace open', 'and 1 that could not be looked at'],
    })
  })

  it('is not a webhook that nobody knows, until a person names it', () => {
    const described = { 'v1/namespaces': [aNamespace('team')], [webhooks]: [aWebhook('kyverno-like')] }
    expect(judgeCluster(admission, described).verdict).toBe('fail')
    const labelled = aWebhook('own', {}, { kubewarden: 'true' })
    expect(judgeCluster(admission, { ...described, [webhooks]: [labelled] }).verdict).toBe('fail')
    const named = { 'enforced-by': ['ValidatingWebhookConfiguration kyverno-like'] }
    expect(judgeCluster(admission, described, named).verdict).toBe('pass')
  })

  it('may be an admission policy whose binding denies', () => {
    const described = (actions: readonly string[]) => ({
      'v1/namespaces': [aNamespace('team')],
      [policies]: [aPolicy('p')],
      [bindings]: [aBinding('p', actions)],
    })
    expect(judgeCluster(admission, described(['Deny'])).verdict).toBe('pass')
    expect(judgeCluster(admission, described(['Audit', 'Warn'])).verdict).toBe('fail')
  })

  it('is not read as missing where policies may not be listed', () => {
    const described: Described = { 'v1/namespaces': [aNamespace('team')], [policies]: 'forbidden' }
    expect(judgeCluster(admission, described).verdict).toBe('error')
    const labelled: Described = { 'v1/namespaces': [aNamespace('team', 'baseline')], [policies]: 'forbidden' }
    expect(judgeCluster(admission, labelled).verdict).toBe('pass')
  })

  it('is not asked of a namespace that is being removed', () => {
    const going = { ...aNamespace('team'), status: { phase: 'Terminating' } }
    expect(judgeCluster(admission, { 'v1/namespaces': [going] })).toMatchObject({
      verdict: 'pass',
      objects: { exempted: [{ name: 'Namespace team' }] },
    })
  })

  it('is not there behind a label that is no level', () => {
    const outcome = judgeCluster(admission, { 'v1/namespaces': [aNamespace('team', 'Restricted')] })
    expect(outcome.verdict).toBe('fail')
    expect(remarksIn(outcome).join()).toContain('its enforce label is no level (Restricted)')
  })
})

describe('5.2.2 privileged containers', () => {
  it.each([
    [
      'an init container',
      { initContainers: [confined({ privileged: true }, { name: 'i' })] },
      'init container i',
    ],
    [
      'a sidecar',
      { initContainers: [confined({ privileged: true }, { name: 's', restartPolicy: 'Always' })] },
      'sidecar container s',
    ],
    [
      'an ephemeral container',
      { ephemeralContainers: [confined({ privileged: true }, { name: 'e' })] },
      'ephemeral container e',
    ],
  ])('are seen in %s, not in spec.containers only', (_, spec, called) => {
    expect(said(privileged, spec)).toEqual([`offending Pod team/p: ${called} runs privileged`])
  })

  it('are admitted where nothing refuses them, though no pod is privileged today', () => {
    const quiet = withPod({})
    expect(judgeCluster(privileged, quiet)).toMatchObject({ verdict: 'fail', observed: ['Namespace team'] })
    expect(judgeCluster(privileged, quiet, { 'only-when-used': true }).verdict).toBe('pass')
    expect(judgeCluster(privileged, withPod({}, {}, 'baseline')).verdict).toBe('pass')
  })

  it('are not excused by a container called like one of the system', () => {
    for (const name of ['proxy', 'kube', 'calico', 'kube-proxy'])
      expect(said(privileged, { containers: [confined({ privileged: true }, { name })] })).toHaveLength(1)
  })

  it('are excused in a system namespace by its exact name only', () => {
    const spec = { containers: [confined({ privileged: true })] }
    const at = (namespace: string): Described => ({
      'v1/namespaces': [aNamespace(namespace)],
      'v1/pods': [aPod('p', spec, { namespace })],
    })
    expect(judgeCluster(privileged, at('kube-system')).verdict).toBe('pass')
    expect(judgeCluster(privileged, at('kube-system-2')).verdict).toBe('fail')
    expect(judgeCluster(privileged, at('my-kube-system')).verdict).toBe('fail')
  })

  it('are excused in a mirror pod, and not in a pod that says it is one', () => {
    const spec = { containers: [confined({ privileged: true })] }
    const annotations = { 'kubernetes.io/config.mirror': 'hash' }
    const relaxed = { 'only-when-used': true }
    const real = withPod(spec, { ...ownedBy('Node', 'n1'), annotations })
    expect(judgeCluster(privileged, real, relaxed)).toMatchObject({
      verdict: 'pass',
      objects: { exempted: [{ name: 'Pod team/p' }] },
    })
    expect(judgeCluster(privileged, withPod(spec, { annotations }), relaxed).verdict).toBe('fail')
  })

  it('are seen in the template of a workload that has no pods', () => {
    const described = {
      'v1/namespaces': [aNamespace('team', 'privileged')],
      'apps/v1/deployments': [
        aWorkload('Deployment', 'web', {
          replicas: 0,
          spec: { containers: [confined({ privileged: true })] },
        }),
      ],
    }
    expect(judgeCluster(privileged, described)).toMatchObject({
      observed: ['Deployment team/web', 'Namespace team'],
    })
  })

  it('are told once for a Deployment, its ReplicaSets and its pods', () => {
    const spec = { containers: [confined({ privileged: true })] }
    const labels = { 'pod-template-hash': '5d4f' }
    const described = {
      'v1/namespaces': [aNamespace('team', 'privileged')],
      'apps/v1/deployments': [aWorkload('Deployment', 'web', { spec })],
      'apps/v1/replicasets': [
        aWorkload('ReplicaSet', 'web-5d4f', { spec, metadata: ownedBy('Deployment', 'web') }),
      ],
      'v1/pods': ['a', 'b'].map((one) =>
        aPod(`web-5d4f-${one}`, spec, ownedBy('ReplicaSet', 'web-5d4f', { labels })),
      ),
    }
    expect(judgeCluster(privileged, described)).toMatchObject({
      observed: ['Deployment team/web', 'Namespace team'],
    })
  })

  it('of an earlier revision are history', () => {
    const spec = { containers: [confined({ privileged: true })] }
    const old = aWorkload('ReplicaSet', 'web-1', {
      spec,
      replicas: 0,
      metadata: ownedBy('Deployment', 'web'),
    })
    const described = {
      'v1/namespaces': [aNamespace('team', 'privileged')],
      'apps/v1/deployments': [aWorkload('Deployment', 'web')],
      'apps/v1/replicasets': [old],
    }
    expect(judgeCluster(privileged, described, { 'only-when-used': true }).verdict).toBe('pass')
  })

  it('are not read as none where pods may not be listed', () => {
    const described: Described = { 'v1/namespaces': [aNamespace('team', 'baseline')], 'v1/pods': 'forbidden' }
    expect(judgeCluster(privileged, described).verdict).toBe('error')
  })
})
