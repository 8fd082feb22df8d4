import { describe, expect, it } from 'vitest'
import { component } from '../../../src/facts/component.ts'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { effectiveSettings, hostPath, settingDrift } from '../../../src/facts/settings/of-node.ts'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { recorded } from '../../support/recorded.ts'
import {
  content,
  directory,
  file,
  missing,
  nodeWith,
  noManifests,
  noUnits,
  plain,
  process,
  unit,
} from '../../support/settings-node.ts'

const manifestNames = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
const manifests: readonly RawItem[] = [
  directory('/etc/kubernetes/manifests', ...manifestNames.map((name) => `${name}.yaml`)),
  missing('directory', '/var/lib/rancher/rke2/agent/pod-manifests'),
  ...manifestNames.map((name) =>
    content(
      `/etc/kubernetes/manifests/${name}.yaml`,
      recorded(`kubernetes-1.36/kubeadm/manifests/${name}.yaml`),
    ),
  ),
]

function fact(node: NodeContext, of: string): unknown {
  return plain(component.derive({ fact: 'component', of }, node))
}

function setting(node: NodeContext, of: string, name: string): unknown {
  const settings = effectiveSettings(node, of)
  if (settings.kind !== 'observed') throw new Error(JSON.stringify(settings))
  return plain(settings.fact.values[name])
}

function wordsOf(name: string): readonly string[] {
  const lines = recorded(`kubernetes-1.36/kubeadm/manifests/${name}.yaml`).split('\n')
  const from = lines.indexOf('  - command:') + 1
  const to = lines.findIndex((line, index) => index > from && !line.startsWith('    - '))
  return lines.slice(from, to).map((line) => line.slice('    - '.length))
}

describe('a node on which nothing runs', () => {
  it('has the settings of its manifests, with their lines', () => {
    const node = nodeWith([...noUnits, ...manifests], { offline: true })

    expect(fact(node, 'kube-apiserver')).toEqual({
      'started-as': 'static-pod',
      running: false,
      version: '1.36.2',
      mode: undefined,
    })
    expect(fact(node, 'etcd')).toMatchObject({ version: '3.6.8' })
    expect(setting(node, 'kube-apiserver', 'authorization-mode')).toEqual(['Node', 'RBAC'])
    const settings = effectiveSettings(node, 'kube-apiserver')
    expect(settings).toMatchObject({
      fact: {
        values: {
          'client-ca-file': {
            source: { at: [{ kind: 'file', at: '/etc/kubernetes/manifests/kube-apiserver.yaml', line: 18 }] },
          },
        },
      },
    })
  })

  it('finds a component by its command, whatever the file is called', () => {
    const text = recorded('kubernetes-1.36/kubeadm/manifests/kube-scheduler.yaml')
    const node = nodeWith(
      [
        ...noUnits,
        directory('/etc/kubernetes/manifests', 'zz.yaml'),
        content('/etc/kubernetes/manifests/zz.yaml', text),
        noManifests[1] as RawItem,
      ],
      { offline: true },
    )

    expect(fact(node, 'kube-scheduler')).toMatchObject({ 'started-as': 'static-pod' })
    expect(fact(node, 'etcd')).toBeUndefined()
  })

  it('has the kubelet of its unit, with variables filled in from environment files', () => {
    const dropIn = [
      '[Service]',
      'Environment="KUBELET_KUBECONFIG_ARGS=--kubeconfig=/etc/kubernetes/kubelet.conf"',
      'Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"',
      'EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env',
      'EnvironmentFile=-/etc/default/kubelet',
      'ExecStart=',
      'ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS',
    ].join('\n')
    const node = nodeWith(
      [
        ...noUnits.filter((item) => item.id !== 'unit:kubelet.service'),
        content(
          '/etc/systemd/system/kubelet.service',
          '[Service]\nExecStart=/usr/bin/kubelet\n[Install]\nWantedBy=multi-user.target\n',
        ),
        file('/etc/systemd/system/multi-user.target.wants/kubelet.service', 1),
        content('/etc/systemd/system/kubelet.service.d/10-kubeadm.conf', dropIn),
        content(
          '/var/lib/kubelet/kubeadm-flags.env',
          recorded('kubernetes-1.36/kubeadm/kubelet/kubeadm-flags.env'),
        ),
        missing('content', '/etc/default/kubelet'),
        content('/var/lib/kubelet/config.yaml', recorded('kubernetes-1.36/kubeadm/kubelet/config.yaml')),
      ],
      { offline: true },
    )

    expect(fact(node, 'kubelet')).toEqual({
      'started-as': 'unit',
      running: false,
      version: { unavailable: 'version-unknown' },
      mode: 'config',
    })
    expect(setting(node, 'kubelet', 'hostname-override')).toBe('cp-1')
    expect(effectiveSettings(node, 'kubelet')).toMatchObject({
      fact: {
        values: {
          'hostname-override': { source: { at: [{ at: '/var/lib/kubelet/kubeadm-flags.env', line: 1 }] } },
        },
      },
    })
    expect(setting(node, 'kubelet', 'rotate-certificates')).toBe(true)
    expect(setting(node, 'kubelet', 'streaming-connection-idle-timeout')).toBe('4h0m0s')
    expect(setting(node, 'kubelet', 'client-ca-file')).toBe('/etc/kubernetes/pki/ca.crt')
  })

  it('does not claim there is no component when the manifests were never looked at', () => {
    expect(fact(nodeWith(noUnits, { offline: true }), 'kube-apiserver')).toEqual({
      unavailable: 'not-collected',
    })
  })

  it('has no component when everything was looked at and nothing found', () => {
    expect(fact(nodeWith([...noUnits, ...noManifests], { offline: true }), 'kube-apiserver')).toBeUndefined()
  })
})

