import { describe, expect, it } from 'vitest'
import { recorded } from '../support/recorded.ts'
import { aNode, denied, file, folder, pod, shapes, unit, unreadableProcesses } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const etcdFlags = ['--data-dir=/var/lib/etcd'] as const
const kubeletFlags = [
  '--config=/var/lib/kubelet/config.yaml',
  '--kubeconfig=/etc/kubernetes/kubelet.conf',
] as const
const kubeletConfig = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
const kubelet = [
  ...unit('kubelet', kubeletFlags),
  ...file('/var/lib/kubelet/config.yaml', { text: kubeletConfig }),
  ...file('/etc/kubernetes/kubelet.conf', { text: recorded('kubeadm-1.36/kubeconfig/kubelet.conf') }),
]

describe('a file that is not there', () => {
  const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const

  it.each(components)('is no failure when %s is a unit and has no manifest', (component) => {
    const node = aNode(unit(component))
    expect(verdictOf(node, `${component}.manifest-mode`)).toMatchObject({
      verdict: 'notApplicable',
      reason: expect.stringMatching(/static pod/i),
    })
    expect(verdictOf(node, `${component}.manifest-owner`).verdict).toBe('notApplicable')
  })

  it.each(components)('is no failure when %s is not on the node at all', (component) => {
    expect(verdictOf(aNode(kubelet), `${component}.manifest-mode`).verdict).toBe('notApplicable')
  })

  it.each(components)('is no pass for %s when nobody could look', (component) => {
    const node = aNode(kubelet, denied('/etc/kubernetes/manifests'), unreadableProcesses())
    expect(verdictOf(node, `${component}.manifest-mode`)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('may not read it'),
    })
  })

  it('is looked for where the kubelet takes static pods from', () => {
    const config = `${kubeletConfig}staticPodPath: /opt/pods\n`
    const node = aNode(
      kubelet,
      file('/var/lib/kubelet/config.yaml', { text: config }),
      pod('etcd', etcdFlags, { directory: '/opt/pods', mode: 0o644 }),
    )
    expect(verdictOf(node, 'etcd.manifest-mode')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([{ kind: 'file', at: '/opt/pods/etcd.yaml' }]),
    })
  })

  it('has no owner that could be right: mode and owner of a missing file agree', () => {
    const node = aNode(
      unit('kubelet', kubeletFlags, { fragment: '/run/gone.service' }),
      denied('/run/gone.service'),
    )
    expect(verdictOf(node, 'kubelet.unit-mode').verdict).toBe('error')
    expect(verdictOf(node, 'kubelet.unit-owner').verdict).toBe('error')
  })

  it('fails nothing for kubeconfigs of administrators that nobody keeps on the node', () => {
    const node = aNode(kubelet)
    expect(verdictOf(node, 'kubeconfig.admin-mode').verdict).toBe('notApplicable')
    expect(verdictOf(node, 'kubeconfig.admin-owner').verdict).toBe('notApplicable')
  })

  it('counts when only one of the two administrator kubeconfigs is there', () => {
    const text = recorded('kubeadm-1.36/kubeconfig/super-admin.conf')
    const node = aNode(kubelet, file('/etc/kubernetes/super-admin.conf', { text, mode: 0o640 }))
    expect(verdictOf(node, 'kubeconfig.admin-mode')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([
        expect.objectContaining({ at: '/etc/kubernetes/super-admin.conf' }),
      ]),
    })
  })

  it('is an error when the component was told to use it', () => {
    const node = aNode(
      unit('kube-scheduler', ['--kubeconfig=/etc/kubernetes/scheduler.conf']),
      file('/etc/kubernetes/admin.conf'),
    )
    expect(verdictOf(node, 'kube-scheduler.kubeconfig-mode')).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('does not exist'),
    })
  })

  it('is no failure for the kubeconfig of a kubelet that runs without an API server', () => {
    const node = aNode(
      unit('kubelet', ['--config=/var/lib/kubelet/config.yaml']),
      file('/var/lib/kubelet/config.yaml', { text: kubeletConfig }),
    )
    expect(verdictOf(node, 'kubelet.kubeconfig-mode')).toMatchObject({
      verdict: 'notApplicable',
      reason: expect.stringContaining('kubeconfig'),
    })
    expect(verdictOf(node, 'kubelet.kubeconfig-owner').verdict).toBe('notApplicable')
  })

  it('is no failure for a kubelet that is started by flags alone', () => {
    expect(verdictOf(aNode(unit('kubelet')), 'kubelet.configuration-mode').verdict).toBe('notApplicable')
  })
})

