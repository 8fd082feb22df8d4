import { describe, expect, it } from 'vitest'
import { nodeContext } from '../../src/cli/ask-evidence.ts'
import { factKinds } from '../../src/facts/index.ts'
import type { FactRequest } from '../../src/model/check.ts'
import type { Fact } from '../../src/model/evidence.ts'
import type { NodeEvidence } from '../../src/model/node-evidence.ts'
import { aNode, denied, evidenceOf, file, folder, type Part, process, unit } from './a-node.ts'
import { content, soon, verdictOf } from './verdict-of.ts'

const manifests = '/etc/kubernetes/manifests'
const inPod = { cgroup: '0::/kubepods.slice/cri-containerd-0a.scope', contained: true } as const
const schedulerFlags = ['--kubeconfig=/etc/kubernetes/scheduler.conf']

function factOf(request: FactRequest, parts: readonly Part[], about: Partial<NodeEvidence> = {}): Fact {
  const evidence = { ...evidenceOf(aNode(...parts), []), ...about }
  const fact = factKinds[request.fact]?.derive(request, nodeContext(evidence, content, soon))
  if (fact === undefined) throw new Error(`there is no fact ${request.fact}`)
  return fact
}

function startOf(component: string, parts: readonly Part[]): Fact | undefined {
  const fact = factOf({ fact: 'component', of: component }, parts)
  if (fact.kind !== 'observed' || typeof fact.fact !== 'object' || Array.isArray(fact.fact)) return undefined
  return Object.entries(fact.fact).find(([name]) => name === 'started-as')?.[1]
}

describe('a pod whose manifest an account may not read', () => {
  const parts = [
    ...folder(manifests),
    ...denied(`${manifests}/kube-scheduler.yaml`),
    ...process('kube-scheduler', ['kube-scheduler', ...schedulerFlags], inPod),
  ]
  const request = { fact: 'component-files', of: 'kube-scheduler', which: 'kubeconfig' }
  const kinds = (fact: Fact): readonly string[] =>
    fact.kind === 'observed' && Array.isArray(fact.fact)
      ? fact.fact.map((item: Fact) => item.kind)
      : [fact.kind]

  it('may mount any file of the node: its kubeconfig is not known, never not used', () => {
    expect(kinds(factOf(request, [parts], { uid: 1000 }))).toEqual(['unavailable'])
  })
})

describe('a service in a mount namespace of its own', () => {
  const config = { authentication: { x509: { clientCAFile: '/etc/kubernetes/ca.crt' } } }
  const text = JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    ...config,
  })

  it.each([
    [0o644, 'pass'],
    [0o666, 'fail'],
  ])('uses the host’s files where its configuration names them (mode %o)', (mode, verdict) => {
    const node = aNode(
      unit('kubelet', ['--config=/var/lib/kubelet/config.yaml'], { runs: false }),
      file('/var/lib/kubelet/config.yaml', { text }),
      file('/etc/kubernetes/ca.crt', { mode, holds: ['certificate'] }),
      process('kubelet', ['/usr/local/bin/kubelet', '--config=/var/lib/kubelet/config.yaml'], {
        cgroup: '0::/system.slice/kubelet.service',
        contained: true,
      }),
    )

    expect(verdictOf(node, 'kubelet.client-ca-mode').verdict).toBe(verdict)
  })
})

describe('drop-ins of the kubelet', () => {
  const opening = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
  const open = `${opening}authentication: {anonymous: {enabled: true}}\n`
  const closed = `${opening}authentication: {anonymous: {enabled: false}}\n`
  const kubelet = unit('kubelet', ['--config=/k.yaml', '--config-dir=/etc/kubelet.d'])

  it('count in subdirectories as well, which the kubelet walks down', () => {
    const node = aNode(
      kubelet,
      file('/k.yaml', { text: closed }),
      file('/etc/kubelet.d/more/1.conf', { text: open }),
    )

    expect(verdictOf(node, 'kubelet.anonymous-auth-off').verdict).toBe('fail')
  })

  it('are not known where a subdirectory may not be listed', () => {
    const node = aNode(
      kubelet,
      file('/k.yaml', { text: closed }),
      folder('/etc/kubelet.d/more'),
      denied('/etc/kubelet.d/more'),
    )

    expect(verdictOf(node, 'kubelet.anonymous-auth-off').verdict).toBe('error')
  })
})

describe('a unit that runs something of another name', () => {
  const [shown, ...files] = unit('kubelet', ['--anonymous-auth=false', '--config=/k.yaml'], { runs: false })
  const told = (SubState: string): Part =>
    shown?.kind === 'unit' && shown.state === 'observed'
      ? [{ ...shown, properties: { ...shown.properties, ActiveState: 'active', SubState } }, ...files]
      : []

  it('says nothing of the flags that are in force', () => {
    expect(verdictOf(aNode(told('running')), 'kubelet.anonymous-auth-off').verdict).toBe('error')
  })

  it('is judged by its files where nothing runs', () => {
    const node = aNode(
      told('dead'),
      file('/k.yaml', { text: '{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration}' }),
    )

    expect(verdictOf(node, 'kubelet.anonymous-auth-off').verdict).toBe('pass')
  })
})

describe('a static pod', () => {
  const argsOnly = (image: string): Part => {
    const containers = [{ name: 'c', image, args: ['--profiling=false'] }]
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers } }
    return file(`${manifests}/pod.yaml`, { text: JSON.stringify(pod) })
  }
  const running = process('kube-scheduler', ['/usr/local/bin/kube-scheduler', '--profiling=false'], inPod)

  it.each([
    'registry.example:5000/kube-scheduler:v1.33.4',
    'registry.example/kube-scheduler-amd64@sha256:0a',
  ])('that leaves its program to the image %s is one all the same', (image) => {
    expect(startOf('kube-scheduler', [argsOnly(image), running])).toMatchObject({ fact: 'static-pod' })
  })

  it('is not ruled out where the kubelet’s manifest directory is not known', () => {
    const kubelet = unit('kubelet', ['--config=/k.yaml'])

    expect(startOf('kube-scheduler', [kubelet, denied('/k.yaml'), folder(manifests), running])).toMatchObject(
      { kind: 'unavailable' },
    )
  })
})

describe('a private key that others may read', () => {
  it('is not hidden by a neighbour nobody could look into', () => {
    const node = aNode(
      file('/etc/kubernetes/pki/ca.key', { mode: 0o666, holds: ['private-key'] }),
      file('/etc/kubernetes/pki/notes'),
    )

    expect(verdictOf(node, 'pki.key-mode').verdict).toBe('fail')
  })

  it('says nothing of a neighbour that was looked into and holds none', () => {
    const node = aNode(
      file('/etc/kubernetes/pki/ca.key', { holds: ['private-key'] }),
      file('/etc/kubernetes/pki/ca.srl', { mode: 0o644, holds: [] }),
    )

    expect(verdictOf(node, 'pki.key-mode').verdict).toBe('pass')
  })
})