describe('a running component', () => {
  it('of a pod with a manifest is a static pod, even when a unit stands in for the pod', () => {
    const cgroup =
      '0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod12.slice/node-lab-pod-etcd.service'
    const node = nodeWith([
      ...noUnits,
      ...manifests,
      process({ name: 'etcd', argv: wordsOf('etcd'), cgroup }),
    ])

    expect(fact(node, 'etcd')).toMatchObject({ 'started-as': 'static-pod', running: true, version: '3.6.8' })
    expect(settingDrift(node, 'etcd', 'client-cert-auth')).toBeUndefined()
  })

  it('is the truth when the manifest was edited since', () => {
    const argv = [
      ...wordsOf('kube-apiserver').filter((word) => !word.startsWith('--authorization-mode')),
      '--authorization-mode=AlwaysAllow',
    ]
    const node = nodeWith([...noUnits, ...manifests, process({ name: 'kube-apiserver', argv })])

    expect(setting(node, 'kube-apiserver', 'authorization-mode')).toEqual(['AlwaysAllow'])
    expect(settingDrift(node, 'kube-apiserver', 'authorization-mode')).toEqual({
      says: '/etc/kubernetes/manifests/kube-apiserver.yaml:17 has --authorization-mode=Node,RBAC; the running process (pid 34) has --authorization-mode=AlwaysAllow',
      isUnsure: false,
    })
    expect(settingDrift(node, 'kube-apiserver', 'client-ca-file')).toBeUndefined()
  })

  it('of a pod without a manifest is a container', () => {
    const node = nodeWith([
      ...noUnits,
      ...noManifests,
      process({ name: 'kube-proxy', argv: ['kube-proxy'], contained: true }),
    ])
    expect(fact(node, 'kube-proxy')).toMatchObject({ 'started-as': 'container', running: true })
  })

  it('of a service is a unit, and its files tell when they disagree', () => {
    const text =
      '[Service]\nExecStart=/usr/local/bin/kube-scheduler \\\n  --profiling=false \\\n  --bind-address=127.0.0.1\n'
    const path = '/etc/systemd/system/kube-scheduler.service'
    const node = nodeWith([
      ...noUnits.filter((item) => item.id !== 'unit:kube-scheduler.service'),
      ...noManifests,
      content(path, text),
      unit('kube-scheduler.service', {
        FragmentPath: path,
        DropInPaths: '',
        UnitFileState: 'enabled',
        ActiveState: 'active',
        NeedDaemonReload: 'yes',
      }),
      process({
        name: 'kube-scheduler',
        argv: ['/usr/local/bin/kube-scheduler', '--bind-address=127.0.0.1'],
        cgroup: '0::/system.slice/kube-scheduler.service',
      }),
    ])

    expect(fact(node, 'kube-scheduler')).toMatchObject({ 'started-as': 'unit', running: true })
    expect(setting(node, 'kube-scheduler', 'profiling')).toBe(true)
    expect(settingDrift(node, 'kube-scheduler', 'profiling')).toEqual({
      says: `${path}:3 has --profiling=false; the running process (pid 34) has no --profiling (systemd has not reloaded the unit)`,
      isUnsure: false,
    })
  })

  it("is not someone's program of the same name in a session of their own", () => {
    const real = process({
      name: 'kubelet',
      pid: 900,
      argv: ['/usr/bin/kubelet', '--read-only-port=0'],
      cgroup: '0::/system.slice/kubelet.service',
    })
    const fake = process({
      name: 'kubelet',
      pid: 12,
      uid: 1000,
      argv: ['kubelet', '--read-only-port=1'],
      cgroup: '0::/user.slice/user-1000.slice/session-3.scope',
    })

    expect(setting(nodeWith([...noUnits, real, fake]), 'kubelet', 'read-only-port')).toBe(0)
    expect(fact(nodeWith([...noUnits, fake]), 'kubelet')).toBeUndefined()
  })

  it('is picked by its manifest when another pod runs one too', () => {
    const own = process({ name: 'etcd', pid: 50, argv: wordsOf('etcd') })
    const other = process({ name: 'etcd', pid: 40, argv: ['etcd', '--auto-tls=true'] })

    expect(setting(nodeWith([...noUnits, ...manifests, own, other]), 'etcd', 'auto-tls')).toBe(false)
  })

  it('is ambiguous when two have the same right to be it', () => {
    const one = process({
      name: 'etcd',
      pid: 40,
      argv: ['etcd', '--name=a'],
      cgroup: '0::/system.slice/etcd-a.service',
    })
    const two = process({
      name: 'etcd',
      pid: 41,
      argv: ['etcd', '--name=b'],
      cgroup: '0::/system.slice/etcd-b.service',
    })

    expect(fact(nodeWith([...noUnits, ...noManifests, one, two]), 'etcd')).toEqual({
      unavailable: 'ambiguous',
    })
  })

  it('inside k3s has no arguments of its own', () => {
    const node = nodeWith([
      ...noUnits.filter((item) => item.id !== 'unit:k3s.service'),
      ...noManifests,
      unit('k3s.service', { ActiveState: 'active', FragmentPath: '/etc/systemd/system/k3s.service' }),
      content('/etc/systemd/system/k3s.service', '[Service]\nExecStart=/usr/local/bin/k3s server\n'),
      missing('content', '/etc/rancher/k3s/config.yaml'),
      missing('directory', '/etc/rancher/k3s/config.yaml.d'),
    ])

    expect(fact(node, 'kube-apiserver')).toMatchObject({ 'started-as': 'embedded', running: true })
    expect(setting(node, 'kube-apiserver', 'anonymous-auth')).toEqual({ unavailable: 'not-collected' })
  })

  it('started by a shell text is not guessed at', () => {
    const text =
      'kind: Pod\nmetadata: {name: s}\nspec:\n  containers:\n  - {name: s, image: "x/s:v1.30.1", command: [/bin/sh, -c, "exec /usr/local/bin/kube-scheduler --profiling=false >>/log"]}\n'
    const node = nodeWith(
      [
        ...noUnits,
        directory('/etc/kubernetes/manifests', 's.yaml'),
        noManifests[1] as RawItem,
        content('/etc/kubernetes/manifests/s.yaml', text),
      ],
      { offline: true },
    )

    expect(fact(node, 'kube-scheduler')).toMatchObject({ 'started-as': 'static-pod', version: '1.30.1' })
    expect(setting(node, 'kube-scheduler', 'profiling')).toEqual({ unavailable: 'unparsable' })
  })

  it('behind a wrapper keeps its own flags', () => {
    const text =
      'kind: Pod\nmetadata: {name: s}\nspec:\n  containers:\n  - {name: s, image: x, command: [/go-runner, --log-file=/l, /usr/local/bin/kube-scheduler], args: [--profiling=false]}\n'
    const node = nodeWith(
      [
        ...noUnits,
        directory('/etc/kubernetes/manifests', 's.yaml'),
        noManifests[1] as RawItem,
        content('/etc/kubernetes/manifests/s.yaml', text),
      ],
      { offline: true },
    )

    expect(setting(node, 'kube-scheduler', 'profiling')).toBe(false)
  })

  it('is not the pod that reads its log', () => {
    const text =
      'kind: Pod\nmetadata: {name: s}\nspec:\n  containers:\n  - {name: s, image: x, command: [tail, -F, /var/log/kube-scheduler, kube-scheduler]}\n'
    const node = nodeWith(
      [
        ...noUnits,
        directory('/etc/kubernetes/manifests', 's.yaml'),
        noManifests[1] as RawItem,
        content('/etc/kubernetes/manifests/s.yaml', text),
      ],
      { offline: true },
    )

    expect(fact(node, 'kube-scheduler')).toBeUndefined()
  })

  it('sees its files through the mounts of its pod', () => {
    const node = nodeWith([
      ...noUnits,
      ...manifests,
      process({ name: 'kube-apiserver', argv: wordsOf('kube-apiserver'), contained: true }),
    ])

    expect(hostPath(node, 'kube-apiserver', '/etc/kubernetes/pki/ca.crt')).toBe('/etc/kubernetes/pki/ca.crt')
    expect(hostPath(node, 'kube-apiserver', '/etc/kubernetes/pkix')).toBe('/proc/34/root/etc/kubernetes/pkix')
  })

  it('whose process table is unreadable and which is not on disk cannot be told', () => {
    const table: RawItem = {
      kind: 'processes',
      id: 'processes',
      state: 'unavailable',
      reason: 'permission-denied',
    }

    expect(fact(nodeWith([...noUnits, ...noManifests, table]), 'kube-apiserver')).toEqual({
      unavailable: 'permission-denied',
    })
    expect(fact(nodeWith([...noUnits, ...manifests, table]), 'kube-apiserver')).toMatchObject({
      'started-as': 'static-pod',
      running: { unavailable: 'permission-denied' },
    })
  })
})
