import { describe, expect, it } from 'vitest'
import { recorded } from '../support/recorded.ts'
import { aNode, asImage, certificate, file, unit } from './a-node.ts'
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

describe('a configuration file that cannot be understood', () => {
  it.each([
    ['is broken', 'kind: [unclosed'],
    ['is of another kind', 'kind: Pod\n'],
    ['holds what the kubelet refuses', `${kubeletConfig}readOnlyPort: "0"\n`],
    ['is empty', ''],
  ])('has an owner and a mode all the same: it %s', (_what, text) => {
    const owned = (owner: string, mode: number) =>
      aNode(unit('kubelet', kubeletFlags), file('/var/lib/kubelet/config.yaml', { text, owner, mode }))

    expect(verdictOf(owned('root:root', 0o600), 'kubelet.configuration-owner').verdict).toBe('pass')
    expect(verdictOf(owned('root:root', 0o600), 'kubelet.configuration-mode').verdict).toBe('pass')
    expect(verdictOf(owned('kube:root', 0o644), 'kubelet.configuration-owner')).toMatchObject({
      verdict: 'fail',
      reason:
        'A configuration file of the kubelet does not belong to root:root: /var/lib/kubelet/config.yaml (kube:root).',
    })
    expect(verdictOf(owned('kube:root', 0o644), 'kubelet.configuration-mode').verdict).toBe('fail')
  })
})

describe('the kubelet', () => {
  const packaged = '/usr/lib/systemd/system/kubelet.service'
  const vendor = '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf'
  const local = '/etc/systemd/system/kubelet.service.d/20-local.conf'
  const units = (modes: { unit?: number; vendor?: number; local?: number }) =>
    aNode(
      unit('kubelet', kubeletFlags, {
        fragment: packaged,
        mode: modes.unit ?? 0o600,
        dropIns: { [vendor]: modes.vendor ?? 0o600, [local]: modes.local ?? 0o600 },
      }),
    )

  it.each([
    ['its unit', { unit: 0o644 }, packaged],
    ['the drop-in the packages ship', { vendor: 0o644 }, vendor],
    ['a drop-in somebody added', { local: 0o646 }, local],
  ])('fails for %s, wherever systemd found it', (_, modes, path) => {
    expect(verdictOf(units(modes), 'kubelet.unit-mode')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ at: path })]),
    })
  })

  it('passes when unit and every drop-in are root’s alone', () => {
    expect(verdictOf(units({}), 'kubelet.unit-mode').verdict).toBe('pass')
  })

  const ca = '/etc/kubernetes/other/clients.crt'

  it('has its client CA measured where its configuration file says it is', () => {
    const text = `${kubeletConfig}authentication:\n  x509:\n    clientCAFile: ${ca}\n`
    const node = aNode(
      kubelet,
      file('/var/lib/kubelet/config.yaml', { text }),
      certificate(ca, 'ca', { mode: 0o666, owner: 'kube:kube' }),
      certificate('/etc/kubernetes/pki/ca.crt', 'ca'),
    )
    expect(verdictOf(node, 'kubelet.client-ca-mode').verdict).toBe('fail')
    expect(verdictOf(node, 'kubelet.client-ca-owner').verdict).toBe('fail')
  })

  it('may name its client CA as a word of its own behind the flag', () => {
    const node = aNode(unit('kubelet', ['--client-ca-file', ca]), certificate(ca, 'ca', { mode: 0o666 }))
    expect(verdictOf(node, 'kubelet.client-ca-mode').verdict).toBe('fail')
  })

  it('has its configuration measured with every drop-in, and nothing else', () => {
    const dropIn = '/etc/kubernetes/kubelet.conf.d/10-local.conf'
    const started = unit('kubelet', [
      '--config=/var/lib/kubelet/config.yaml',
      '--config-dir=/etc/kubernetes/kubelet.conf.d',
    ])
    const parts = [
      ...started,
      ...file('/var/lib/kubelet/config.yaml', { text: kubeletConfig }),
      ...file('/etc/kubernetes/kubelet.conf', { mode: 0o666, text: 'kind: Config\n' }),
    ]
    const open = aNode(parts, file(dropIn, { mode: 0o644, text: kubeletConfig }))
    expect(verdictOf(open, 'kubelet.configuration-mode')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ at: dropIn })]),
    })
    expect(
      verdictOf(aNode(parts, file(dropIn, { text: kubeletConfig })), 'kubelet.configuration-mode').verdict,
    ).toBe('pass')
  })

  it('is measured on an image as well, where nothing runs', () => {
    const node = asImage(units({ vendor: 0o644 }))
    expect(verdictOf(node, 'kubelet.unit-mode').verdict).toBe('fail')
  })
})
