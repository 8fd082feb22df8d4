import { describe, expect, it } from 'vitest'
import type { RawStartLog } from '../../src/model/node-evidence.ts'
import { aNode, asImage, file, type Part, process } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const dropIns = '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d'
const unitFile = '/etc/systemd/system/k3s.service'
const etcdFile = '/var/lib/rancher/k3s/server/db/etcd/config'
const generated = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

const said = (message: string): string => `time="2026-11-21T10:00:05Z" level=info msg="Running ${message}"`

/** A K3s server: its unit, its process, and what its log holds. */
function k3s(
  lines: readonly string[],
  about: { readonly release?: string; readonly configuration?: string; readonly log?: RawStartLog } = {},
): readonly Part[] {
  const { release = 'k3s version v1.34.1+k3s1 (24fc436e)', configuration = '' } = about
  const startLog = about.log ?? { state: 'observed', from: 'journal', lines: lines.map(said) }
  const properties = {
    LoadState: 'loaded',
    ActiveState: 'active',
    UnitFileState: 'enabled',
    FragmentPath: unitFile,
  }
  const supervisor = process('k3s', ['/usr/local/bin/k3s server'], {
    release,
    cgroup: '0::/system.slice/k3s.service',
  })
  return [
    supervisor.map((item) => ({ ...item, startLog }) as (typeof supervisor)[number]),
    [{ kind: 'unit', id: 'unit:k3s.service', name: 'k3s.service', state: 'observed', properties }],
    file(unitFile, { text: '[Service]\nExecStart=/usr/local/bin/k3s server\n' }),
    file('/etc/rancher/k3s/config.yaml', { text: configuration }),
    file(`${dropIns}/00-k3s-defaults.conf`, { text: generated }),
  ]
}

describe('a setting of a component inside k3s', () => {
  it('is what k3s said it started it with, not what its own command line or a default says', () => {
    const node = aNode(...k3s(['kube-apiserver --anonymous-auth=false --profiling=false']))

    expect(verdictOf(node, 'kube-apiserver.profiling-off')).toMatchObject({
      verdict: 'pass',
      provenance: [{ kind: 'command', at: 'journalctl -u k3s' }],
    })
  })

  it.each<[string, RawStartLog]>([
    ['was rotated away', { state: 'observed', from: 'journal', lines: [] }],
    ['may not be read', { state: 'unavailable', reason: 'permission-denied' }],
    ['is longer than is read', { state: 'observed', from: 'journal', lines: [], cut: true }],
    ['cannot be read without its tool', { state: 'unavailable', reason: 'tool-missing' }],
  ])('is never judged where the log %s', (_name, log) => {
    const node = aNode(...k3s([], { log }))

    for (const check of [
      'kube-apiserver.profiling-off',
      'kubelet.read-only-port-closed',
      'kube-apiserver.node-restriction-on',
    ])
      expect(verdictOf(node, check).verdict).toBe('error')
  })

  it('is said to differ from config.yaml until k3s is started again', () => {
    const configuration = 'kube-apiserver-arg:\n- profiling=true\n'
    const node = aNode(...k3s(['kube-apiserver --profiling=false'], { configuration }))

    expect(verdictOf(node, 'kube-apiserver.profiling-off')).toMatchObject({
      verdict: 'pass',
      drift: expect.stringContaining('/etc/rancher/k3s/config.yaml:2 has kube-apiserver-arg profiling=true'),
    })
  })

  it('loses what k3s sets itself when a list is replaced and not added to', () => {
    const plugins = (list: string) =>
      aNode(...k3s([`kube-apiserver --enable-admission-plugins=NodeRestriction ${list}`]))

    expect(
      verdictOf(plugins('--enable-admission-plugins=EventRateLimit'), 'kube-apiserver.node-restriction-on')
        .verdict,
    ).toBe('pass')
    const replaced = aNode(...k3s(['kube-apiserver --enable-admission-plugins=EventRateLimit']))
    expect(verdictOf(replaced, 'kube-apiserver.node-restriction-on').verdict).toBe('fail')
  })
})

describe('the kubelet inside k3s', () => {
  const kubelet = (release: string, flags = '') =>
    aNode(
      ...k3s([`kubelet --config-dir=${dropIns}${flags}`], { release: `k3s version v${release}+k3s1 (0)` }),
    )

  it.each(['1.32.0', '1.32.3'])('of %s serves its read-only port (CVE-2025-46599)', (release) => {
    expect(verdictOf(kubelet(release), 'kubelet.read-only-port-closed')).toMatchObject({
      verdict: 'fail',
      observed: 10255,
    })
  })

  it('does not from 1.32.4 on', () => {
    expect(verdictOf(kubelet('1.32.4', ' --read-only-port=0'), 'kubelet.read-only-port-closed').verdict).toBe(
      'pass',
    )
  })
})

describe('what is asked of etcd', () => {
  const etcd = file(etcdFile, { text: 'client-transport-security: {client-cert-auth: true}\n' })

  it('is not asked of a k3s that has none', () => {
    const sqlite = aNode(...k3s(['kube-apiserver --etcd-servers=unix://kine.sock']))

    expect(verdictOf(sqlite, 'etcd.client-certificates-required').verdict).toBe('notApplicable')
    expect(verdictOf(sqlite, 'kube-apiserver.etcd-ca-set').verdict).toBe('notApplicable')
  })

  it('is asked of the one inside k3s', () => {
    const node = aNode(...k3s(['kube-apiserver --etcd-servers=https://127.0.0.1:2379']), etcd)

    expect(verdictOf(node, 'etcd.client-certificates-required').verdict).toBe('pass')
    expect(verdictOf(node, 'kube-apiserver.etcd-ca-set').verdict).toBe('fail')
  })
})

describe('an image with k3s in it', () => {
  it('does not tell what k3s will start things with', () => {
    const image = asImage(aNode(...k3s(['kube-apiserver --profiling=false'])))

    expect(verdictOf(image, 'kube-apiserver.profiling-off').verdict).toBe('error')
  })
})
