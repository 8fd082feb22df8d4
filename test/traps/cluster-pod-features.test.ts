import { describe, expect, it } from 'vitest'
import { aNamespace, aPod, aWorkload, confined, type Part } from '../facts/cluster/pods/a-pod.ts'
import { type Described, judgeCluster, remarksIn } from '../support/cluster.ts'

/** A pod in a namespace that enforces nothing. */
function withPod(spec: Part, metadata: Part = {}, level = 'privileged'): Described {
  return { 'v1/namespaces': [aNamespace('team', level)], 'v1/pods': [aPod('p', spec, metadata)] }
}

/** What is said of a pod where a namespace that nobody uses wrongly would pass. */
function said(check: string, spec: Part): readonly string[] {
  const outcome = judgeCluster(check, withPod(spec), { 'only-when-used': true })
  return remarksIn(outcome).filter((one) => one.includes('Pod team/p'))
}

describe('5.2.3 to 5.2.5 namespaces of the host', () => {
  it.each([
    ['cluster.host-pid-refused', 'hostPID'],
    ['cluster.host-ipc-refused', 'hostIPC'],
    ['cluster.host-network-refused', 'hostNetwork'],
  ])('%s looks at the value of %s, in pods and templates', (check, field) => {
    expect(said(check, { [field]: true })).toHaveLength(1)
    expect(said(check, { [field]: false })).toEqual([])
    const template = {
      'v1/namespaces': [aNamespace('team', 'privileged')],
      'batch/v1/cronjobs': [aWorkload('CronJob', 'nightly', { spec: { [field]: true } })],
    }
    expect(judgeCluster(check, template)).toMatchObject({
      observed: ['CronJob team/nightly', 'Namespace team'],
    })
  })
})

describe('5.2.6 privilege escalation', () => {
  const check = 'cluster.privilege-escalation-refused'

  it('is possible where nothing is set', () => {
    expect(said(check, {})).toEqual([
      'offending Pod team/p: container c may gain privileges (allowPrivilegeEscalation is not set)',
    ])
    expect(said(check, { containers: [confined({ allowPrivilegeEscalation: true })] })).toHaveLength(1)
    expect(said(check, { containers: [confined({ allowPrivilegeEscalation: false })] })).toEqual([])
  })

  it('is seen in init and ephemeral containers', () => {
    const containers = [confined({ allowPrivilegeEscalation: false })]
    expect(said(check, { containers, initContainers: [{ name: 'i' }] })).toHaveLength(1)
    expect(said(check, { containers, ephemeralContainers: [{ name: 'e' }] })).toHaveLength(1)
  })

  it('means nothing to a Windows pod', () => {
    expect(said(check, { os: { name: 'windows' } })).toEqual([])
  })

  it('is not refused by baseline, nor by rules older than the rule', () => {
    expect(judgeCluster(check, withPod({}, {}, 'baseline')).verdict).toBe('fail')
    const pinned = (version: string) => ({
      'v1/namespaces': [
        aNamespace('team', 'restricted', { 'pod-security.kubernetes.io/enforce-version': version }),
      ],
      'v1/pods': [aPod('p')],
    })
    expect(judgeCluster(check, pinned('v1.7')).verdict).toBe('fail')
    expect(judgeCluster(check, pinned('v1.8')).verdict).toBe('pass')
    expect(judgeCluster(check, pinned('latest')).verdict).toBe('pass')
  })
})

describe('5.2.7 root', () => {
  const check = 'cluster.root-containers-refused'

  it.each([
    ['nothing is said', { pod: {}, own: {}, count: 1 }],
    ['the pod says non-root', { pod: { runAsNonRoot: true }, own: {}, count: 0 }],
    ['the container takes it back', { pod: { runAsNonRoot: true }, own: { runAsNonRoot: false }, count: 1 }],
    ['the pod has a user', { pod: { runAsUser: 1000 }, own: {}, count: 0 }],
    [
      'the container is root again',
      { pod: { runAsUser: 1000, runAsNonRoot: true }, own: { runAsUser: 0 }, count: 1 },
    ],
    ['the container has a user', { pod: {}, own: { runAsUser: 1 }, count: 0 }],
    ['the pod is root and the container is not', { pod: { runAsUser: 0 }, own: { runAsUser: 1 }, count: 0 }],
    ['root claims to be none', { pod: {}, own: { runAsUser: 0, runAsNonRoot: true }, count: 1 }],
  ])('is decided field by field where %s', (_, { pod, own, count }) => {
    expect(said(check, { securityContext: pod, containers: [confined(own)] })).toHaveLength(count)
  })

  it('in a user namespace of its own is told as such', () => {
    const [one] = said(check, { hostUsers: false, containers: [confined({ runAsUser: 0 })] })
    expect(one).toContain('(in a user namespace of its own)')
  })

  it('is what the image decides where nothing is set, and so not ruled out', () => {
    expect(said(check, {}).join()).toContain('may run as root')
  })

  it('means nothing to a Windows pod', () => {
    expect(said(check, { os: { name: 'windows' } })).toEqual([])
  })
})

