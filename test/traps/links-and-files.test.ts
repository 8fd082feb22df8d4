import { describe, expect, it } from 'vitest'
import type { RawItem } from '../../src/model/node-evidence.ts'
import { aNode, denied, file, folder, type Part, process, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const kubeletConfig = (text: string): Part => [
  ...unit('kubelet', ['--config=/k.yaml']),
  ...file('/k.yaml', {
    text: `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${text}`,
  }),
]

const scheduler = (flag: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: s}\nspec:\n  containers:\n  - {name: s, image: s:v1.33.4, command: [kube-scheduler, ${flag}]}\n`

describe('a static pod path that names one file', () => {
  const one = '/etc/kubernetes/scheduler-pod.yaml'
  const kubelet = kubeletConfig(`staticPodPath: ${one}\n`)

  it.each([
    ['--profiling=false', 'pass'],
    ['--profiling=true', 'fail'],
  ])('is the manifest that counts (%s)', (flag, verdict) => {
    const node = aNode(kubelet, file(one, { text: scheduler(flag) }))

    expect(verdictOf(node, 'kube-scheduler.profiling-off').verdict).toBe(verdict)
  })

  it('is not known where the file may not be read', () => {
    const [seen] = file(one)
    const node = aNode(kubelet, denied(one), seen === undefined ? [] : [seen])

    expect(verdictOf(node, 'kube-scheduler.profiling-off').verdict).toBe('error')
  })

  it('runs nothing else where it holds something else', () => {
    const node = aNode(kubelet, file(one, { text: scheduler('x').replace('kube-scheduler', 'other') }))

    expect(verdictOf(node, 'kube-scheduler.profiling-off').verdict).toBe('notApplicable')
  })
})

/** A file seen through a link, as the collector says it. */
function linked(path: string, target: string, mode: number): Part {
  return file(path, { mode }).map(
    (item): RawItem =>
      item.kind === 'file' && item.state === 'observed' ? { ...item, stat: { ...item.stat, target } } : item,
  )
}

describe('a kubeconfig of a static pod behind a link in its volume', () => {
  const inPod = { cgroup: '0::/kubepods.slice/cri-containerd-0a.scope', contained: true } as const
  const check = 'kube-scheduler.kubeconfig-mode'
  const words = ['kube-scheduler', '--kubeconfig=/conf/s.conf']
  const running = process('kube-scheduler', words, inPod)
  const pid = running.flatMap((item) => (item.kind === 'process' ? [item.pid] : []))[0]
  const podWith = (hostPath: string, mountPath: string, given: string): Part => {
    const containers = [
      {
        name: 's',
        image: 's:v1.33.4',
        command: ['kube-scheduler', `--kubeconfig=${given}`],
        volumeMounts: [{ name: 'v', mountPath }],
      },
    ]
    const spec = { containers, volumes: [{ name: 'v', hostPath: { path: hostPath } }] }
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 's' }, spec })
    return file('/etc/kubernetes/manifests/s.yaml', { text })
  }

  it('is not the file of the host the link leads to there', () => {
    const node = aNode(
      folder('/etc/kubernetes/manifests'),
      podWith('/srv/conf', '/conf', '/conf/s.conf'),
      running,
      linked('/srv/conf/s.conf', '/data/s.conf', 0o600),
      denied(`/proc/${pid}/root/conf/s.conf`),
    )

    expect(verdictOf(node, check).verdict).toBe('error')
  })

  it('is not known either where a directory on the way is the link', () => {
    const node = aNode(
      podWith('/srv/conf', '/conf', '/conf/s.conf'),
      running,
      file('/srv/conf/s.conf', { mode: 0o600 }),
      denied(`/proc/${pid}/root/conf/s.conf`),
    )

    expect(verdictOf(node, check).verdict).toBe('error')
  })

  it('is the file of the host where there is no link', () => {
    const node = aNode(
      podWith('/srv/conf', '/conf', '/conf/s.conf'),
      running,
      file('/srv/conf/s.conf', { mode: 0o666 }),
    )

    expect(verdictOf(node, check).verdict).toBe('fail')
  })

  it('is the same to both where the link stays in a directory both have under one name', () => {
    const own = process('kube-scheduler', ['kube-scheduler', '--kubeconfig=/etc/s/s.conf'], inPod)
    const node = aNode(
      podWith('/etc/s', '/etc/s', '/etc/s/s.conf'),
      own,
      linked('/etc/s/s.conf', '/etc/s/s-2.conf', 0o666),
    )

    expect(verdictOf(node, check).verdict).toBe('fail')
  })
})

describe('a file of a container that no pod describes', () => {
  it('is not known behind a link, never a file the node does not have', () => {
    const words = ['kubelet', '--client-ca-file=/pki/ca.crt']
    const running = process('kubelet', words, { cgroup: '0::/docker/0a', contained: true })
    const pid = running.flatMap((item) => (item.kind === 'process' ? [item.pid] : []))[0]
    const node = aNode(running, denied(`/proc/${pid}/root/pki/ca.crt`))

    const finding = verdictOf(node, 'kubelet.client-ca-mode')
    expect(finding.verdict).toBe('error')
    expect(finding.reason).toContain('behind a link in the container of kubelet')
  })
})
