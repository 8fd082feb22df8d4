import { describe, expect, it } from 'vitest'
import { component } from '../../../src/facts/component.ts'
import { componentFiles } from '../../../src/facts/component-files.ts'
import { componentSettings } from '../../../src/facts/component-settings.ts'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { componentState, effectiveSettings } from '../../../src/facts/settings/of-node.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { content, file, missing, nodeWith, plain, process, unit } from '../../support/settings-node.ts'
import { apiServer, config, etcdConfig, type K3s, k3s, said, tls } from './k3s-node.ts'

const noEtcd = missing('file', etcdConfig)
const withEtcd = [
  file(etcdConfig, 1),
  content(etcdConfig, 'client-transport-security:\n  client-cert-auth: true\n  cert-file: /x.crt\n'),
]

const k3sNode = (about: K3s = {}, more: readonly RawItem[] = withEtcd): NodeContext =>
  nodeWith([...k3s(about), ...more])

const settings = (node: NodeContext, of: string): Record<string, unknown> =>
  plain(componentSettings.derive({ fact: 'component-settings', of }, node)) as Record<string, unknown>
const stateOf = (node: NodeContext, of: string): unknown =>
  plain(component.derive({ fact: 'component', of }, node))

describe('a component inside k3s', () => {
  it('has the arguments k3s said it started it with', () => {
    const node = k3sNode()

    expect(stateOf(node, 'kube-apiserver')).toMatchObject({
      'started-as': 'embedded',
      running: true,
      version: '1.34.1',
    })
    expect(settings(node, 'kube-apiserver')).toMatchObject({
      'anonymous-auth': false,
      'client-ca-file': `${tls}/client-ca.crt`,
      'authorization-mode': ['Node', 'RBAC'],
    })
    expect(settings(node, 'kube-scheduler')).toMatchObject({ 'bind-address': '127.0.0.1', profiling: false })
    expect(settings(node, 'kube-controller-manager')).toMatchObject({ 'bind-address': '127.0.0.1' })
    expect(settings(node, 'kube-proxy')).toMatchObject({ 'proxy-mode': 'iptables' })
  })

  it('says where that was read', () => {
    const read = effectiveSettings(k3sNode(), 'kube-apiserver')
    const value = read.kind === 'observed' ? read.fact.values['anonymous-auth'] : read

    expect(value?.source).toEqual({
      items: ['process:700'],
      at: [{ kind: 'command', at: 'journalctl -u k3s' }],
    })
  })

  it('under a unit of another name says that name', () => {
    const node = k3sNode({ unit: 'k3s-edge.service' })
    const read = effectiveSettings(node, 'kube-apiserver')
    const value = read.kind === 'observed' ? read.fact.values['anonymous-auth'] : read

    expect(value?.source.at).toEqual([{ kind: 'command', at: 'journalctl -u k3s-edge' }])
  })

  it('has values with blanks and quotes as they are', () => {
    const lines = [said('Running kube-apiserver --oidc-issuer-url=a "b" c --profiling=false')]

    expect(settings(k3sNode({ lines }), 'kube-apiserver')).toMatchObject({ profiling: false })
    const state = componentState(k3sNode({ lines }), 'kube-apiserver')
    const line = state.kind === 'observed' && state.fact.commandLine
    expect(line && line.kind === 'observed' && line.fact.uses[0]).toMatchObject({ value: 'a "b" c' })
  })

  it('has the last of several lines', () => {
    const lines = [said(apiServer), said('Running kube-apiserver --profiling=true')]

    expect(settings(k3sNode({ lines }), 'kube-apiserver')).toMatchObject({ profiling: true })
  })

  it('unites lists that are given twice and takes the last of what is no list', () => {
    const words =
      '--enable-admission-plugins=A --enable-admission-plugins=B,C --profiling=true --profiling=false'
    const lines = [said(`Running kube-apiserver ${words}`)]

    expect(settings(k3sNode({ lines }), 'kube-apiserver')).toMatchObject({
      'enable-admission-plugins': ['A', 'B', 'C'],
      profiling: false,
    })
  })

  it('is not believed of a line that only quotes one', () => {
    const lines = [
      said('Event: "Running kube-apiserver --profiling=false"'),
      'I1121 msg="Running kube-apiserver --profiling=false"',
      said('Running kube-apiserver'),
    ]

    expect(settings(k3sNode({ lines }), 'kube-apiserver')).toMatchObject({
      profiling: { unavailable: 'log-rotated' },
    })
  })

  it.each<[string, K3s, string]>([
    ['were rotated away', { lines: [] }, 'log-rotated'],
    ['are not there yet', { lines: [said('Starting k3s v1.34.1+k3s1 (24fc436e)')] }, 'not-collected'],
    [
      'are further on than was read',
      { log: { state: 'observed', from: 'journal', lines: [], cut: true } },
      'truncated',
    ],
    ['may not be read', { log: { state: 'unavailable', reason: 'permission-denied' } }, 'permission-denied'],
  ])('is not known where its lines %s', (_name, about, reason) => {
    const node = k3sNode(about)

    expect(stateOf(node, 'kube-apiserver')).toMatchObject({ 'started-as': 'embedded' })
    expect(settings(node, 'kube-apiserver')).toMatchObject({ profiling: { unavailable: reason } })
    expect(settings(node, 'kubelet')).toMatchObject({ 'read-only-port': { unavailable: reason } })
  })

  it('is not known where its log was never asked for', () => {
    const [supervisor, ...rest] = k3s()
    const { startLog: _, ...silent } = supervisor as Extract<RawItem, { kind: 'process'; state: 'observed' }>

    expect(settings(nodeWith([silent, ...rest]), 'kube-apiserver')).toMatchObject({
      profiling: { unavailable: 'not-collected' },
    })
  })

  it('is what a log file says since this start, not before it', () => {
    const from = '/var/log/k3s.log'
    const old = said('Running kube-apiserver --profiling=true', '2026-11-20T10:00:00Z')
    const read = (about: K3s): unknown => settings(k3sNode({ from, ...about }), 'kube-apiserver')['profiling']

    expect(read({ lines: [old] })).toEqual({ unavailable: 'log-rotated' })
    expect(read({ lines: [old, said(apiServer)] })).toBe(false)
    expect(read({ lines: [said(apiServer)], startedAt: null })).toEqual({ unavailable: 'log-rotated' })
    const state = effectiveSettings(k3sNode({ from, lines: [said(apiServer)] }), 'kube-apiserver')
    expect(state.kind === 'observed' && state.fact.values['profiling']?.source.at).toEqual([
      { kind: 'file', at: from },
    ])
  })

  it('takes its version from k3s itself where that could be asked', () => {
    const version = 'k3s version v1.33.5+k3s1 (fab4a5c3)\ngo version go1.24.6'

    expect(stateOf(k3sNode({ version }), 'kubelet')).toMatchObject({ version: '1.33.5', mode: 'flags' })
    expect(stateOf(k3sNode({ lines: [said(apiServer)] }), 'kube-apiserver')).toMatchObject({
      version: { unavailable: 'version-unknown' },
    })
  })

  it('has no manifest and no unit of its own, but the files it is told to use', () => {
    const files = (of: string, which: string): unknown =>
      plain(componentFiles.derive({ fact: 'component-files', of, which }, k3sNode()))

    expect(files('kube-apiserver', 'static-pod-manifest')).toBeUndefined()
    expect(files('kubelet', 'unit')).toBeUndefined()
    expect(files('kubelet', 'configuration')).toHaveLength(1)
  })
})

