import { describe, expect, it } from 'vitest'
import type { FactRequest } from '../../src/model/check.ts'
import { type Fact, noSource, observed, unavailable } from '../../src/model/evidence.ts'
import {
  aNamespace,
  aPod,
  aWorkload,
  confined,
  ownedBy,
  type Part,
  restricted,
} from '../facts/cluster/pods/a-pod.ts'
import { type Described, judgeCluster, judgeWithNodes, remarksIn } from '../support/cluster.ts'

/** A pod in a namespace that enforces nothing. */
function withPod(spec: Part, metadata: Part = {}, level = 'privileged'): Described {
  return { 'v1/namespaces': [aNamespace('team', level)], 'v1/pods': [aPod('p', spec, metadata)] }
}

describe('5.4.1 Secrets in environments', () => {
  const check = 'cluster.secrets-not-in-environment'
  const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }]

  it('are seen where they come from secretKeyRef and envFrom', () => {
    expect(judgeCluster(check, withPod({ containers: [{ name: 'c', env }] })).verdict).toBe('fail')
    const envFrom = [{ secretRef: { name: 's' } }]
    expect(judgeCluster(check, withPod({ containers: [{ name: 'c', envFrom }] })).verdict).toBe('fail')
    const maps = [{ configMapRef: { name: 's' } }]
    expect(judgeCluster(check, withPod({ containers: [{ name: 'c', envFrom: maps }] })).verdict).toBe('pass')
  })

  it('are seen in ephemeral containers', () => {
    expect(judgeCluster(check, withPod({ ephemeralContainers: [{ name: 'e', env }] })).verdict).toBe('fail')
  })

  it('are only told where a plain value has the name of one', () => {
    const plain = [
      { name: 'API_TOKEN', value: 'x' },
      { name: 'MODE', value: 'y' },
    ]
    expect(judgeCluster(check, withPod({ containers: [{ name: 'c', env: plain }] }))).toMatchObject({
      verdict: 'pass',
      objects: { noted: [{ because: 'container c is given API_TOKEN as plain text' }] },
    })
  })
})

describe('5.6.1 namespaces', () => {
  const check = 'cluster.namespaces-used'
  const at = (...places: readonly (readonly [string, string])[]): Described => ({
    'v1/pods': places.map(([namespace, name]) => aPod(name, {}, { namespace })),
  })

  it('are no boundary for what runs in default', () => {
    expect(judgeCluster(check, at(['default', 'a'], ['team', 'b']))).toMatchObject({
      verdict: 'fail',
      observed: ['Pod default/a'],
    })
  })

  it('are one boundary too few where one holds everything', () => {
    const single = at(['team', 'a'], ['team', 'b'])
    expect(judgeCluster(check, single)).toMatchObject({
      verdict: 'pass',
      objects: { noted: [{ name: 'Namespace team' }] },
    })
    expect(judgeCluster(check, single, { several: true }).verdict).toBe('fail')
    expect(judgeCluster(check, at(['team', 'a']), { several: true }).verdict).toBe('pass')
  })

  it('of the cluster itself may hold more than what belongs there', () => {
    const mirror = aPod(
      'kube-apiserver-n1',
      {},
      {
        namespace: 'kube-system',
        ...ownedBy('Node', 'n1'),
        annotations: { 'kubernetes.io/config.mirror': 'h' },
      },
    )
    const dns = aWorkload('Deployment', 'coredns', { metadata: { namespace: 'kube-system' } })
    const described = {
      'v1/pods': [
        mirror,
        aPod('miner', {}, { namespace: 'kube-system' }),
        aPod('a'),
        aPod('b', {}, { namespace: 'b' }),
      ],
      'apps/v1/deployments': [dns],
    }
    const outcome = judgeCluster(check, described)
    expect(outcome.verdict).toBe('pass')
    expect(remarksIn(outcome)).toEqual([
      'noted Pod kube-system/miner: it runs in kube-system, and nothing says that it belongs to the cluster itself',
      'exempted Deployment kube-system/coredns: a part of the cluster itself',
      'exempted Pod kube-system/kube-apiserver-n1: made from a file on its node',
    ])
  })

  it('say nothing where nothing runs', () => {
    expect(judgeCluster(check, {}).verdict).toBe('notApplicable')
  })
})

