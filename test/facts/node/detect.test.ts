import { describe, expect, it } from 'vitest'
import { chooseProfile, detectionProbes, detectNode } from '../../../src/facts/detect.ts'
import { distributionNames } from '../../../src/facts/node/signals.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import { blind, content, fakeNode, file, processes, recording, runningProcess, unit } from './fake-node.ts'

const components = [...shippedComponents().values()]

const detect = (items: readonly RawItem[], options = {}) =>
  detectNode(fakeNode([processes([]), ...items], { components, ...options }))

const active = (name: string) => unit(name, { ActiveState: 'active', UnitFileState: 'enabled' })
/** The unit of K3s or RKE2, running. */
const service = (name: string, words: string): readonly RawItem[] => {
  const path = `/etc/systemd/system/${name}.service`
  return [
    unit(`${name}.service`, { ActiveState: 'active', UnitFileState: 'enabled', FragmentPath: path }),
    content(path, `[Service]\nExecStart=/usr/local/bin/${words}\n`),
  ]
}
const kubelet = (...argv: readonly string[]) =>
  ({
    ...runningProcess(40, 'kubelet', ['/usr/bin/kubelet', ...argv]),
    version: 'Kubernetes v1.31.4',
  }) as RawItem

const kubeadmKubelet = [
  unit('kubelet.service', recording('kubeadm-kubelet.show')),
  kubelet('--kubeconfig=/etc/kubernetes/kubelet.conf', '--config=/var/lib/kubelet/config.yaml'),
  file('/var/lib/kubelet/kubeadm-flags.env'),
]

const names = (signals: readonly { says: string }[]) => signals.map(({ says }) => says)