describe('the kubelet inside k3s 1.32.0 to 1.32.3', () => {
  const kubelet = (version: string, flags: string): unknown => {
    const directory = '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d'
    const lines = [said(`Running kubelet --config-dir=${directory}${flags}`)]
    return settings(k3sNode({ lines, version: `k3s version v${version}+k3s1` }), 'kubelet')
  }

  it('serves its read-only port, since a drop-in directory alone keeps the old defaults', () => {
    expect(kubelet('1.32.3', '')).toMatchObject({ 'read-only-port': 10255, 'anonymous-auth': false })
  })

  it('does not from 1.32.4 on, where k3s says so', () => {
    expect(kubelet('1.32.4', ' --read-only-port=0')).toMatchObject({ 'read-only-port': 0 })
  })
})

describe('what k3s is told to leave out', () => {
  const gone = { lines: [] }

  it.each([
    ['kubelet', 'disable-agent: true'],
    ['kube-proxy', 'disable-agent: true'],
    ['kube-proxy', 'disable-kube-proxy: "true"'],
    ['kube-apiserver', 'disable-apiserver: true'],
    ['kube-controller-manager', 'disable-controller-manager: true'],
    ['kube-scheduler', 'disable-scheduler: true'],
  ])('%s is not there with %s', (of, configuration) => {
    expect(componentState(k3sNode({ ...gone, configuration }), of)).toMatchObject({
      kind: 'absent',
      detail: expect.stringMatching(/^k3s is told disable-/),
    })
    expect(componentState(k3sNode({ ...gone, configuration: 'disable-agent: false' }), of).kind).toBe(
      'observed',
    )
  })

  it('is there all the same where its line says so', () => {
    expect(stateOf(k3sNode({ configuration: 'disable-apiserver: true' }), 'kube-apiserver')).toMatchObject({
      running: true,
    })
  })

  it('is not known where the configuration could not be read', () => {
    const blind = { kind: 'content', id: `content:${config}`, path: config, state: 'unavailable' } as const
    const node = nodeWith([...k3s(gone), { ...blind, reason: 'permission-denied' }])

    expect(componentState(node, 'kubelet')).toMatchObject({
      kind: 'unavailable',
      reason: 'permission-denied',
    })
  })
})

