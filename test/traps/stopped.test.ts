import { describe, expect, it } from 'vitest'
import {
  aNode,
  asImage,
  denied,
  file,
  folder,
  type Part,
  process,
  unit,
  unreadableProcesses,
} from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const check = 'kubelet.anonymous-auth-off'
const config = '/var/lib/kubelet/config.yaml'
const fragment = '/usr/lib/systemd/system/kubelet.service'
const open =
  'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication: {anonymous: {enabled: true}}\n'
const opened = file(config, { text: open })

/** A unit that was stopped and kept from starting. */
function disabled(name: string, flags: readonly string[], properties: Record<string, string> = {}): Part {
  return unit(name, flags, { runs: false, ...(name === 'kubelet' ? { fragment } : {}) }).map((item) =>
    item.kind === 'unit' && item.state === 'observed'
      ? { ...item, properties: { ...item.properties, UnitFileState: 'disabled', ...properties } }
      : item,
  )
}

const packaged = disabled('kubelet', [`--config=${config}`])

/** The image of a node whose units nothing starts. */
function withoutLinks(...parts: readonly Part[]) {
  const image = asImage(aNode(...parts))
  const items = [...image.items].filter(([, item]) => item.kind !== 'file' || !item.path.includes('.wants/'))
  return { ...image, items: new Map(items) }
}

describe('a kubelet that was stopped and kept from starting', () => {
  it('is judged by what it would start with', () => {
    expect(verdictOf(aNode(packaged, opened), check).verdict).toBe('fail')
  })

  it('is judged in an image as well', () => {
    expect(verdictOf(withoutLinks(packaged, opened), check).verdict).toBe('fail')
  })

  it('is there where only its kubeconfig is left', () => {
    const finding = verdictOf(aNode(packaged, file('/etc/kubernetes/kubelet.conf')), check)

    expect(finding.verdict).toBe('error')
    expect(finding.reason).toContain(config)
  })

  it('is not there where the package is all there is', () => {
    expect(verdictOf(aNode(packaged), check).verdict).toBe('notApplicable')
    expect(verdictOf(withoutLinks(packaged), check).verdict).toBe('notApplicable')
  })

  it('cannot be told from a package where its files may not be seen', () => {
    const hidden = ['/etc/kubernetes/kubelet.conf', config].flatMap((path) => denied(path))

    expect(verdictOf(aNode(packaged, hidden), check).verdict).toBe('error')
  })

  it('is not forgotten when its unit is masked', () => {
    const masked = disabled('kubelet', [], { LoadState: 'masked', UnitFileState: 'masked' })

    expect(verdictOf(aNode(masked, opened), check)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('masked'),
    })
    expect(verdictOf(aNode(masked), check).verdict).toBe('notApplicable')
  })

  it('is not known where it is masked, and what it leaves behind may not be seen', () => {
    const masked = disabled('kubelet', [], { LoadState: 'masked', UnitFileState: 'masked' })

    expect(verdictOf(aNode(masked, denied(config)), check).verdict).toBe('error')
    expect(verdictOf(aNode(packaged, denied(config)), 'systemd.kubelet-restarts').verdict).toBe('error')
  })

  it('is told by what it leaves behind where a script starts it', () => {
    const script = '[Service]\nExecStart=/bin/sh -c "exec kubelet --config=/opt/k.yaml"\n'
    const started = [...packaged, ...file(fragment, { text: script })]

    expect(verdictOf(aNode(started, opened), check).verdict).toBe('error')
    expect(verdictOf(aNode(started), check).verdict).toBe('notApplicable')
  })

  it('has a unit that is judged too', () => {
    expect(verdictOf(aNode(packaged, opened), 'systemd.kubelet-restarts').verdict).toBe('fail')
    expect(verdictOf(aNode(packaged), 'systemd.kubelet-restarts').verdict).toBe('notApplicable')
    expect(verdictOf(aNode(packaged, opened), 'systemd.kubelet-unit-file-clean').verdict).toBe('pass')
    expect(verdictOf(aNode(packaged), 'systemd.kubelet-unit-file-clean').verdict).toBe('notApplicable')
  })

  it('is not the one that runs in a container', () => {
    const running = process('kubelet', ['kubelet', '--anonymous-auth=false'], {
      cgroup: '0::/docker/0a',
      contained: true,
    })

    expect(verdictOf(aNode(packaged, opened, running), 'systemd.kubelet-unit-file-clean').verdict).toBe(
      'notApplicable',
    )
  })
})

describe('another component that was stopped and kept from starting', () => {
  const apiServer = disabled('kube-apiserver', [
    '--profiling=true',
    '--tls-private-key-file=/var/lib/kubernetes/k.pem',
  ])

  it('is there with the key it would start with', () => {
    const key = file('/var/lib/kubernetes/k.pem', { holds: ['private-key'] })

    expect(verdictOf(aNode(apiServer, key), 'kube-apiserver.profiling-off').verdict).toBe('fail')
    expect(verdictOf(aNode(apiServer), 'kube-apiserver.profiling-off').verdict).toBe('notApplicable')
  })

  it('is there with data it wrote, and not with a directory its package made', () => {
    const etcd = disabled('etcd', ['--auto-tls=true'])
    const inData = disabled('etcd', ['--auto-tls=true', '--data-dir=/var/lib/etcd'])
    const inVariable = unit('etcd', ['--auto-tls=true'], {
      runs: false,
      env: { ETCD_DATA_DIR: '/var/lib/etcd' },
    }).map((item) =>
      item.kind === 'unit' && item.state === 'observed'
        ? { ...item, properties: { ...item.properties, UnitFileState: 'disabled' } }
        : item,
    )
    const written = folder('/var/lib/etcd/member')
    const empty: Part = [
      ...folder('/var/lib/etcd'),
      {
        kind: 'directory',
        id: 'directory:/var/lib/etcd',
        path: '/var/lib/etcd',
        state: 'observed',
        entries: [],
      },
    ]

    expect(verdictOf(aNode(etcd, written), 'etcd.auto-tls-off').verdict).toBe('notApplicable')
    expect(verdictOf(aNode(inData, written), 'etcd.auto-tls-off').verdict).toBe('fail')
    expect(verdictOf(aNode(inVariable, written), 'etcd.auto-tls-off').verdict).toBe('fail')
    expect(verdictOf(aNode(inData, empty), 'etcd.auto-tls-off').verdict).toBe('notApplicable')
    expect(
      verdictOf(aNode(inData, folder('/var/lib/etcd'), denied('/var/lib/etcd')), 'etcd.auto-tls-off').verdict,
    ).toBe('error')
  })
})

