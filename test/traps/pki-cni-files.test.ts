import { describe, expect, it } from 'vitest'
import { recorded } from '../support/recorded.ts'
import { aNode, certificate, denied, file, privateKey, shapes, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const _etcdFlags = ['--data-dir=/var/lib/etcd'] as const
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

describe('CNI files', () => {
  const containerd = '[plugins."io.containerd.grpc.v1.cri".cni]\nconf_dir = "/opt/cni/conf"\n'

  it.each(shapes)('are found without a kubelet flag that no kubelet has any more, next to %s', (_, start) => {
    const node = aNode(
      kubelet,
      start('kube-apiserver'),
      file('/etc/cni/net.d/10-bridge.conflist', { mode: 0o644 }),
    )
    expect(verdictOf(node, 'cni.file-mode')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([
        expect.objectContaining({ at: '/etc/cni/net.d/10-bridge.conflist' }),
      ]),
    })
    expect(verdictOf(node, 'cni.file-owner').verdict).toBe('pass')
  })

  it('are looked for where the container runtime was told they are', () => {
    const runtime = [
      ...unit('containerd', ['--config=/etc/containerd/config.toml']),
      ...file('/etc/containerd/config.toml', { text: `version = 2\n${containerd}` }),
    ]
    const node = aNode(kubelet, runtime, file('/opt/cni/conf/10-bridge.conf', { mode: 0o666 }))
    expect(verdictOf(node, 'cni.file-mode')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ at: '/opt/cni/conf/10-bridge.conf' })]),
    })
  })

  it('do not include the locks of address management', () => {
    const state = '/var/lib/cni/networks/bridge'
    const locked = aNode(
      kubelet,
      file(`${state}/lock`, { mode: 0o750 }),
      file(`${state}/10.0.0.7`, { mode: 0o600 }),
    )
    const open = aNode(
      kubelet,
      file(`${state}/lock`, { mode: 0o750 }),
      file(`${state}/10.0.0.7`, { mode: 0o644 }),
    )
    expect(verdictOf(locked, 'cni.file-mode').verdict).toBe('pass')
    expect(verdictOf(open, 'cni.file-mode').verdict).toBe('fail')
  })
})

describe('the PKI', () => {
  const serving = (directory: string, suffix: string) => [
    `--tls-cert-file=${directory}/apiserver.${suffix}`,
    `--tls-private-key-file=${directory}/apiserver-key.${suffix}`,
  ]

  it.each([
    ['/etc/kubernetes/ssl', 'pem'],
    ['/var/lib/kubernetes', 'pem'],
    ['/opt/secrets', 'cert'],
  ])('is found in %s, from what the components use', (directory, suffix) => {
    const files = [
      ...certificate(`${directory}/apiserver.${suffix}`, 'apiserver', { owner: 'kube:kube' }),
      ...privateKey(`${directory}/apiserver-key.${suffix}`, 'apiserver'),
    ]
    const node = aNode(unit('kube-apiserver', serving(directory, suffix)), files)
    expect(verdictOf(node, 'pki.owner')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('kube:kube'),
    })
  })

  it('may have blanks in its file names', () => {
    const node = aNode(
      kubelet,
      certificate('/etc/kubernetes/pki/old copy of ca.crt', 'ca', { owner: 'kube:root' }),
    )
    expect(verdictOf(node, 'pki.owner')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([
        expect.objectContaining({ at: '/etc/kubernetes/pki/old copy of ca.crt' }),
      ]),
    })
  })

  it.each(['ca.pem', 'ca.cert', 'ca'])('has certificates in files that are called %s', (name) => {
    const node = aNode(kubelet, certificate(`/etc/kubernetes/pki/${name}`, 'ca', { mode: 0o666 }))
    expect(verdictOf(node, 'pki.certificate-mode').verdict).toBe('fail')
  })

  it('has a key in the bundle the kubelet’s kubeconfig points to', () => {
    const bundle = '/var/lib/kubelet/pki/kubelet-client-current.pem'
    const node = aNode(
      kubelet,
      certificate(bundle, 'apiserver-kubelet-client', { mode: 0o644, holds: ['certificate', 'private-key'] }),
    )
    expect(verdictOf(node, 'pki.key-mode')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ at: bundle })]),
    })
  })

  it('has keys outside the usual directory, whatever their suffix', () => {
    const node = aNode(
      unit('kube-apiserver', serving('/opt/secrets', 'pem')),
      certificate('/opt/secrets/apiserver.pem', 'apiserver'),
      privateKey('/opt/secrets/apiserver-key.pem', 'apiserver', { mode: 0o640 }),
    )
    expect(verdictOf(node, 'pki.key-mode')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ at: '/opt/secrets/apiserver-key.pem' })]),
    })
  })

  it('is an error, not a pass, where it cannot be listed', () => {
    expect(verdictOf(aNode(kubelet, denied('/etc/kubernetes/pki')), 'pki.key-mode').verdict).toBe('error')
  })
})