describe('an agent of k3s', () => {
  it('runs a kubelet and kube-proxy and nothing of the control plane', () => {
    const node = k3sNode({ role: 'agent' }, [])

    expect(stateOf(node, 'kubelet')).toMatchObject({ 'started-as': 'embedded' })
    expect(componentState(node, 'kube-apiserver')).toMatchObject({
      kind: 'absent',
      detail: 'a k3s agent runs no kube-apiserver',
    })
  })

  it('is not taken for a control plane because of a cluster in its pods', () => {
    const inPod = process({ name: 'kube-apiserver', pid: 900, argv: ['kube-apiserver', '--profiling=true'] })

    expect(componentState(k3sNode({ role: 'agent' }, [inPod]), 'kube-apiserver').kind).toBe('absent')
    expect(settings(k3sNode({}, [...withEtcd, inPod]), 'kube-apiserver')).toMatchObject({ profiling: false })
  })
})

describe('etcd inside k3s', () => {
  const apiServerOf = (endpoint: string): K3s => ({
    lines: [said(`Running kube-apiserver --etcd-servers=${endpoint}`)],
  })

  it('is configured by the file k3s writes for it', () => {
    const node = k3sNode()

    expect(stateOf(node, 'etcd')).toMatchObject({ 'started-as': 'embedded', running: true })
    expect(settings(node, 'etcd')).toMatchObject({ 'client-cert-auth': true, 'cert-file': '/x.crt' })
    expect(componentState(k3sNode(apiServerOf('http://127.0.0.1:2379')), 'etcd').kind).toBe('observed')
  })

  it.each<[string, K3s, RawItem]>([
    ['kine in the log', apiServerOf('unix://kine.sock'), noEtcd],
    ['kine in the log, over what an earlier etcd left', apiServerOf('unix://kine.sock'), file(etcdConfig, 1)],
    [
      'an external database',
      { lines: [], configuration: 'datastore-endpoint: mysql://u:p@tcp(db)/k3s' },
      noEtcd,
    ],
    ['nothing but SQLite', { lines: [], configuration: 'data-dir: /var/lib/rancher/k3s/' }, noEtcd],
  ])('is not there with %s', (_name, about, item) => {
    expect(componentState(k3sNode(about, [item]), 'etcd')).toMatchObject({
      kind: 'absent',
      detail: expect.stringContaining('kine'),
    })
  })

  it.each<[string, K3s, RawItem]>([
    ['an endpoint of another machine', apiServerOf('https://10.0.0.9:2379'), file(etcdConfig, 1)],
    ['a local endpoint without its file', apiServerOf('https://127.0.0.1:2379'), noEtcd],
    [
      'a configured endpoint',
      { lines: [], configuration: 'datastore-endpoint: https://10.0.0.9:2379' },
      noEtcd,
    ],
  ])('is not on this node with %s', (_name, about, item) => {
    expect(componentState(k3sNode(about, [item]), 'etcd')).toMatchObject({
      kind: 'absent',
      detail: expect.stringContaining('not on this node'),
    })
  })

  it('is there without a line that says so where its file is', () => {
    expect(componentState(k3sNode({ lines: [] }), 'etcd').kind).toBe('observed')
    expect(componentState(k3sNode({ lines: [], configuration: 'disable-etcd: true' }), 'etcd')).toMatchObject(
      { kind: 'absent', detail: 'disable-etcd is set' },
    )
    expect(componentState(k3sNode({ lines: [], configuration: 'disable-etcd: false' }), 'etcd').kind).toBe(
      'observed',
    )
  })

  it('is looked for below the directory k3s is told to use', () => {
    const moved = '/srv/k3s/server/db/etcd/config'
    const node = k3sNode({ lines: [], configuration: 'data-dir: /srv/k3s/' }, [
      file(moved, 1),
      content(moved, 'client-transport-security: {client-cert-auth: true}\n'),
    ])

    expect(settings(node, 'etcd')).toMatchObject({ 'client-cert-auth': true })
  })

  it('is not known where neither file nor configuration could be read', () => {
    expect(componentState(k3sNode({ lines: [] }, []), 'etcd')).toMatchObject({
      kind: 'unavailable',
      reason: 'not-collected',
    })
    const closed: RawItem = {
      kind: 'file',
      id: `file:${etcdConfig}`,
      path: etcdConfig,
      state: 'unavailable',
      reason: 'permission-denied',
      detail: 'closed',
    }
    expect(componentState(k3sNode({ lines: [] }, [closed]), 'etcd')).toMatchObject({ detail: 'closed' })
    const noUnit = k3sNode({ lines: [], unit: null }, withEtcd)
    expect(componentState(noUnit, 'etcd')).toMatchObject({ kind: 'unavailable', reason: 'not-collected' })
  })
})

