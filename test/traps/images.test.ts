import { describe, expect, it } from 'vitest'
import { ofImage } from '../../src/facts/offline.ts'
import { absent, noSource, observed, unavailable } from '../../src/model/evidence.ts'
import { plain } from '../support/settings-node.ts'
import { aNode, asImage, file, type Part, process, unit } from './a-node.ts'
import { askedBy, verdictOf } from './verdict-of.ts'

const check = 'kube-proxy.metrics-loopback'
const kubelet = unit('kubelet', ['--config=/k.yaml'])
const config = file('/k.yaml', {
  text: 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n',
})

describe('kube-proxy in an image', () => {
  it('may be run by a DaemonSet, which an image does not show', () => {
    const finding = verdictOf(asImage(aNode(kubelet, config)), check)

    expect(finding.verdict).toBe('error')
    expect(finding.reason).toContain('DaemonSet')
  })

  it('is judged where a unit of its own is there', () => {
    const node = asImage(aNode(kubelet, config, unit('kube-proxy', ['--metrics-bind-address=0.0.0.0:10249'])))

    expect(verdictOf(node, check).verdict).toBe('fail')
  })

  it('is not there where nothing would start a kubelet', () => {
    expect(verdictOf(asImage(aNode()), check).verdict).toBe('notApplicable')
  })

  it('is not there on a node that runs and does not run it', () => {
    expect(verdictOf(aNode(kubelet, config), check).verdict).toBe('notApplicable')
  })
})

describe('the socket of the runtime in an image', () => {
  const named = unit('kubelet', [
    '--config=/k.yaml',
    '--container-runtime-endpoint=unix:///run/crio/crio.sock',
  ])

  it.each([
    ['the kubelet names none', kubelet],
    ['the kubelet names one', named],
    ['there is no kubelet', []],
  ])('could not be looked at where %s', (_what, parts) => {
    for (const asked of [
      'node.runtime-socket-mode',
      'node.runtime-socket-root-owned',
      'node.runtime-pinned',
    ]) {
      const finding = verdictOf(asImage(aNode(parts, config)), asked)

      expect(finding.verdict, asked).toBe('error')
      expect(finding.reason, asked).toContain('nothing runs in an image')
    }
  })
})

describe('what nothing in an image names', () => {
  it('cannot be had by collecting again', () => {
    const named = unit('kubelet', ['--config=/k.yaml', '--config-dir=/opt/kubelet.d'])
    const finding = verdictOf(asImage(aNode(named, config)), 'kubelet.configuration-owner')

    expect(finding).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('nothing runs in an image (/opt/kubelet.d could not be listed'),
      next: 'Audit the running node to answer this.',
    })
  })

  it('is a list, a record or a value of its own', () => {
    const lost = unavailable('not-collected', noSource, 'why')
    const list = observed([lost, observed({ a: lost, b: observed(1, noSource) }, noSource)], noSource)
    const denied = unavailable('permission-denied', noSource)

    expect(plain(ofImage(list))).toEqual([
      { unavailable: 'offline' },
      { a: { unavailable: 'offline' }, b: 1 },
    ])
    expect(ofImage(lost)).toEqual(unavailable('offline', noSource, 'why'))
    expect(ofImage(denied)).toBe(denied)
    expect(ofImage(absent(noSource))).toEqual(absent(noSource))
  })
})

describe('files of units', () => {
  it('are asked for in the directories of prefix and type as well', () => {
    const asked = (name: string) => askedBy(name).map(({ id }) => id)

    expect(asked(check)).toContain('directory:/etc/systemd/system/kube-.service.d')
    expect(asked('kubelet.unit-mode')).toContain('directory:/usr/lib/systemd/system/service.d')
  })
})

describe('a configuration file of a static pod behind a link in its volume', () => {
  const pod = (mountPath: string): Part => {
    const command = ['kube-scheduler', '--config=/conf/s.yaml']
    const containers = [{ name: 's', image: 's:v1.33.4', command, volumeMounts: [{ name: 'v', mountPath }] }]
    const spec = { containers, volumes: [{ name: 'v', hostPath: { path: '/srv/conf' } }] }
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 's' }, spec })
    return [
      ...file('/etc/kubernetes/manifests/s.yaml', { text }),
      ...process('kube-scheduler', command, {
        cgroup: '0::/kubepods.slice/cri-containerd-0a.scope',
        contained: true,
      }),
    ]
  }
  const closed = file('/srv/conf/s.yaml', {
    text: 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nenableProfiling: false\n',
  })
  const behindLink = closed.map((item) =>
    item.kind === 'file' && item.state === 'observed'
      ? { ...item, stat: { ...item.stat, target: '/data/s.yaml' } }
      : item,
  )

  it('is not the file the link leads to on the host', () => {
    expect(verdictOf(aNode(pod('/conf'), behindLink), 'kube-scheduler.profiling-off').verdict).toBe('error')
    expect(verdictOf(aNode(pod('/conf'), closed), 'kube-scheduler.profiling-off').verdict).toBe('pass')
  })
})
