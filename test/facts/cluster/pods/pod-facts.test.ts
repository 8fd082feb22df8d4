import { describe, expect, it } from 'vitest'
import { nodeContext } from '../../../../src/cli/ask-evidence.ts'
import { podAdmission } from '../../../../src/facts/cluster/pod-admission.ts'
import { podFeatures } from '../../../../src/facts/cluster/pod-features.ts'
import { factKinds } from '../../../../src/facts/index.ts'
import type { Fact } from '../../../../src/model/evidence.ts'
import { absent, isFactRecord, noSource, observed, unavailable } from '../../../../src/model/evidence.ts'
import {
  clusterEvidence,
  clusterFact,
  type Described,
  judgeCluster,
  remarksIn,
} from '../../../support/cluster.ts'
import { content } from '../../../traps/verdict-of.ts'
import { aBinding, aNamespace, aPod, aPolicy, aWebhook, aWorkload, confined, ownedBy } from './a-pod.ts'

const privileged = 'cluster.privileged-containers-refused'
const admission = 'cluster.pod-admission-active'
const policies = 'admissionregistration.k8s.io/v1/validatingadmissionpolicies'
const bindings = 'admissionregistration.k8s.io/v1/validatingadmissionpolicybindings'
const webhooks = 'admissionregistration.k8s.io/v1/validatingwebhookconfigurations'
const bad = { containers: [confined({ privileged: true })] }

function field(fact: Fact, name: string): Fact | undefined {
  return fact.kind === 'observed' && isFactRecord(fact.fact) ? fact.fact[name] : undefined
}

/** Names of what offends in a namespace that admits everything. */
function offenders(described: Described): readonly string[] {
  const outcome = judgeCluster(privileged, {
    'v1/namespaces': [aNamespace('team', 'privileged')],
    ...described,
  })
  return (outcome.objects?.offending ?? [])
    .map(({ name }) => name)
    .filter((name) => name !== 'Namespace team')
}

describe('the name of a workload', () => {
  it.each([
    ['apps/v1/deployments', 'Deployment'],
    ['apps/v1/statefulsets', 'StatefulSet'],
    ['apps/v1/daemonsets', 'DaemonSet'],
    ['apps/v1/replicasets', 'ReplicaSet'],
    ['batch/v1/jobs', 'Job'],
    ['batch/v1/cronjobs', 'CronJob'],
    ['v1/replicationcontrollers', 'ReplicationController'],
    ['v1/podtemplates', 'PodTemplate'],
  ])('is its own in %s', (resource, kind) => {
    expect(offenders({ [resource]: [aWorkload(kind, 'w', { spec: bad })] })).toEqual([`${kind} team/w`])
  })

  it('is that of the CronJob whose Job made the pod', () => {
    expect(
      offenders({
        'batch/v1/jobs': [
          aWorkload('Job', 'nightly-1', { spec: bad, metadata: ownedBy('CronJob', 'nightly') }),
        ],
        'batch/v1/cronjobs': [aWorkload('CronJob', 'nightly')],
        'v1/pods': [aPod('nightly-1-x', bad, ownedBy('Job', 'nightly-1'))],
      }),
    ).toEqual(['CronJob team/nightly'])
  })

  it('is that of whoever manages its ReplicaSet', () => {
    expect(
      offenders({
        'apps/v1/replicasets': [aWorkload('ReplicaSet', 'web-1', { metadata: ownedBy('Rollout', 'web') })],
        'v1/pods': [aPod('web-1-x', bad, ownedBy('ReplicaSet', 'web-1'))],
      }),
    ).toEqual(['Rollout team/web'])
  })

  it('is its own where something else than a workload owns it', () => {
    const set = aWorkload('StatefulSet', 'db', { spec: bad, metadata: ownedBy('Database', 'db') })
    expect(offenders({ 'apps/v1/statefulsets': [set] })).toEqual(['StatefulSet team/db'])
  })

  it('ends where owners go in a circle', () => {
    expect(
      offenders({
        'batch/v1/jobs': [
          aWorkload('Job', 'a', { spec: bad, metadata: ownedBy('Job', 'b') }),
          aWorkload('Job', 'b', { metadata: ownedBy('Job', 'a') }),
        ],
      }),
    ).toHaveLength(1)
  })

  it('is not taken from an owner in another namespace', () => {
    expect(
      offenders({
        'batch/v1/jobs': [
          aWorkload('Job', 'j', { metadata: { namespace: 'other', ...ownedBy('CronJob', 'c') } }),
        ],
        'v1/pods': [aPod('j-x', bad, ownedBy('Job', 'j'))],
      }),
    ).toEqual(['Job team/j'])
  })
})