describe('k3s that does not run', () => {
  const stopped = [
    ...k3s().slice(1),
    unit('k3s.service', {
      ActiveState: 'inactive',
      UnitFileState: 'enabled',
      FragmentPath: '/etc/systemd/system/k3s.service',
    }),
  ]

  it('is set up to run what it holds, with arguments nobody knows yet', () => {
    const node = nodeWith([...stopped, ...withEtcd])

    expect(stateOf(node, 'kube-apiserver')).toMatchObject({ 'started-as': 'embedded', running: false })
    expect(settings(node, 'kube-apiserver')).toMatchObject({ profiling: { unavailable: 'offline' } })
    expect(stateOf(node, 'etcd')).toMatchObject({ running: false })
  })

  it('does not speak for a component that another program runs here', () => {
    const proxy = process({ name: 'kube-proxy', argv: ['kube-proxy', '--proxy-mode=ipvs'] })

    expect(settings(nodeWith([...stopped, proxy]), 'kube-proxy')).toMatchObject({ 'proxy-mode': 'ipvs' })
    const agent = [
      ...k3s({ role: 'agent' }).slice(1),
      unit('k3s-agent.service', {
        ActiveState: 'inactive',
        UnitFileState: 'enabled',
        FragmentPath: '/etc/systemd/system/k3s-agent.service',
      }),
      { kind: 'unit', id: 'unit:k3s.service', name: 'k3s.service', state: 'absent' } as const,
    ]
    expect(componentState(nodeWith(agent), 'kube-apiserver')).not.toHaveProperty('detail')
  })

  it('runs by the word of systemd where its process was not seen', () => {
    const node = nodeWith([...k3s().slice(1), ...withEtcd])

    expect(stateOf(node, 'kubelet')).toMatchObject({ 'started-as': 'embedded', running: true })
    expect(settings(node, 'kubelet')).toMatchObject({ 'read-only-port': { unavailable: 'not-collected' } })
  })
})