describe('5.6.2 seccomp', () => {
  const check = 'cluster.seccomp-on'
  const with_ = (pod: Part, own: Part) => withPod({ securityContext: pod, containers: [confined(own)] })
  const profile = (type: string) => ({ seccompProfile: { type } })

  it.each([
    ['nothing', [{}, {}], 'fail'],
    ['the pod', [profile('RuntimeDefault'), {}], 'pass'],
    ['the container', [{}, profile('Localhost')], 'pass'],
    ['both, the container taking it back', [profile('RuntimeDefault'), profile('Unconfined')], 'fail'],
    ['both, the container better', [profile('Unconfined'), profile('RuntimeDefault')], 'pass'],
    ['a privileged container', [profile('RuntimeDefault'), { privileged: true }], 'fail'],
  ])('is decided by %s', (_, [pod = {}, own = {}], verdict) => {
    expect(judgeCluster(check, with_(pod, own)).verdict).toBe(verdict)
  })

  it('rests on the kubelets where that is known, and says so', () => {
    const parameters = { 'without-profile': 'RuntimeDefault' }
    expect(judgeCluster(check, with_({}, {}), parameters)).toMatchObject({
      verdict: 'pass',
      objects: { noted: [{ because: 'container c rests on seccompDefault of the kubelets only' }] },
    })
    expect(judgeCluster(check, with_({}, profile('Unconfined')), parameters).verdict).toBe('fail')
  })

  describe('where a container says nothing', () => {
    const on = (value: boolean): Fact => observed({ 'seccomp-default': observed(value, noSource) }, noSource)
    const judged = (kubelets: { readonly [node: string]: Fact }, names = Object.keys(kubelets)) => {
      const listed = names.map((name) => ({
        metadata: { name },
        status: { nodeInfo: { operatingSystem: name.startsWith('win') ? 'windows' : 'linux' } },
      }))
      const nodes = (request: FactRequest) =>
        request.fact === 'component-settings' && request['of'] === 'kubelet'
          ? Object.entries(kubelets).map(([node, fact]) => ({ node, fact }))
          : []
      return judgeWithNodes(check, { ...with_({}, {}), 'v1/nodes': listed }, { nodes })
    }

    it('is held by kubelets that were all seen to run with seccompDefault', () => {
      const all = judged({ a: on(true), b: on(true) })
      expect(all.verdict).toBe('pass')
      expect(remarksIn(all)).toContain(
        'noted Pod team/p: container c rests on seccompDefault of the kubelets only',
      )
    })

    it('is not held on the one node that runs without it', () => {
      const one = judged({ a: on(true), b: on(false) })
      expect(one.verdict).toBe('fail')
      expect(remarksIn(one)).toContain(
        'offending Pod team/p: container c has no seccomp profile, and the kubelet of b runs without seccompDefault',
      )
    })

    it('is not said to be held where a node was not seen', () => {
      const unseen = 'container c has no seccomp profile, and seccompDefault was not seen on every node'
      const refused = unavailable('forbidden', noSource)
      const some = [
        judged({ a: on(true) }, ['a', 'b']),
        judged({ a: on(true), b: refused }),
        judged({ a: on(true), b: observed({ 'seccomp-default': refused }, noSource) }),
        judged({ a: on(true), b: observed({}, noSource) }),
        judged({}),
        judgeCluster(check, with_({}, {})),
      ]
      expect(some.map(({ verdict }) => verdict)).toEqual(some.map(() => 'fail'))
      for (const one of some) expect(remarksIn(one)).toContain(`offending Pod team/p: ${unseen}`)
      const unlisted = judgeWithNodes(
        check,
        { ...with_({}, {}), 'v1/nodes': 'forbidden' },
        { nodes: () => [{ node: 'a', fact: on(true) }] },
      )
      expect(unlisted.verdict).toBe('fail')
    })

    it('does not ask it of nodes of Windows, which knows no seccomp', () => {
      expect(judged({ a: on(true), win: on(false) }).verdict).toBe('pass')
      expect(judged({ a: on(true) }, ['a', 'win']).verdict).toBe('pass')
      expect(judged({ win: on(true) }).verdict).toBe('fail')
    })

    it('is what a profile says it is', () => {
      expect(judgeCluster(check, with_({}, {}), { 'without-profile': 'Unconfined' }).verdict).toBe('fail')
    })
  })

  it('is not set by the annotation that nothing reads any more', () => {
    const annotations = { 'seccomp.security.alpha.kubernetes.io/pod': 'docker/default' }
    expect(judgeCluster(check, withPod({}, { annotations })).verdict).toBe('fail')
  })

  it('means nothing to a Windows pod', () => {
    expect(judgeCluster(check, withPod({ os: { name: 'windows' } })).verdict).toBe('pass')
    const parameters = { 'without-profile': 'RuntimeDefault' }
    expect(judgeCluster(check, withPod({ os: { name: 'windows' } }), parameters).objects).toBeUndefined()
  })
})

describe('5.6.3 security contexts', () => {
  const check = 'cluster.security-contexts-set'

  it('are there where the pod or the container has one, and complete where nothing is left unsaid', () => {
    expect(judgeCluster(check, withPod({})).verdict).toBe('fail')
    expect(judgeCluster(check, withPod({ securityContext: {} })).verdict).toBe('fail')
    const part = withPod({ securityContext: { fsGroup: 1 } })
    expect(judgeCluster(check, part)).toMatchObject({
      verdict: 'pass',
      objects: { noted: [{ name: 'Pod team/p' }] },
    })
    expect(judgeCluster(check, part, { complete: true }).verdict).toBe('fail')
  })

  it('need nothing that only another operating system has', () => {
    const whole = withPod({ containers: [confined(restricted)] })
    expect(judgeCluster(check, whole, { complete: true })).toMatchObject({ verdict: 'pass' })
    const windows = withPod({
      os: { name: 'windows' },
      securityContext: { windowsOptions: { runAsUserName: 'ContainerUser' } },
    })
    expect(judgeCluster(check, windows, { complete: true }).verdict).toBe('pass')
  })
})

describe('V-242414 low ports', () => {
  it('are those below 1024, on the host’s network too', () => {
    const check = 'cluster.low-host-ports-free'
    const ports = (hostPort: number) => [{ name: 'c', ports: [{ hostPort }] }]
    expect(judgeCluster(check, withPod({ containers: ports(1023) })).verdict).toBe('fail')
    expect(judgeCluster(check, withPod({ containers: ports(1024) })).verdict).toBe('pass')
    expect(judgeCluster(check, withPod({ hostNetwork: true, containers: ports(443) })).verdict).toBe('fail')
  })
})
