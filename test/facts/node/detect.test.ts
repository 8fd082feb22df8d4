import { describe, expect, it } from 'vitest'
import { chooseProfile, detectionProbes, detectNode } from '../../../src/facts/detect.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import { blind, content, fakeNode, file, processes, recording, runningProcess, unit } from './fake-node.ts'

const components = [...shippedComponents().values()]

const detect = (items: readonly RawItem[], options = {}) =>
  detectNode(fakeNode([processes([]), ...items], { components, ...options }))

const active = (name: string) => unit(name, { ActiveState: 'active', UnitFileState: 'enabled' })
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
        active('rke2-agent.service'),
        file('/var/lib/kubelet/kubeadm-flags.env'),
        file('/etc/kubernetes/admin.conf'),
      ]),
    ).toMatchObject({
      distribution: 'rke2',
      roles: ['worker'],
    })
  })

  it.each([
    ['rke2', [active('rke2-server.service'), file('/var/lib/rancher/k3s')], ['control-plane']],
    ['k3s', [active('k3s.service')], ['control-plane', 'etcd', 'worker']],
    ['k3s', [runningProcess(9, 'k3s', ['k3s-server'])], []],
    ['k0s', [active('k0scontroller.service')], ['control-plane']],
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

  it.each([
    ['kubeadm', 'kubeadm-cis-l1', 'The node runs kubeadm.'],
    ['hardway', 'hardway-cis', 'The node runs hardway.'],
    ['talos', 'talos-own', 'The node runs talos.'],
    ['none', 'node-readiness', 'about to get one'],
    ['unknown', 'node-readiness', 'does not decide'],
    ['rke2', 'node-readiness', 'No profile is written for rke2'],
  ])('gives a %s node %s, and says why', (distribution, id, because) => {
    const chosen = chooseProfile({ distribution }, profiles)
    expect(chosen.profileId).toBe(id)
    expect(chosen.because).toContain(because)
  })
})