describe('containerd of k3s', () => {
  const containerd = (version: string): unknown => {
    const argv = ['containerd', '-c', '/var/lib/rancher/k3s/agent/etc/containerd/config.toml']
    const cgroup = '0::/system.slice/k3s.service'
    const config = content('/var/lib/rancher/k3s/agent/etc/containerd/config.toml', 'version = 3\n')
    return stateOf(
      k3sNode({}, [process({ name: 'containerd', pid: 800, argv, cgroup, version }), config]),
      'containerd',
    )
  }

  it('has its own version, not that of the program it is another name of', () => {
    expect(containerd('containerd github.com/k3s-io/containerd v2.1.4-k3s1')).toMatchObject({
      version: '2.1.4',
    })
    expect(containerd('k3s version v1.34.1+k3s1 (24fc436e)\ngo version go1.24.6')).toMatchObject({
      version: { unavailable: 'version-unknown' },
    })
  })
})

describe('a process of somebody else that calls itself k3s', () => {
  const [real, ...rest] = k3s()
  const own = real as Extract<RawItem, { kind: 'process'; state: 'observed' }>
  const lines = [
    said('Running kube-apiserver --profiling=true'),
    said('Running kube-proxy --proxy-mode=ipvs'),
  ]
  const fake: RawItem = {
    ...own,
    id: 'process:600',
    pid: 600,
    uid: 1000,
    startLog: { state: 'observed', from: 'journal', lines },
  }
  const units = ['k3s', 'k3s-agent'].map(
    (name): RawItem => ({
      kind: 'unit',
      id: `unit:${name}.service`,
      name: `${name}.service`,
      state: 'absent',
    }),
  )

  it('does not speak for the one that is', () => {
    const rotated: RawItem = { ...own, startLog: { state: 'observed', from: 'journal', lines: [] } }
    const node = nodeWith([rotated, ...rest, fake, ...withEtcd])

    expect(settings(node, 'kube-apiserver')).toMatchObject({ profiling: { unavailable: 'log-rotated' } })
  })

  it('is rootless K3s where it is the only one, which nobody vouches for', () => {
    expect(componentState(nodeWith([fake, ...rest, ...units]), 'kube-apiserver')).toMatchObject({
      kind: 'unavailable',
      reason: 'not-collected',
      detail: expect.stringContaining('user 1000'),
    })
  })

  it('does not hide what really runs', () => {
    const proxy = process({ name: 'kube-proxy', argv: ['kube-proxy', '--proxy-mode=iptables'] })
    const node = nodeWith([fake, ...rest, ...units, proxy])

    expect(settings(node, 'kube-proxy')).toMatchObject({ 'proxy-mode': 'iptables' })
  })
})

describe('a cluster in the pods of k3s', () => {
  it('is not the node, also where nothing is known of the node', () => {
    const blind = { kind: 'content', id: `content:${config}`, path: config, state: 'unavailable' } as const
    const inPod = process({ name: 'kube-apiserver', pid: 900, argv: ['kube-apiserver', '--profiling=true'] })
    const node = nodeWith([...k3s({ lines: [] }), { ...blind, reason: 'permission-denied' }, inPod])

    expect(componentState(node, 'kube-apiserver')).toMatchObject({
      kind: 'unavailable',
      reason: 'permission-denied',
    })
  })
})

describe('a tool of k3s', () => {
  it('is no node', () => {
    const tool = process({ name: 'k3s', argv: ['/usr/local/bin/k3s', 'kubectl', 'get', 'nodes'] })
    const stopped = unit('k3s.service', { ActiveState: 'inactive', UnitFileState: 'disabled' })
    const node = nodeWith([...k3s().slice(1), tool, stopped])

    expect(componentState(node, 'kube-scheduler').kind).toBe('absent')
  })
})