describe('detectNode', () => {
  it('knows a kubeadm worker, its version and its system', () => {
    const found = detect([
      ...kubeadmKubelet,
      content('/etc/os-release', recording('os-release')),
      content('/proc/sys/kernel/osrelease', '6.1.0\n'),
    ])
    expect(found).toMatchObject({
      distribution: 'kubeadm',
      roles: ['worker'],
      version: 'v1.31.4',
      os: { id: 'debian', version: '12', kernel: '6.1.0', name: 'Debian GNU/Linux 12 (bookworm)' },
    })
    expect(found.signals[0]).toEqual({
      says: 'kubelet.service has the drop-in 10-kubeadm.conf',
      strength: 'certain',
      at: '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
    })
  })

  it('knows Kubespray, which contains kubeadm, by what the kubelet’s unit reads', () => {
    const leftByKubeadm = [
      file('/var/lib/kubelet/kubeadm-flags.env'),
      file('/etc/kubernetes/admin.conf'),
      kubelet('--kubeconfig=/etc/kubernetes/kubelet.conf', '--config=/etc/kubernetes/another.yaml'),
    ]
    const reads = (EnvironmentFiles: string, ActiveState = 'active') =>
      detect([unit('kubelet.service', { ActiveState, EnvironmentFiles }), ...leftByKubeadm])
    const own = '/etc/default/other (ignore_errors=no)\n/etc/kubernetes/kubelet.env (ignore_errors=yes)'
    expect(reads(own)).toMatchObject({ distribution: 'kubespray' })
    expect(names(reads(own).signals)).toContain('kubelet.service reads /etc/kubernetes/kubelet.env')
    expect(reads('/etc/kubernetes/kubelet.env.old (ignore_errors=yes)')).toMatchObject({
      distribution: 'kubeadm',
    })
    expect(reads('')).toMatchObject({ distribution: 'kubeadm' })
    expect(detect([unit('kubelet.service', { ActiveState: 'active' }), ...leftByKubeadm])).toMatchObject({
      distribution: 'kubeadm',
    })
  })

  it('knows a node built the hard way from its units, recorded from one', () => {
    const server = unit('kube-apiserver.service', recording('hardway-kube-apiserver.show'))
    const apiserver = runningProcess(33, 'kube-apiserver', ['/usr/local/bin/kube-apiserver'])
    const etcd = runningProcess(32, 'etcd', ['/usr/local/bin/etcd'])
    expect(detect([server, apiserver, etcd])).toMatchObject({
      distribution: 'hardway',
      roles: ['control-plane', 'etcd'],
    })
  })

  it('knows a worker built the hard way by two strong signals, and does not guess from one', () => {
    const proxy = active('kube-proxy.service')
    expect(detect([proxy, kubelet('--config=/var/lib/kubelet/kubelet-config.yaml')])).toMatchObject({
      distribution: 'hardway',
      roles: ['worker'],
    })
    expect(detect([proxy, kubelet()]).distribution).toBe('unknown')
  })

  it('lets what runs beat leftovers of an older installation', () => {
    const left = [
      file('/var/lib/rancher/rke2'),
      file('/etc/rancher/rke2'),
      unit('rke2-server.service', { ActiveState: 'inactive', UnitFileState: 'disabled' }),
    ]
    const found = detect([...kubeadmKubelet, ...left])
    expect(found.distribution).toBe('kubeadm')
    expect(
      found.signals.filter(({ says }) => says.includes('rke2')).every(({ strength }) => strength === 'hint'),
    ).toBe(true)
    expect(
      detect([
        ...service('rke2-agent', 'rke2 agent'),
        file('/var/lib/kubelet/kubeadm-flags.env'),
        file('/etc/kubernetes/admin.conf'),
      ]),
    ).toMatchObject({
      distribution: 'rke2',
      roles: ['worker'],
    })
  })

  it.each([
    [
      'rke2',
      [...service('rke2-server', 'rke2 server'), file('/var/lib/rancher/k3s')],
      ['control-plane', 'worker'],
    ],
    ['k3s', service('k3s', 'k3s server'), ['control-plane', 'worker']],
    ['k3s', service('k3s-agent', 'k3s agent'), ['worker']],
    ['k3s', [runningProcess(9, 'k3s', ['/usr/local/bin/k3s agent'])], ['worker']],
    ['k3s', [active('k3s.service')], []],
    ['k0s', [active('k0scontroller.service')], ['control-plane']],
    ['k0s', [runningProcess(9, 'k0s', ['/usr/local/bin/k0s', 'worker'])], []],
    ['microk8s', [active('snap.microk8s.daemon-kubelite.service')], []],
    ['kops', [active('kops-configuration.service'), ...kubeadmKubelet.slice(2)], []],
    [
      'kubespray',
      [
        kubelet(
          '--config',
          '/etc/kubernetes/kubelet-config.yaml',
          '--kubeconfig=/etc/kubernetes/kubelet.conf',
        ),
        file('/var/lib/kubelet/kubeadm-flags.env'),
      ],
      ['worker'],
    ],
    ['eks', [kubelet(), file('/etc/kubernetes/kubelet/config.json')], ['worker']],
    ['gke', [kubelet(), file('/home/kubernetes/kubelet-config.yaml')], ['worker']],
    [
      'aks',
      [kubelet(), file('/etc/kubernetes/azure.json'), file('/etc/kubernetes/certs/kubeletserver.crt')],
      ['worker'],
    ],
    [
      'openshift',
      [kubelet(), content('/etc/os-release', 'ID="rhcos"\n'), file('/etc/machine-config-daemon')],
      ['worker'],
    ],
    ['microshift', [active('microshift.service'), file('/etc/machine-config-daemon')], []],
  ])('never takes %s for kubeadm', (distribution, items, roles) => {
    expect(detect(items)).toMatchObject({ distribution, roles })
  })

  it('does not choose between two distributions that both run', () => {
    const found = detect([active('k0sworker.service'), ...kubeadmKubelet])
    expect(found.distribution).toBe('unknown')
    expect(names(found.signals)).toContain('k0sworker.service is active')
  })

  it('says none where nothing of Kubernetes runs or is set up', () => {
    const found = detect([content('/etc/os-release', recording('os-release'))])
    expect(found).toMatchObject({ distribution: 'none', roles: [], signals: [] })
  })

  it('says none of a machine with packages that never ran, or with leftovers only', () => {
    const fresh = unit('kubelet.service', {
      ActiveState: 'inactive',
      UnitFileState: 'enabled',
      DropInPaths: '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
    })
    const found = detect([fresh, file('/usr/bin/kubeadm')])
    expect(found.distribution).toBe('none')
    expect(names(found.signals)).toContain('/usr/bin/kubeadm is there')
    expect(detect([file('/var/lib/rancher/rke2')]).distribution).toBe('none')
  })

  it('does not know who made a kubelet that only has a unit', () => {
    expect(detect([unit('kubelet.service', { ActiveState: 'active' })]).distribution).toBe('unknown')
  })

  it('knows a node that is set up and stopped', () => {
    const stopped = unit('kubelet.service', {
      ActiveState: 'inactive',
      UnitFileState: 'enabled',
      DropInPaths: '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
    })
    expect(detect([stopped, file('/var/lib/kubelet/kubeadm-flags.env')]).distribution).toBe('kubeadm')
    const server = unit('rke2-server.service', { ActiveState: 'failed', UnitFileState: 'enabled' })
    expect(detect([server, file('/etc/rancher/rke2')]).distribution).toBe('rke2')
  })

  it('knows a node that was stopped and kept from starting', () => {
    const dropIn = { DropInPaths: '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf' }
    const stopped = (LoadState: string, UnitFileState: string) =>
      unit('kubelet.service', { ActiveState: 'inactive', LoadState, UnitFileState, ...dropIn })
    const joined = file('/var/lib/kubelet/kubeadm-flags.env')
    expect(detect([stopped('loaded', 'disabled'), joined]).distribution).toBe('kubeadm')
    expect(detect([stopped('masked', 'masked'), joined]).distribution).toBe('kubeadm')
    expect(detect([stopped('not-found', ''), joined]).distribution).toBe('none')
    const server = unit('rke2-server.service', {
      ActiveState: 'inactive',
      UnitFileState: 'disabled',
      FragmentPath: '/usr/lib/systemd/system/rke2-server.service',
    })
    const text = content(
      '/usr/lib/systemd/system/rke2-server.service',
      '[Service]\nExecStart=/usr/bin/rke2 server\n',
    )
    const data = [file('/var/lib/rancher/rke2'), file('/var/lib/rancher/rke2/server')]
    expect(detect([server, text, ...data]).distribution).toBe('rke2')
    const etcd = unit('etcd.service', {
      ActiveState: 'inactive',
      UnitFileState: 'disabled',
      FragmentPath: '/etc/systemd/system/etcd.service',
    })
    const etcdText = content(
      '/etc/systemd/system/etcd.service',
      '[Service]\nExecStart=/usr/local/bin/etcd --key-file=/etc/etcd/k.pem\n',
    )
    const left = [file('/etc/etcd/k.pem'), file('/var/lib/kubernetes'), file('/usr/local/bin/kube-apiserver')]
    expect(detect([etcd, etcdText, ...left]).distribution).toBe('hardway')
  })

  it('does not say none where processes could not be read', () => {
    expect(detectNode(fakeNode([], { otherwise: 'permission-denied', components })).distribution).toBe(
      'unknown',
    )
    expect(detectNode(fakeNode([blind('processes', 'permission-denied')], { components })).distribution).toBe(
      'unknown',
    )
  })

  it('decides from files in an image in which nothing runs', () => {
    const offline = { offline: true }
    const blindUnits = [blind('processes', 'offline'), blind('unit:kubelet.service', 'offline')]
    expect(
      detectNode(fakeNode([...blindUnits, file('/etc/systemd/system/kube-apiserver.service')], offline))
        .distribution,
    ).toBe('hardway')
    expect(
      detectNode(
        fakeNode([...blindUnits, file('/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf')], offline),
      ).distribution,
    ).toBe('kubeadm')
    expect(detectNode(fakeNode(blindUnits, offline)).distribution).toBe('none')
    expect(detectNode(fakeNode([...blindUnits, file('/etc/rancher/k3s')], offline)).distribution).toBe(
      'unknown',
    )
  })

  it('says when the node itself is a container', () => {
    const found = detect([...kubeadmKubelet, file('/kind')])
    expect(found.distribution).toBe('kubeadm')
    expect(found.signals.at(-1)).toMatchObject({ strength: 'hint', at: '/kind' })
  })

  it('says when the first process is k3s: the node is a container', () => {
    const first = { ...runningProcess(1, 'k3s', ['/bin/k3s server']), cgroup: '0::/' } as RawItem
    expect(detect([first]).signals).toContainEqual({
      says: 'the node itself is a container (its first process is k3s): kernel, swap and clock are those of its host',
      strength: 'hint',
      at: 'pid 1',
    })
  })

  it('says when a container here is a node, and is not taken for that node', () => {
    const inside = { ...runningProcess(77, 'k3s', ['/bin/k3s server']), nested: true } as RawItem
    const found = detect([inside])
    expect(found.signals.at(-1)).toMatchObject({ strength: 'hint', at: 'pid 77' })
    expect(names(found.signals).at(-1)).toContain('a container here is a node of its own')
    const other = { ...runningProcess(78, 'containerd', ['containerd']), nested: true } as RawItem
    expect(detect([other]).signals).toEqual([])
  })

  it('knows k3s by its own process, not by a tool of the same program', () => {
    expect(detect([runningProcess(9, 'k3s', ['/usr/local/bin/k3s', 'kubectl', 'get'])]).distribution).toBe(
      'none',
    )
    const rootless = {
      ...runningProcess(9, 'k3s', ['/usr/local/bin/k3s server']),
      uid: 1000,
      cgroup: '0::/user.slice/user-1000.slice/user@1000.service/app.slice/k3s-rootless.service',
    } as RawItem
    expect(detect([rootless])).toMatchObject({ distribution: 'k3s' })
    expect(names(detect([rootless]).signals)[0]).toBe('k3s runs as server, rootless (k3s-rootless.service)')
    expect(detect([rootless]).held).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('user 1000'),
    })
    const somebodys = { ...rootless, cgroup: '0::/user.slice/user-1000.slice/session-1.scope' } as RawItem
    const beside = detect([...kubeadmKubelet, somebodys])
    expect(beside.distribution).toBe('kubeadm')
    expect(names(beside.signals)).toContain('k3s runs as server, rootless (user 1000)')
  })

  it('takes the word of a person, and still says what it saw', () => {
    const node = fakeNode([processes([]), ...kubeadmKubelet], { components })
    const found = detectNode(node, 'kubespray')
    expect(found).toMatchObject({ distribution: 'kubespray', isGiven: true })
    expect(found.signals[0]).toEqual({
      says: '--distribution kubespray was given',
      strength: 'certain',
      at: 'command line',
    })
    expect(names(found.signals)).toContain('kubelet.service has the drop-in 10-kubeadm.conf')
    expect(detect(kubeadmKubelet).isGiven).toBe(false)
    expect(distributionNames).toEqual(expect.arrayContaining(['kubeadm', 'rke2', 'k3s', 'kops', 'talos']))
  })

  it('does not know its roles where a component could not be looked at', () => {
    const blindNode = fakeNode([blind('processes', 'permission-denied')], { components })
    expect(detectNode(blindNode).held).toMatchObject({
      kind: 'unavailable',
      reason: 'permission-denied',
      detail: expect.stringContaining('whether it is a control-plane node is not known'),
    })
    expect(detect(kubeadmKubelet).held).toMatchObject({ kind: 'observed', fact: ['worker'] })
    const unread = detect([active('k3s.service')])
    expect(unread.held).toMatchObject({ kind: 'unavailable', reason: 'not-collected' })
    const server = detect(service('k3s', 'k3s server'))
    expect(server.held).toMatchObject({ kind: 'observed', fact: ['control-plane', 'worker'] })
    expect(detect([]).held).toMatchObject({ kind: 'observed', fact: [] })
  })

  it.each([
    [
      'only etcd',
      'disable-apiserver: true\ndisable-controller-manager: true\ndisable-scheduler: true\n',
      ['etcd', 'worker'],
    ],
    ['only the control plane', 'disable-etcd: true\n', ['control-plane', 'worker']],
    ['without an agent', 'disable-agent: true\n', ['control-plane', 'etcd']],
    ['some of the control plane', 'disable-apiserver: true\n', ['control-plane', 'etcd', 'worker']],
  ])('knows a server of %s from its configuration', (_name, text, roles) => {
    const etcd = [
      file('/var/lib/rancher/k3s/server/db/etcd/config'),
      content('/var/lib/rancher/k3s/server/db/etcd/config', '{}'),
    ]
    const items = [...service('k3s', 'k3s server'), content('/etc/rancher/k3s/config.yaml', text), ...etcd]
    expect(detect(items).roles).toEqual(roles)
  })

  it('asks for every signal it reads', () => {
    expect(detectionProbes).toContainEqual({ kind: 'unit', name: 'rke2-server.service' })
    expect(detectionProbes).toContainEqual({
      kind: 'path',
      path: '/var/lib/kubelet/kubeadm-flags.env',
      holds: 'file',
    })
    expect(detectionProbes.filter((probe) => probe.kind === 'process').map(({ name }) => name)).toContain(
      'kube-apiserver',
    )
  })
})