describe('what could not be looked at', () => {
  const quiet = { 'v1/namespaces': [aNamespace('team', 'baseline')] }

  it.each([
    ['a list that is refused', { 'apps/v1/daemonsets': 'forbidden' }, 'apps/v1/daemonsets'],
    ['a list that broke off', { 'batch/v1/jobs': 'disconnected' }, 'batch/v1/jobs'],
    [
      'an object of another form',
      { 'v1/pods': [aPod('p', { hostPID: 'yes' })] },
      'v1/pods team/p: hostPID is no boolean',
    ],
    [
      'a template of another form',
      { 'batch/v1/jobs': [{ metadata: { namespace: 'team', name: 'j' } }] },
      'it has no containers',
    ],
    ['an object without a name', { 'v1/namespaces': [{ metadata: {} }] }, 'v1/namespaces : it has no name'],
    ['pods that are not served', { 'v1/pods': 'absent' }, 'the API server does not serve v1/pods'],
  ] as const)('is no pass: %s', (_, described, reason) => {
    const outcome = judgeCluster(privileged, { ...quiet, ...described })
    expect(outcome).toMatchObject({ verdict: 'error', reason: expect.stringContaining(reason) })
  })

  it('is nothing where the server does not serve a resource of a group', () => {
    expect(judgeCluster(privileged, { ...quiet, 'batch/v1/cronjobs': 'absent' }).verdict).toBe('pass')
  })

  it('does not hide an offender that was seen', () => {
    const described: Described = {
      'v1/namespaces': [aNamespace('team', 'privileged')],
      'v1/pods': [aPod('p')],
      'apps/v1/deployments': 'forbidden',
    }
    expect(judgeCluster(privileged, described).verdict).toBe('fail')
    // A namespace that only looks empty is not one that nobody uses.
    expect(judgeCluster(privileged, { ...described, 'v1/pods': [] }).verdict).toBe('error')
  })

  it('leaves open what a namespace admits where namespaces may not be listed', () => {
    const outcome = judgeCluster(privileged, { 'v1/namespaces': 'forbidden', 'v1/pods': [aPod('p', bad)] })
    expect(outcome.verdict).toBe('error')
    expect(remarksIn(outcome)).toEqual([
      'noted Pod team/p: container c runs privileged; its namespace was not seen',
    ])
  })

  it('is a namespace that came while the lists were read', () => {
    const described = { ...quiet, 'v1/pods': [aPod('p', {}, { namespace: 'new' })] }
    expect(judgeCluster(privileged, described)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('Namespace new: its namespace was not seen'),
    })
  })

  it('is the level of a namespace in use where the default is not known', () => {
    const unlabelled = { 'v1/namespaces': [aNamespace('team')] }
    const parameters = { 'default-level': 'unknown' }
    expect(judgeCluster(privileged, unlabelled, parameters).verdict).toBe('pass')
    const used = { ...unlabelled, 'v1/pods': [aPod('p')] }
    expect(judgeCluster(privileged, used, parameters)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('is not known'),
    })
    // What runs there was let in.
    const running = { ...unlabelled, 'v1/pods': [aPod('p', bad)] }
    expect(judgeCluster(privileged, running, parameters).verdict).toBe('fail')
  })

  it('is the number of nodes that may not be listed', () => {
    const fact = clusterFact({ 'v1/nodes': 'forbidden' }, { fact: 'node-systems' })
    expect(field(fact, 'windows')).toMatchObject({ kind: 'unavailable', reason: 'forbidden' })
  })
})