describe('a runtime that nothing starts', () => {
  const containerd = disabled('containerd', [])
  const kubeletWith = (socket: string) => [
    ...unit('kubelet', ['--config=/k.yaml', `--container-runtime-endpoint=unix://${socket}`]),
    ...file('/k.yaml', { text: 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n' }),
  ]
  const bare = unit('kubelet', [])

  it('counts where the kubelet would use it', () => {
    const used = aNode(containerd, kubeletWith('/run/containerd/containerd.sock'))

    expect(verdictOf(used, 'containerd.tcp-service-off').verdict).toBe('pass')
    expect(verdictOf(used, 'containerd.unit-file-clean').verdict).toBe('pass')
    expect(verdictOf(aNode(containerd, bare), 'containerd.tcp-service-off').verdict).toBe('pass')
  })

  it('does not where the kubelet uses another, or none is there', () => {
    const unused = aNode(containerd, kubeletWith('/run/crio/crio.sock'))

    const odd = aNode(containerd, kubeletWith('/run/odd.sock'))

    expect(verdictOf(unused, 'containerd.tcp-service-off').verdict).toBe('notApplicable')
    expect(verdictOf(odd, 'containerd.tcp-service-off').verdict).toBe('notApplicable')
    expect(verdictOf(aNode(containerd), 'containerd.unit-file-clean').verdict).toBe('notApplicable')
  })

  it('is no node without a runtime because it has no socket now', () => {
    const used = aNode(containerd, kubeletWith('/run/containerd/containerd.sock'))
    const alone = aNode(unit('containerd', [], { runs: false }))

    expect(verdictOf(used, 'node.runtime-socket-mode').verdict).toBe('error')
    expect(verdictOf(alone, 'node.runtime-socket-mode')).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('containerd is set up here and does not listen'),
    })
    expect(verdictOf(aNode(), 'node.runtime-socket-mode').verdict).toBe('notApplicable')
    const closed = denied('/etc/systemd/system/containerd.service')
    expect(verdictOf(aNode(containerd, closed), 'node.runtime-socket-mode').verdict).toBe('error')
    expect(verdictOf(aNode(unreadableProcesses()), 'node.runtime-socket-mode').verdict).toBe('error')
  })

  it('is Docker where its shim is what the kubelet uses', () => {
    const docker = disabled('docker', [])
    const shim = disabled('cri-docker', [])

    const used = aNode(docker, shim, kubeletWith('/run/cri-dockerd.sock'))
    expect(verdictOf(used, 'systemd.docker-unit-file-clean').verdict).toBe('pass')
    expect(verdictOf(used, 'systemd.cri-docker-unit-file-clean').verdict).toBe('pass')
    expect(verdictOf(aNode(docker, bare), 'systemd.docker-unit-file-clean').verdict).toBe('notApplicable')
  })
})

describe('K3s and RKE2 that were stopped and kept from starting', () => {
  const k3s = disabled('k3s', ['server'])

  it('are set up where their data are', () => {
    const left = [...folder('/var/lib/rancher/k3s'), ...folder('/var/lib/rancher/k3s/server')]

    expect(verdictOf(aNode(k3s, left), check).verdict).toBe('error')
    expect(verdictOf(aNode(k3s, left), 'systemd.k3s-unit-file-clean').verdict).toBe('pass')
    expect(verdictOf(aNode(k3s), check).verdict).toBe('notApplicable')
    expect(verdictOf(aNode(k3s), 'systemd.k3s-unit-file-clean').verdict).toBe('notApplicable')
  })

  it('are left over where another kubelet took their place', () => {
    const left = [...folder('/var/lib/rancher/k3s'), ...folder('/var/lib/rancher/k3s/server')]

    expect(verdictOf(aNode(k3s, left, unit('kubelet', [])), 'kube-apiserver.profiling-off').verdict).toBe(
      'notApplicable',
    )
  })

  it('have a kubelet whose arguments show when it runs', () => {
    const agent = disabled('rke2-agent', ['agent'])
    const server = disabled('rke2-server', ['server'])
    const left = folder('/var/lib/rancher/rke2')

    expect(verdictOf(aNode(agent, server, left), check)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('RKE2 does not run'),
    })
    expect(verdictOf(aNode(agent, server, left), 'systemd.rke2-unit-file-clean').verdict).not.toBe('error')
    expect(verdictOf(aNode(agent, server), check).verdict).toBe('notApplicable')
  })

  it('are not known where processes may not be seen', () => {
    const agent: Part = [
      {
        kind: 'unit',
        id: 'unit:k3s-agent.service',
        name: 'k3s-agent.service',
        state: 'unavailable',
        reason: 'tool-failed',
      },
    ]
    expect(verdictOf(aNode(k3s, agent, unreadableProcesses()), 'systemd.k3s-unit-file-clean').verdict).toBe(
      'error',
    )
  })
})