describe('5.2.8 NET_RAW', () => {
  const check = 'cluster.net-raw-refused'

  it('is not refused by baseline, which leaves the one of the runtime in place', () => {
    expect(judgeCluster(check, withPod({}, {}, 'baseline')).verdict).toBe('fail')
    expect(judgeCluster(check, withPod({}, {}, 'restricted')).verdict).toBe('pass')
  })

  it.each([
    ['nothing is dropped', {}, 1],
    ['something else is dropped', { drop: ['CHOWN'] }, 1],
    ['it is dropped', { drop: ['NET_RAW'] }, 0],
    ['all is dropped', { drop: ['ALL'] }, 0],
    ['it is dropped by its long name', { drop: ['cap_net_raw'] }, 0],
    ['all is dropped in small letters', { drop: ['all'] }, 0],
    ['it is added again', { drop: ['ALL'], add: ['NET_RAW'] }, 1],
    ['all is added', { drop: ['NET_RAW'], add: ['ALL'] }, 1],
    ['it is added by its long name', { drop: ['ALL'], add: ['CAP_NET_RAW'] }, 1],
  ])('is kept or not where %s', (_, capabilities, count) => {
    expect(said(check, { containers: [confined({ capabilities })] })).toHaveLength(count)
  })

  it('is kept by a privileged container whatever it drops', () => {
    expect(
      said(check, { containers: [confined({ privileged: true, capabilities: { drop: ['ALL'] } })] }),
    ).toHaveLength(1)
  })

  it('is kept where nothing drops it, whatever a runtime gives by default', () => {
    const nodes = [
      { metadata: { name: 'n' }, status: { nodeInfo: { containerRuntimeVersion: 'cri-o://1.34.0' } } },
    ]
    expect(judgeCluster(check, { ...withPod({}), 'v1/nodes': nodes }).verdict).toBe('fail')
  })
})

describe('5.2.9 capabilities', () => {
  const check = 'cluster.capabilities-dropped'

  it.each([
    ['nothing is dropped', {}, 1],
    ['one is dropped', { drop: ['NET_RAW'] }, 1],
    ['all are dropped', { drop: ['ALL'] }, 0],
    ['all are dropped by a long name in any case', { drop: ['Cap_All'] }, 0],
    ['one is added back', { drop: ['ALL'], add: ['CHOWN'] }, 1],
    ['low ports are added back', { drop: ['ALL'], add: ['CAP_NET_BIND_SERVICE'] }, 0],
  ])('are dropped or not where %s', (_, capabilities, count) => {
    expect(said(check, { containers: [confined({ capabilities })] })).toHaveLength(count)
  })

  it('are all there in a privileged container', () => {
    expect(
      said(check, { containers: [confined({ privileged: true, capabilities: { drop: ['ALL'] } })] }),
    ).toHaveLength(1)
  })

  it('are asked to be dropped, not only not to be added', () => {
    expect(said(check, {}).join()).toContain('does not drop ALL')
  })
})

describe('added capabilities (5.2.9 of 1.10 and 1.11)', () => {
  const check = 'cluster.added-capabilities-refused'

  it('are seen in init containers, and NET_BIND_SERVICE is only told', () => {
    expect(
      said(check, { initContainers: [confined({ capabilities: { add: ['SYS_ADMIN'] } }, { name: 'i' })] }),
    ).toEqual(['offending Pod team/p: init container i adds SYS_ADMIN'])
    expect(said(check, { containers: [confined({ capabilities: { add: ['NET_BIND_SERVICE'] } })] })).toEqual([
      'noted Pod team/p: container c adds NET_BIND_SERVICE',
    ])
  })

  it('are not excused by the name of a container or a pod', () => {
    const containers = [confined({ capabilities: { add: ['NET_ADMIN'] } }, { name: 'kube-proxy' })]
    const described = {
      'v1/namespaces': [aNamespace('team', 'privileged')],
      'v1/pods': [aPod('svclb-traefik-1', { containers })],
    }
    expect(judgeCluster(check, described)).toMatchObject({
      observed: ['Namespace team', 'Pod team/svclb-traefik-1'],
    })
  })
})