describe('a policy that a person vouches for', () => {
  const named = { 'enforced-by': ['ValidatingAdmissionPolicy no-privileged'] }
  const used = {
    'v1/namespaces': [aNamespace('team', 'privileged', { tier: 'gold' })],
    'v1/pods': [aPod('p')],
  }
  const under = (policy = {}, spec = {}, actions = ['Deny']): Described => ({
    ...used,
    [policies]: [aPolicy('no-privileged', policy)],
    [bindings]: [aBinding('no-privileged', actions, spec), aBinding('no-privileged', ['Warn'])],
  })

  it('refuses what it covers', () => {
    expect(judgeCluster(privileged, under(), named).verdict).toBe('pass')
    expect(judgeCluster(privileged, under()).verdict).toBe('fail')
    expect(
      judgeCluster(privileged, under(), { 'enforced-by': ['ValidatingAdmissionPolicy no'] }).verdict,
    ).toBe('fail')
  })

  it('tells nothing of empty namespaces', () => {
    const empty = { ...under(), 'v1/pods': [] }
    expect(remarksIn(judgeCluster(privileged, empty, named))).toEqual([])
    expect(remarksIn(judgeCluster(privileged, empty))).toEqual([
      'noted Namespace team: nothing was seen in it, and it would admit privileged containers: it enforces privileged',
    ])
  })

  it.each([
    ['only warns', under({}, {}, ['Warn', 'Audit'])],
    ['lets pods through when it breaks', under({ spec: { failurePolicy: 'Ignore' } })],
    ['is about Deployments', under({ rule: { apiGroups: ['apps'], resources: ['deployments'] } })],
    ['is about a subresource', under({ rule: { resources: ['pods/exec'] } })],
    ['is about another version', under({ rule: { apiVersions: ['v2'] } })],
    ['is about objects of the cluster', under({ rule: { scope: 'Cluster' } })],
    ['is about some names', under({ rule: { resourceNames: ['web'] } })],
    ['excludes pods', under({ match: { excludeResourceRules: [{ apiGroups: ['*'], resources: ['*'] }] } })],
    ['selects pods', under({ match: { objectSelector: { matchLabels: { app: 'web' } } } })],
    ['selects other namespaces', under({ match: { namespaceSelector: { matchLabels: { tier: 'tin' } } } })],
    [
      'is bound to other namespaces',
      under({}, { matchResources: { namespaceSelector: { matchLabels: { tier: 'tin' } } } }),
    ],
    [
      'is bound to other resources',
      under(
        {},
        {
          matchResources: {
            resourceRules: [{ apiGroups: ['apps'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
          },
        },
      ),
    ],
    [
      'is bound with parameters it can do without',
      under({}, { paramRef: { parameterNotFoundAction: 'Allow' } }),
    ],
    [
      'does not say what it matches',
      { ...used, [policies]: [{ metadata: { name: 'no-privileged' }, spec: {} }] },
    ],
    ['is bound by nothing', { ...under(), [bindings]: [] }],
  ])('does not count where it %s', (_, described) => {
    expect(judgeCluster(privileged, described, named).verdict).not.toBe('pass')
  })

  it.each([
    ['In', { operator: 'In', values: ['gold'] }, true],
    ['In, other', { operator: 'In', values: ['tin'] }, false],
    ['NotIn', { operator: 'NotIn', values: ['tin'] }, true],
    ['NotIn, same', { operator: 'NotIn', values: ['gold'] }, false],
    ['Exists', { operator: 'Exists' }, true],
    ['DoesNotExist', { operator: 'DoesNotExist' }, false],
    ['an operator nobody knows', { operator: 'Matches' }, false],
  ])('covers the namespaces it selects by %s', (_, expression, isCovered) => {
    const match = { namespaceSelector: { matchExpressions: [{ key: 'tier', ...expression }] } }
    const { verdict } = judgeCluster(privileged, under({ match }), named)
    expect(verdict).toBe(isCovered ? 'pass' : 'fail')
  })

  it('covers namespaces without the label where it only excludes a value of it', () => {
    const match = {
      namespaceSelector: {
        matchExpressions: [
          { key: 'none', operator: 'NotIn', values: ['x'] },
          { key: 'absent', operator: 'In', values: ['x'] },
        ],
      },
    }
    expect(judgeCluster(privileged, under({ match }), named).verdict).toBe('fail')
    const only = {
      namespaceSelector: { matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['x'] }] },
    }
    expect(judgeCluster(privileged, under({ match: only }), named).verdict).toBe('pass')
  })

  it('may have conditions, which the person has read', () => {
    const spec = { matchConditions: [{ name: 'c', expression: 'true' }] }
    expect(judgeCluster(privileged, under({ spec }), named).verdict).toBe('pass')
    expect(judgeCluster(admission, under({ spec })).verdict).toBe('fail')
    expect(judgeCluster(admission, under({ spec }), named)).toMatchObject({ verdict: 'pass' })
  })

  it('may not be listed, and then nobody knows', () => {
    const described: Described = { ...under(), [policies]: 'forbidden' }
    expect(judgeCluster(privileged, described, named)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('policies could not be looked at'),
    })
    expect(judgeCluster(privileged, described).verdict).toBe('fail')
    const broken: Described = { ...under(), [bindings]: [{ metadata: { name: 'b' }, spec: {} }] }
    expect(judgeCluster(privileged, broken, named).verdict).toBe('error')
  })

  it('may be a webhook', () => {
    const described = { ...used, [webhooks]: [aWebhook('own'), { metadata: { name: 'none' } }] }
    const webhook = { 'enforced-by': ['ValidatingWebhookConfiguration own'] }
    expect(judgeCluster(privileged, described, webhook).verdict).toBe('pass')
    expect(judgeCluster(admission, described, webhook).objects).toBeUndefined()
  })
})