describe('owners', () => {
  it.each(['root:root2', 'myroot:root', 'myroot:root2'])(
    'are compared whole: %s is not root:root',
    (owner) => {
      const node = aNode(kubelet, pod('kube-apiserver', [], { owner }))
      expect(verdictOf(node, 'kube-apiserver.manifest-owner')).toMatchObject({
        verdict: 'fail',
        reason: expect.stringContaining(owner),
      })
    },
  )

  it('are the numbers of the node, not the names of an account called root', () => {
    const accounts = 'admin:x:0:0::/root:/bin/sh\nroot:x:4242:4242::/:/bin/sh\n'
    const names = [...file('/etc/passwd', { text: accounts }), ...file('/etc/group', { text: accounts })]
    const check = (owner: string) =>
      verdictOf(aNode(kubelet, names, pod('etcd', etcdFlags, { owner })), 'etcd.manifest-owner')
    expect(check('root:root').verdict).toBe('pass')
    expect(check('4242:4242').verdict).toBe('fail')
  })

  it('of the etcd directory may be another account when the profile names it', () => {
    const node = aNode(
      pod('etcd', etcdFlags, { uid: 65532 }),
      folder('/var/lib/etcd', { mode: 0o700, owner: '65532:65532' }),
    )
    const parameters = { 'etcd-owner': '65532:65532' }
    expect(verdictOf(node, 'etcd.data-directory-owner', { parameters }).verdict).toBe('pass')
    expect(verdictOf(node, 'etcd.data-directory-owner')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('65532:65532'),
    })
  })

  it('are shown as numbers, never as UNKNOWN, where the node has no names', () => {
    const node = aNode(kubelet, pod('etcd', etcdFlags, { owner: '4711:4712' }))
    expect(verdictOf(node, 'etcd.manifest-owner').reason).toContain('4711:4712')
  })

  it('without names are neither right nor wrong when a name is asked for', () => {
    const described = [
      ...pod('etcd', etcdFlags),
      ...folder('/var/lib/etcd', { mode: 0o700, owner: 'etcd:etcd' }),
    ]
    for (const names of ['/etc/passwd', '/etc/group'])
      expect(verdictOf(aNode(described, denied(names)), 'etcd.data-directory-owner').verdict).toBe('error')
    expect(verdictOf(aNode(described), 'etcd.data-directory-owner').verdict).toBe('pass')
  })
})

describe('the etcd data directory', () => {
  it('is not the one of a program that merely mentions etcd', () => {
    const backup = aNode(
      pod('kube-apiserver', ['--etcd-servers=https://127.0.0.1:2379', '--data-dir=/tmp/etcd']),
      folder('/tmp/etcd', { mode: 0o777 }),
    )
    expect(verdictOf(backup, 'etcd.data-directory-mode').verdict).toBe('notApplicable')
  })

  it.each(shapes)('is read from the configuration file of %s', (_, start) => {
    const text = 'data-dir: /var/lib/etcd/data\n'
    const node = aNode(
      start('etcd', ['--config-file=/etc/kubernetes/etcd.yml']),
      file('/etc/kubernetes/etcd.yml', { text }),
      folder('/var/lib/etcd/data', { mode: 0o755 }),
    )
    expect(verdictOf(node, 'etcd.data-directory-mode')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ at: '/var/lib/etcd/data' })]),
    })
  })

  it.each(shapes)('is read from the environment of %s', (_, start) => {
    const node = aNode(
      start('etcd', [], { env: { ETCD_DATA_DIR: '/var/lib/etcd/env' } }),
      folder('/var/lib/etcd/env', { mode: 0o755 }),
    )
    expect(verdictOf(node, 'etcd.data-directory-mode').verdict).toBe('fail')
  })

  it('is the one etcd uses, whatever other directories are about', () => {
    const node = aNode(
      pod('etcd', etcdFlags),
      folder('/var/lib/etcd', { mode: 0o700 }),
      folder('/var/lib/etcd-old', { mode: 0o777 }),
    )
    expect(verdictOf(node, 'etcd.data-directory-mode').verdict).toBe('pass')
  })
})

describe('kubeconfigs', () => {
  it.each(['kube-scheduler', 'kube-controller-manager'])(
    'of %s are the ones it was started with',
    (component) => {
      const usual = file(`/etc/kubernetes/${component.replace('kube-', '')}.conf`, {
        mode: 0o600,
        text: 'kind: Config\n',
      })
      const used = file('/etc/kubernetes/own.conf', { mode: 0o644, text: 'kind: Config\n' })
      for (const [, start] of shapes) {
        const node = aNode(start(component, ['--kubeconfig=/etc/kubernetes/own.conf']), usual, used)
        expect(verdictOf(node, `${component}.kubeconfig-mode`)).toMatchObject({
          verdict: 'fail',
          provenance: expect.arrayContaining([expect.objectContaining({ at: '/etc/kubernetes/own.conf' })]),
        })
      }
    },
  )

  it('of the scheduler may be named in its configuration file', () => {
    const text =
      'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nclientConnection:\n  kubeconfig: /etc/kubernetes/own.conf\n'
    const node = aNode(
      unit('kube-scheduler', ['--config=/etc/kubernetes/sched.yaml']),
      file('/etc/kubernetes/sched.yaml', { text }),
      file('/etc/kubernetes/own.conf', { mode: 0o640, text: 'kind: Config\n' }),
    )
    expect(verdictOf(node, 'kube-scheduler.kubeconfig-mode').verdict).toBe('fail')
  })

  it('of kube-proxy are never the kubelet’s', () => {
    const node = aNode(
      kubelet,
      file('/etc/kubernetes/kubelet.conf', {
        mode: 0o666,
        text: recorded('kubeadm-1.36/kubeconfig/kubelet.conf'),
      }),
      unit('kube-proxy', ['--kubeconfig=/var/lib/kube-proxy/kubeconfig']),
      file('/var/lib/kube-proxy/kubeconfig', { text: 'kind: Config\n' }),
    )
    expect(verdictOf(node, 'kube-proxy.kubeconfig-mode').verdict).toBe('pass')
  })

  it('of kube-proxy are no host file where it runs in a pod', () => {
    const node = aNode(kubelet)
    expect(verdictOf(node, 'kube-proxy.kubeconfig-mode').verdict).toBe('notApplicable')
    expect(verdictOf(node, 'kube-proxy.kubeconfig-owner').verdict).toBe('notApplicable')
  })
})
