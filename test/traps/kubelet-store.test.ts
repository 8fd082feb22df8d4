import { describe, expect, it } from 'vitest'
import { recorded } from '../support/recorded.ts'
import { aNode, asImage, certificate, denied, file, type Part, privateKey, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const config = '/var/lib/kubelet/config.yaml'
const kubeconfig = '/etc/kubernetes/kubelet.conf'
const current = '/var/lib/kubelet/pki/kubelet-client-current.pem'
const given = '/srv/kubelet/node'
const client = 'apiserver-kubelet-client'
const early = { atMs: Date.UTC(2027, 9, 1) }
const late = { atMs: Date.UTC(2027, 10, 1) }
const over = { atMs: Date.UTC(2028, 0, 1) }

function kubelet(rotates: string, flags: readonly string[] = []): Part {
  return [
    ...unit('kubelet', [`--config=${config}`, `--kubeconfig=${kubeconfig}`, ...flags]),
    ...file(config, {
      text: `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nrotateCertificates: ${rotates}\n`,
    }),
  ]
}

function users(user: string): Part {
  return file(kubeconfig, { text: `kind: Config\nusers: [{name: n, user: ${user}}]\nclusters: []\n` })
}

const inFiles: Part = [
  ...users(`{client-certificate: ${given}.crt, client-key: ${given}.key}`),
  ...certificate(`${given}.crt`, client),
  ...privateKey(`${given}.key`, client),
]
const data = Buffer.from(recorded(`kubeadm-1.36/pki/${client}.crt`)).toString('base64')
const embedded = users(`{client-certificate-data: ${data}, client-key-data: <redacted>}`)
const stored = (name = client): Part => [
  ...privateKey(current, name),
  ...certificate(current, name, { holds: ['certificate', 'private-key'] }),
]
const inTime = (node: ReturnType<typeof aNode>, at = early) =>
  verdictOf(node, 'certificates.rotation-in-time', at)

describe('a kubelet that rotates and was given its first certificate', () => {
  it('in a file reads that until it has a pair of its own, which it gets in time or not', () => {
    const node = aNode(kubelet('true'), inFiles)

    expect(inTime(node)).toMatchObject({ verdict: 'pass' })
    expect(inTime(node, late)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining(`${given}.crt (overdue)`),
    })
    expect(verdictOf(node, 'certificates.days-left-enough', late).verdict).toBe('notApplicable')
  })

  it('in a file it serves with as well has nobody who renews it for that', () => {
    const serves = kubelet('true', [`--tls-cert-file=${given}.crt`, `--tls-private-key-file=${given}.key`])
    const node = aNode(serves, inFiles)

    expect(inTime(node).verdict).toBe('pass')
    expect(inTime(node, late).verdict).toBe('fail')
    expect(verdictOf(node, 'certificates.days-left-enough', late).verdict).toBe('fail')
    expect(inTime(aNode(serves, inFiles, stored())).verdict).toBe('pass')
  })

  it('inside its kubeconfig has taken that over, or something is odd', () => {
    const node = aNode(kubelet('true'), embedded)

    expect(inTime(node)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('took no certificate over from its kubeconfig'),
    })
    expect(inTime(asImage(node)).verdict).toBe('pass')
    expect(inTime(aNode(kubelet('true'), embedded, stored())).verdict).toBe('pass')
  })

  it.each([
    ['inside its kubeconfig', embedded],
    ['in a file', inFiles],
  ] as const)('%s uses the pair of its store from then on', (_, first) => {
    const node = aNode(kubelet('true'), first, stored('apiserver-etcd-client'))
    const expired = verdictOf(node, 'certificates.valid-now', over)

    expect(expired).toMatchObject({ verdict: 'fail', observed: [{ item: current, value: false }] })
    expect(verdictOf(node, 'certificates.keys-match').verdict).toBe('pass')
    expect(inTime(node, late)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining(current) })
  })

  it('looks at it at every start where it has a bootstrap kubeconfig', () => {
    const bootstraps = kubelet('true', ['--bootstrap-kubeconfig=/etc/kubernetes/bootstrap.conf'])
    const node = aNode(
      bootstraps,
      inFiles,
      stored(),
      file('/etc/kubernetes/bootstrap.conf', { text: 'kind: Config\n' }),
    )

    expect(verdictOf(node, 'certificates.days-left-enough', late)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining(`${given}.crt`),
    })
  })

  it('may be rotated where the store cannot be looked at, and nobody knows', () => {
    const node = aNode(kubelet('true'), inFiles, denied(current))

    expect(inTime(node).verdict).toBe('error')
    expect(verdictOf(node, 'certificates.valid-now', early).verdict).toBe('error')
  })
})

describe('a pair in the store of a kubelet', () => {
  it('of which nobody knows whether it rotates may be in use', () => {
    const node = aNode(kubelet('['), inFiles, stored())

    expect(inTime(node).verdict).toBe('error')
  })

  it('is not in use where the kubelet does not rotate', () => {
    const node = aNode(kubelet('false'), inFiles, stored())

    expect(inTime(node).verdict).toBe('notApplicable')
    expect(verdictOf(node, 'certificates.valid-now', over).observed).toEqual([
      { item: `${given}.crt`, value: false },
    ])
  })
})
