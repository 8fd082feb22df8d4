import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planCollection } from '../../src/collect/plan.ts'
import { factKinds } from '../../src/facts/index.ts'
import { createNodeView } from '../../src/facts/node-view.ts'
import { checkId } from '../../src/model/ids.ts'
import type { NodeView } from '../../src/model/node-evidence.ts'
import { collect, type Fixture, fixture } from '../collect/node-script.ts'
import { recorded } from '../support/recorded.ts'
import { content, verdictOn } from './verdict-of.ts'

let image: Fixture
beforeEach(() => {
  image = fixture()
})
afterEach(() => image.remove())

/** Runs the real script of one check over the image. */
function seenBy(check: string): NodeView {
  const requests = Object.values(content.checks.get(checkId(check))?.evidence ?? {})
  const probes = requests.flatMap((request) => factKinds[request.fact]?.probes(request, content) ?? [])
  return collect(planCollection(probes, content.components), { root: image.root })
}

const certificate = recorded('kubeadm-1.36/pki/apiserver.crt')
const key = 'no key, only its name matters\n'

describe('the script', () => {
  it('reads files whose names hold blanks, stars and quotes, and no others', () => {
    for (const name of ['old copy of ca.crt', '*.crt', "it's.crt"])
      image.put(`etc/kubernetes/pki/${name}`, certificate)

    const view = seenBy('pki.certificate-mode')

    for (const name of ['old copy of ca.crt', '*.crt', "it's.crt"])
      expect(view.file(`/etc/kubernetes/pki/${name}`)).toMatchObject({
        state: 'observed',
        holds: ['certificate'],
      })
    expect(verdictOn(view.evidence, 'pki.certificate-mode')).toMatchObject({ verdict: 'pass' })
  })

  it('follows both files of a certificate for a server name of its own', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      spec: {
        containers: [
          {
            name: 'kube-apiserver',
            command: [
              'kube-apiserver',
              '--tls-sni-cert-key=/opt/sni/a.crt,/opt/sni/a.key:a.example,*.a.example',
            ],
          },
        ],
      },
    }
    image.put('etc/kubernetes/manifests/kube-apiserver.yaml', JSON.stringify(pod, null, 1))
    image.put('opt/sni/a.crt', certificate)
    image.put('opt/sni/a.key', key)

    const view = seenBy('certificates.fit-use')

    expect(view.content('/opt/sni/a.crt')).toMatchObject({ state: 'observed', text: certificate })
    expect(view.file('/opt/sni/a.key').state).toBe('observed')
    expect(view.content('/opt/sni/a.key')).not.toMatchObject({ state: 'observed' })
    expect(verdictOn(view.evidence, 'certificates.fit-use').verdict).toBe('pass')
  })

  it('finds the kubelet’s drop-ins where the packages put them', () => {
    image.put('usr/lib/systemd/system/kubelet.service', '[Service]\nExecStart=/usr/bin/kubelet\n')
    const dropIn = 'usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf'
    image.put(dropIn, '[Service]\n')

    expect(seenBy('kubelet.unit-mode').content(`/${dropIn}`).state).toBe('observed')
  })

  it('says of everything it sends what became of it, so that nothing is missing in silence', () => {
    const view = seenBy('etcd.data-directory-mode')

    expect(view.processes()).toMatchObject({ state: 'unavailable', reason: 'offline' })
    expect(view.directory('/etc/kubernetes/manifests').state).toBe('absent')
    expect(
      createNodeView({ ...view.evidence, items: [] }).file('/etc/kubernetes/manifests/etcd.yaml'),
    ).toMatchObject({ state: 'unavailable', reason: 'not-collected' })
  })
})
