import { describe, expect, it } from 'vitest'
import { aNode, denied, file, pod, process, shapes, unit } from './a-node.ts'
import { content, verdictOf } from './verdict-of.ts'

const path = '/etc/kubernetes/own.yaml'
const pathFlag = `--config=${path}`

describe.each(shapes)('the scheduler as %s', (_, start) => {
  const configuration = (settings: string) =>
    file(path, {
      text: `apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n${settings}`,
    })
  const ask = (flags: readonly string[], settings = '') =>
    verdictOf(aNode(start('kube-scheduler', flags), configuration(settings)), 'kube-scheduler.profiling-off')

  it('does not listen to the profiling flag once it has a configuration file', () => {
    expect(ask(['--profiling=false', pathFlag])).toMatchObject({ verdict: 'fail', observed: true })
    expect(ask(['--profiling=true', pathFlag], 'enableProfiling: false\n')).toMatchObject({
      verdict: 'pass',
      provenance: expect.arrayContaining([expect.objectContaining({ at: path, line: 3 })]),
    })
    expect(ask(['--profiling=false']).verdict).toBe('pass')
  })

  it('is an error when that file cannot be read', () => {
    expect(
      verdictOf(
        aNode(start('kube-scheduler', ['--profiling=false', pathFlag]), denied(path)),
        'kube-scheduler.profiling-off',
      ).verdict,
    ).toBe('error')
  })
})

describe.each(['kube-scheduler', 'kube-controller-manager'])('the endpoint of %s', (component) => {
  it.each(shapes)('listens everywhere unless it is told not to, as %s', (_, start) => {
    const ask = (...flags: readonly string[]) =>
      verdictOf(aNode(start(component, flags)), `${component}.bind-address-loopback`)
    expect(ask()).toMatchObject({ verdict: 'fail', observed: '0.0.0.0' })
    expect(ask('--bind-address=127.0.0.1').verdict).toBe('pass')
    expect(ask('--bind-address=::1').verdict).toBe('pass')
    expect(ask('--bind-address=127.0.0.1', '--bind-address=0.0.0.0').verdict).toBe('fail')
    expect(ask('--bind-address=127.0.0.100').verdict).toBe('fail')
  })

  it('may be set by arguments that stand in args of the manifest, not in command', () => {
    const container = {
      name: component,
      image: 'x',
      command: [component],
      args: ['--bind-address=127.0.0.1'],
    }
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: component },
      spec: { containers: [container] },
    })
    const node = aNode(
      pod(component, [], { runs: false }),
      file(`/etc/kubernetes/manifests/${component}.yaml`, { text }),
    )
    expect(verdictOf(node, `${component}.bind-address-loopback`).verdict).toBe('pass')
  })
})

describe('kube-proxy', () => {
  const configuration = (settings: string) =>
    file(path, {
      text: `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n${settings}`,
    })
  const ask = (flags: readonly string[], settings = '') =>
    verdictOf(aNode(unit('kube-proxy', flags), configuration(settings)), 'kube-proxy.metrics-loopback')

  it('is judged by its configuration, not by its kubeconfig', () => {
    const settings =
      'metricsBindAddress: 0.0.0.0:10249\nclientConnection:\n  kubeconfig: /var/lib/kube-proxy/kubeconfig\n'
    const node = aNode(
      unit('kube-proxy', [pathFlag]),
      configuration(settings),
      file('/var/lib/kube-proxy/kubeconfig', { text: 'kind: Config\n' }),
    )
    expect(verdictOf(node, 'kube-proxy.metrics-loopback')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('0.0.0.0:10249'),
      provenance: expect.arrayContaining([expect.objectContaining({ at: path, line: 3 })]),
    })
  })

  it('does not listen to the flag once it has a configuration file', () => {
    expect(
      ask([pathFlag, '--metrics-bind-address=127.0.0.1:10249'], 'metricsBindAddress: 0.0.0.0:10249\n')
        .verdict,
    ).toBe('fail')
    expect(
      ask([pathFlag, '--metrics-bind-address=0.0.0.0:10249'], 'metricsBindAddress: 127.0.0.1:10249\n')
        .verdict,
    ).toBe('pass')
  })

  it.each(['127.0.0.1:10249', '"[::1]:10249"', 'localhost:10249', '""'])(
    'keeps its metrics to itself with %s',
    (address) => {
      expect(ask([pathFlag], `metricsBindAddress: ${address}\n`).verdict).toBe('pass')
    },
  )

  it.each([
    '10.0.0.7:10249',
    '0.0.0.0:10249',
    '"[::]:10249"',
    '127.0.0.1.example:10249',
    '10.127.0.0.1:10249',
  ])('does not with %s', (address) => {
    expect(ask([pathFlag], `metricsBindAddress: ${address}\n`).verdict).toBe('fail')
  })

  it('in a pod is judged by the file inside its container', () => {
    const cgroup = '0::/kubepods.slice/kubepods-besteffort.slice/cri-containerd-0b.scope'
    const running = process(
      'kube-proxy',
      ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf'],
      { cgroup, contained: true },
    )
    const [item] = running
    const inside = `/proc/${item?.kind === 'process' ? item.pid : 0}/root/var/lib/kube-proxy/config.conf`
    const text =
      'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmetricsBindAddress: 0.0.0.0:10249\n'
    expect(verdictOf(aNode(running, file(inside, { text })), 'kube-proxy.metrics-loopback').verdict).toBe(
      'fail',
    )
  })

  it('is reported under a control that calls itself manual, and decided all the same', () => {
    const control = content.benchmarks.flatMap(({ controls }) => controls).find(({ id }) => id === '4.3.1')
    expect(control).toMatchObject({ assessment: 'manual', checks: ['kube-proxy.metrics-loopback'] })
    expect(ask([])).toMatchObject({ assessment: 'manual', verdict: 'pass' })
  })
})

describe('a threshold that nobody chose', () => {
  it('is said to be the default, and set by nobody', () => {
    const finding = verdictOf(
      aNode(pod('kube-controller-manager')),
      'kube-controller-manager.terminated-pod-gc-set',
    )

    expect(finding).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('12500'),
      observed: null,
    })
    expect(finding.provenance.map(({ kind }) => kind)).toEqual(['default'])
  })
})