describe('what is left out', () => {
  it('is told with its reason, for workloads as for namespaces', () => {
    const mirror = { ...ownedBy('Node', 'n1'), annotations: { 'kubernetes.io/config.mirror': 'h' } }
    const outcome = judgeCluster('cluster.seccomp-on', {
      'v1/pods': [aPod('dns', {}, { namespace: 'kube-system' }), aPod('m', {}, mirror), aPod('p')],
    })
    expect(remarksIn(outcome)).toEqual([
      'offending Pod team/p: container c has no seccomp profile, and seccompDefault was not seen on every node',
      'exempted Namespace kube-system: a namespace of the cluster itself',
      'exempted Pod team/m: made from a file on its node, not through the API',
    ])
  })

  it('is not more than a sentence may hold', () => {
    const containers = Array.from({ length: 7 }, (_, nth) =>
      confined({ privileged: true }, { name: `c${nth}` }),
    )
    const outcome = judgeCluster(privileged, {
      'v1/namespaces': [aNamespace('team', 'privileged')],
      'v1/pods': [aPod('p', { containers })],
    })
    const [, pod] = outcome.objects?.offending ?? []
    expect(pod?.because).toMatch(/container c4 runs privileged and 2 more$/)
  })
})

describe('a request', () => {
  it.each(['pod-features', 'workload-traits'])('of %s for what there is none of is refused', (name) => {
    const kind = factKinds[name]
    const faults = kind?.faults?.({ fact: name, of: 'nothing' }, { components: new Map() })
    expect(faults).toEqual([expect.stringContaining('"nothing"')])
    expect(clusterFact({}, { fact: name, of: 'nothing' })).toMatchObject({ kind: 'unavailable' })
    expect(clusterFact({}, { fact: name })).toMatchObject({ kind: 'unavailable' })
  })

  it('that says nothing more leaves nothing out and takes the level Kubernetes has', () => {
    const described = {
      'v1/namespaces': [aNamespace('kube-system')],
      'v1/pods': [aPod('p', bad, { namespace: 'kube-system' })],
    }
    const fact = clusterFact(described, { fact: 'pod-features', of: 'privileged' })
    expect(field(fact, 'looked-at')).toMatchObject({ fact: 1 })
    expect(field(fact, 'offending')).toMatchObject({ fact: [{}, {}] })
  })

  it('counts nodes by what they say they run', () => {
    const nodes = [
      { metadata: { name: 'a', labels: { 'kubernetes.io/os': 'linux' } } },
      { metadata: { name: 'b' }, status: { nodeInfo: { operatingSystem: 'windows' } } },
    ]
    const fact = clusterFact({ 'v1/nodes': nodes }, { fact: 'node-systems' })
    expect([field(fact, 'linux'), field(fact, 'windows')]).toMatchObject([{ fact: 1 }, { fact: 1 }])
  })

  it('is answered for many pods in time that grows with their number', () => {
    const pods = (count: number) =>
      Array.from({ length: count }, (_, nth) => aPod(`p${nth}`, bad, { namespace: `n${nth % 100}` }))
    const namespaces = Array.from({ length: 100 }, (_, nth) => aNamespace(`n${nth}`))
    const measure = (count: number): number => {
      const described = { 'v1/namespaces': namespaces, 'v1/pods': pods(count) }
      const before = process.cpuUsage().user
      judgeCluster(privileged, described)
      return process.cpuUsage().user - before
    }
    measure(1000)
    expect(measure(8000) / measure(1000)).toBeLessThan(40)
  })
})