describe('chooseProfile', () => {
  const profiles = [
    { id: 'hardway-cis', distributions: ['hardway'] },
    { id: 'kubeadm-cis-l2', distributions: ['kubeadm'] },
    { id: 'kubeadm-cis-l1', distributions: ['kubeadm'] },
    { id: 'node-readiness', distributions: ['any'] },
    { id: 'talos-own', distributions: ['talos'] },
  ] as never

  it('says whose word it takes', () => {
    expect(chooseProfile({ distribution: 'hardway', isGiven: true }, profiles).because).toBe(
      '--distribution names hardway.',
    )
  })

  it.each([
    ['kubeadm', 'kubeadm-cis-l1', 'The node runs kubeadm.'],
    ['hardway', 'hardway-cis', 'The node runs Kubernetes the hard way.'],
    ['talos', 'talos-own', 'The node runs Talos Linux.'],
    ['none', 'node-readiness', 'about to get one'],
    ['unknown', 'node-readiness', 'does not decide'],
    ['rke2', 'node-readiness', 'No profile is written for RKE2'],
  ])('gives a %s node %s, and says why', (distribution, id, because) => {
    const chosen = chooseProfile({ distribution }, profiles)
    expect(chosen.profileId).toBe(id)
    expect(chosen.because).toContain(because)
  })
})
