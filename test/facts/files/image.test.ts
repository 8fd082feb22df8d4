import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalCarrier } from '../../../src/collect/carriers/local.ts'
import { collectNode } from '../../../src/collect/collect.ts'
import { planCollection } from '../../../src/collect/plan.ts'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { createNodeView } from '../../../src/facts/node-view.ts'
import type { FactRequest } from '../../../src/model/check.ts'
import { shippedComponents } from '../../support/components.ts'
import { nodeWith } from '../../support/settings-node.ts'
import { opensslPki } from '../certificates/openssl.ts'
import { factKinds, factOf } from './kubeadm-node.ts'

const recorded = join(import.meta.dirname, '../../recorded')
const unit = '/usr/lib/systemd/system/kubelet.service'

const requests: readonly FactRequest[] = [
  { fact: 'component-files', of: 'kubelet', which: 'unit' },
  { fact: 'component-files', of: 'kubelet', which: 'environment-file' },
  { fact: 'component-files', of: 'etcd', which: 'static-pod-manifest' },
  { fact: 'pki-files', holds: 'private-key' },
  { fact: 'cni-files' },
  { fact: 'admin-kubeconfigs' },
  { fact: 'certificates', stored: 'file' },
]

describe('an image of a kubeadm node, collected by the node script', () => {
  const root = mkdtempSync(join(tmpdir(), 'khard-image-'))
  const openssl = opensslPki()
  let node: NodeContext

  const put = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { mode })
  }

  beforeAll(async () => {
    cpSync(join(recorded, 'kubernetes-1.36/kubeadm/manifests'), join(root, 'etc/kubernetes/manifests'), {
      recursive: true,
    })
    cpSync(join(recorded, 'kubernetes-1.36/kubeadm/kubelet'), join(root, 'var/lib/kubelet'), {
      recursive: true,
    })
    cpSync(join(recorded, 'kubeadm-1.36/pki'), join(root, 'etc/kubernetes/pki'), { recursive: true })
    cpSync(join(recorded, 'kubeadm-1.36/kubeconfig'), join(root, 'etc/kubernetes'), { recursive: true })
    const own = openssl.issue({ name: 'front-proxy-client', subject: '/CN=front-proxy-client' })
    put('/etc/kubernetes/pki/front-proxy-client.crt', own)
    put('/etc/kubernetes/pki/front-proxy-client.key', openssl.privateKey('front-proxy-client'), 0o640)
    put('/etc/kubernetes/pki/apiserver.key', openssl.privateKey('front-proxy-client'), 0o600)
    put(unit, '[Service]\nExecStart=/usr/bin/kubelet\n')
    put(
      `${unit}.d/10-kubeadm.conf`,
      '[Service]\nEnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env\nEnvironmentFile=-/etc/default/kubelet\nExecStart=\nExecStart=/usr/bin/kubelet --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml\n',
    )
    mkdirSync(join(root, 'etc/systemd/system/multi-user.target.wants'), { recursive: true })
    symlinkSync(unit, join(root, 'etc/systemd/system/multi-user.target.wants/kubelet.service'))
    put('/etc/passwd', 'root:x:0:0::/root:/bin/sh\n')
    put('/etc/cni/net.d/10-flannel.conflist', '{}')
    put('/var/lib/cni/networks/cbr0/10.244.0.2', 'id')
    put('/var/lib/cni/networks/cbr0/lock', '', 0o750)

    const components = shippedComponents()
    const plan = planCollection(
      requests.flatMap((request) => factKinds[request.fact]?.probes(request, { components }) ?? []),
      components,
    )
    const carrier = createLocalCarrier({
      kind: 'root',
      target: `root:${root}`,
      sudo: null,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    })
    const evidence = await collectNode(carrier, plan, {
      nonce: '0123456789abcdef'.repeat(2),
      collectedAt: '2027-05-21T00:00:00Z',
      root,
      timeoutMs: 60_000,
      connectTimeoutMs: 10_000,
      maxBytes: 64e6,
    })
    node = { ...nodeWith([]), atMs: Date.UTC(2027, 4, 21), view: createNodeView(evidence) }
  }, 90_000)
  afterAll(() => {
    rmSync(root, { recursive: true, force: true })
    openssl.remove()
  })

  const found = (index: number): readonly Record<string, unknown>[] => {
    const [request] = requests.slice(index)
    return request === undefined ? [] : (factOf(request, node) as readonly Record<string, unknown>[])
  }

  it('has its unit files as they lie on disk', () => {
    expect(found(0).map((file) => file['path'])).toEqual([unit, `${unit}.d/10-kubeadm.conf`])
    expect(found(1).map((file) => file['path'])).toEqual(['/var/lib/kubelet/kubeadm-flags.env'])
  })

  it('has its manifests', () => {
    expect(found(2)).toMatchObject([{ path: '/etc/kubernetes/manifests/etcd.yaml' }])
  })

  it('has its keys with their modes, and an entry for each that is used and missing', () => {
    expect(found(3)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: '/etc/kubernetes/pki/front-proxy-client.key', mode: 0o640 }),
        { unavailable: 'ambiguous' },
      ]),
    )
  })

  it('has its network files without the lock', () => {
    expect(found(4).map((file) => file['path'])).toEqual([
      '/etc/cni/net.d/10-flannel.conflist',
      '/var/lib/cni/networks/cbr0/10.244.0.2',
    ])
  })

  it("has the administrators' kubeconfigs", () => {
    expect(found(5).map((file) => file['path'])).toEqual([
      '/etc/kubernetes/admin.conf',
      '/etc/kubernetes/super-admin.conf',
    ])
  })

  it('knows which key matches its certificate without bringing the key', () => {
    const byPath = new Map(found(6).map((one) => [one['path'], one]))

    expect(byPath.get('/etc/kubernetes/pki/front-proxy-client.crt')).toMatchObject({
      'key-matches': true,
      'chain-verifies': false,
    })
    expect(byPath.get('/etc/kubernetes/pki/apiserver.crt')).toMatchObject({
      'key-matches': false,
      'chain-verifies': true,
    })
    expect(byPath.get('/etc/kubernetes/pki/etcd/server.crt')).toMatchObject({
      'key-matches': { unavailable: 'ambiguous' },
    })
    expect(JSON.stringify(node.view.evidence)).not.toContain('PRIVATE KEY')
  })
})
