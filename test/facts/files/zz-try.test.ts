import { it } from 'vitest'
import { collectNode } from '../../../src/collect/collect.ts'
import { createLocalCarrier } from '../../../src/collect/carriers/local.ts'
import { planCollection } from '../../../src/collect/plan.ts'
import { createNodeView } from '../../../src/facts/node-view.ts'
import { shippedComponents } from '../../support/components.ts'
import { nodeWith } from '../../support/settings-node.ts'
import { factKinds, factOf, atMs } from './kubeadm-node.ts'
it('x', async () => {
  const components = shippedComponents()
  const reqs: any[] = [
    ...['kube-apiserver','etcd'].map((of) => ({ fact: 'component-files', of, which: 'static-pod-manifest' })),
    ...['unit','configuration','kubeconfig','client-ca-file','data-directory','environment-file'].map((which) => ({ fact: 'component-files', of: 'kubelet', which })),
    { fact: 'component-files', of: 'etcd', which: 'data-directory' },
    ...['certificate','private-key','any'].map((holds) => ({ fact: 'pki-files', holds })),
    ...['cni-files','admin-kubeconfigs','encryption-at-rest','audit-policy','anonymous-access','authorizers','admission-plugins','certificates'].map((fact) => ({ fact })),
    { fact: 'trust-overlap', first: 'etcd.trusted-ca-file', second: 'kube-apiserver.client-ca-file' },
  ]
  const probes = reqs.flatMap((r) => factKinds[r.fact]!.probes(r, { components }))
  const plan = planCollection(probes, components)
  const carrier = createLocalCarrier({ kind: 'root', target: 'root:/x', sudo: null, env: { PATH: '/usr/bin:/bin' } })
  const ev = await collectNode(carrier, plan, { nonce: 'a'.repeat(32), collectedAt: '2026-01-01T00:00:00Z', root: '/tmp/img-files/root', timeoutMs: 60000, connectTimeoutMs: 1000, maxBytes: 50e6 } as any)
  console.log(ev.end, ev.endDetail, ev.items.length)
  const node = { ...nodeWith([]), atMs, view: createNodeView(ev) }
  for (const r of reqs) console.log(JSON.stringify(r), '=>', JSON.stringify(factOf(r, node), (k, v) => ['issuer','names','key-fingerprint','not-before','not-after','signature-algorithm','uid','gid','valid-now','common-name','key-bits','key-algorithm','self-signed','lifetime-days'].includes(k) ? undefined : v))
}, 60000)