describe('the default level of the API servers', () => {
  const unlabelled = { 'v1/namespaces': [aNamespace('team'), aNamespace('infra')], 'v1/pods': [aPod('p')] }
  const told = (
    enforce: string,
    more: {
      readonly version?: string
      readonly exempt?: readonly string[]
      readonly users?: readonly string[]
      readonly classes?: readonly string[]
    } = {},
  ) => {
    const text = (value: string): Fact => observed(value, noSource)
    return observed(
      {
        enforce: text(enforce),
        'enforce-version': text(more.version ?? 'latest'),
        'exempt-namespaces': observed((more.exempt ?? []).map(text), noSource),
        'exempt-usernames': observed((more.users ?? []).map(text), noSource),
        'exempt-runtime-classes': observed((more.classes ?? []).map(text), noSource),
      },
      noSource,
    )
  }
  const withNodes = (...facts: readonly Fact[]) => {
    const nodes = () => facts.map((fact, index) => ({ node: `cp-${index}`, fact }))
    const context = { ...nodeContext(clusterEvidence(unlabelled), content, 0), nodes }
    return podAdmission.derive({ fact: 'pod-admission' }, context)
  }

  it('holds where a control plane node of the run shows it', () => {
    expect(field(withNodes(told('baseline')), 'offending')).toMatchObject({ kind: 'absent' })
    expect(field(withNodes(told('privileged')), 'offending')).toMatchObject({
      kind: 'observed',
      fact: [{}, {}],
    })
  })

  it('does not hold for what it exempts', () => {
    const [only] = [field(withNodes(told('restricted', { exempt: ['infra'] })), 'offending')]
    expect(only).toMatchObject({ fact: [{ fact: { name: { fact: 'Namespace infra' } } }] })
  })

  it('is told with the users and runtime classes it does not hold for', () => {
    const users = told('baseline', { users: ['alice', 'ops'] })
    const classes = told('restricted', { classes: ['kata'] })
    // They are told where the levels of nodes differ, too.
    expect(field(withNodes(told('baseline'), users, classes), 'noted')).toMatchObject({
      fact: [
        {
          fact: {
            name: { fact: 'API server on cp-1' },
            because: { fact: 'pod security leaves out what users alice, ops make' },
          },
        },
        {
          fact: {
            name: { fact: 'API server on cp-2' },
            because: { fact: 'pod security leaves out pods of runtime classes kata' },
          },
        },
      ],
    })
    expect(field(withNodes(told('baseline'), users), 'offending')).toMatchObject({ kind: 'absent' })
    for (const facts of [[], [told('baseline')], [absent(noSource)]])
      expect(field(withNodes(...facts), 'noted')).toMatchObject({ kind: 'absent' })
  })

  it('is not known where nodes differ, or do not show it', () => {
    const unseen = (name: string) => ({
      kind: 'unavailable',
      reason: 'not-told',
      detail: expect.stringContaining(`Namespace ${name}:`),
    })
    for (const facts of [
      [],
      [told('baseline'), told('privileged')],
      [told('baseline'), told('baseline', { version: 'v1.25' })],
      [absent(noSource)],
      [unavailable('permission-denied', noSource)],
    ])
      expect(field(withNodes(...facts), 'offending')).toMatchObject({
        fact: [unseen('infra'), unseen('team')],
      })
  })

  it('and every label count for nothing where an API server runs without the plugin', () => {
    const labelled = { 'v1/namespaces': [aNamespace('team', 'restricted')], 'v1/pods': [aPod('p')] }
    const text = (value: string): Fact => observed(value, noSource)
    const off = observed({ disabled: observed([text('PodSecurity')], noSource) }, noSource)
    const nodes = ({ fact }: { readonly fact: string }) =>
      fact === 'admission-plugins' ? [{ node: 'cp-1', fact: off }] : []
    const context = { ...nodeContext(clusterEvidence(labelled), content, 0), nodes }
    const request = { fact: 'pod-features', of: 'privileged' }
    expect(field(podAdmission.derive({ fact: 'pod-admission' }, context), 'offending')).toMatchObject({
      kind: 'observed',
    })
    expect(field(podFeatures.derive(request, context), 'offending')).toMatchObject({ kind: 'observed' })
  })
})