describe('5.2.10 Windows HostProcess', () => {
  const check = 'cluster.windows-host-process-refused'
  const node = (os: string) => ({ metadata: { name: os, labels: { 'kubernetes.io/os': os } }, status: {} })
  const pod = { os: { name: 'windows' }, securityContext: { windowsOptions: { hostProcess: true } } }

  it('is not asked of a cluster without Windows nodes', () => {
    expect(judgeCluster(check, { ...withPod(pod), 'v1/nodes': [node('linux')] }).verdict).toBe(
      'notApplicable',
    )
    expect(judgeCluster(check, { ...withPod(pod), 'v1/nodes': 'forbidden' }).verdict).toBe('error')
  })

  it('is refused by baseline already', () => {
    const nodes = [node('linux'), node('windows')]
    expect(judgeCluster(check, { ...withPod(pod), 'v1/nodes': nodes }).verdict).toBe('fail')
    expect(judgeCluster(check, { ...withPod({}, {}, 'baseline'), 'v1/nodes': nodes }).verdict).toBe('pass')
  })

  it('is what the container says, else the pod', () => {
    const own = { ...pod, containers: [confined({ windowsOptions: { hostProcess: false } })] }
    const described = { ...withPod(own), 'v1/nodes': [node('windows')] }
    expect(judgeCluster(check, described, { 'only-when-used': true }).verdict).toBe('pass')
  })
})

describe('5.2.11 and 5.2.12 paths and ports of the host', () => {
  it('names each path', () => {
    const volumes = [
      { name: 'a', hostPath: { path: '/run' } },
      { name: 'b', emptyDir: {} },
    ]
    expect(said('cluster.host-path-refused', { volumes })).toEqual([
      'offending Pod team/p: it mounts /run of the host',
    ])
  })

  it('tells of volumes that are directories of a node, and lets nothing depend on them', () => {
    const volume = (name: string, spec: Part, namespace = 'team') => ({
      metadata: { name },
      spec: { ...spec, claimRef: { namespace, name: 'data' } },
    })
    const all = [
      volume('a', { hostPath: { path: '/data' } }),
      volume('b', { local: { path: '/disk' } }),
      volume('c', { csi: { driver: 'd' } }),
      volume('d', { hostPath: { path: '/data' } }, 'kube-system'),
      { metadata: { name: 'free' }, spec: { local: { path: '/disk' } } },
    ]
    const check = 'cluster.host-path-refused'
    const quiet = withPod({}, {}, 'baseline')
    expect(remarksIn(judgeCluster(check, { ...quiet, 'v1/persistentvolumes': all }))).toEqual([
      'noted PersistentVolume a: it is /data of a node, for claim team/data',
      'noted PersistentVolume b: it is /disk of a node, for claim team/data',
    ])
    expect(judgeCluster(check, { ...quiet, 'v1/persistentvolumes': 'forbidden' }).verdict).toBe('pass')
  })

  it('does not tell the ports of a pod on the host’s network twice', () => {
    const containers = [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }, { containerPort: 81 }] }]
    expect(said('cluster.host-ports-refused', { containers })).toEqual([
      'offending Pod team/p: container c takes host port 80',
    ])
    expect(said('cluster.host-ports-refused', { containers, hostNetwork: true })).toEqual([])
  })

  it('sees ports of init containers', () => {
    const initContainers = [{ name: 'i', ports: [{ hostPort: 8080 }] }]
    expect(said('cluster.host-ports-refused', { initContainers })).toHaveLength(1)
  })
})

describe('5.2.13 of 2.1 /proc', () => {
  it('is seen in every container', () => {
    const unmasked = confined({ procMount: 'Unmasked' }, { name: 'i' })
    const check = 'cluster.unmasked-proc-refused'
    expect(said(check, { hostUsers: false, initContainers: [unmasked] })).toEqual([
      'offending Pod team/p: init container i sees all of /proc (in a user namespace of its own)',
    ])
    expect(said(check, { containers: [confined({ procMount: 'Default' })] })).toEqual([])
  })
})
