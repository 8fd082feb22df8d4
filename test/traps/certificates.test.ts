import { describe, expect, it } from 'vitest'
import { nodeContext } from '../../src/cli/ask-evidence.ts'
import { serviceAccountKeys } from '../../src/facts/service-account-keys.ts'
import {
  aNode,
  certificate,
  denied,
  evidenceOf,
  file,
  type Part,
  pod,
  privateKey,
  shapes,
  unit,
} from './a-node.ts'
import { askedBy, content, verdictOf } from './verdict-of.ts'

const pki = '/etc/kubernetes/pki'
const clientFlags = [
  `--kubelet-client-certificate=${pki}/client.crt`,
  `--kubelet-client-key=${pki}/client.key`,
] as const
const kubeletConfig = '/var/lib/kubelet/config.yaml'

function kubelet(settings: string) {
  const text = `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${settings}`
  return [...unit('kubelet', [`--config=${kubeletConfig}`]), ...file(kubeletConfig, { text })]
}

const trustsCa = kubelet(`authentication:\n  x509:\n    clientCAFile: ${pki}/ca.crt\n`)
const ca = certificate(`${pki}/ca.crt`, 'ca')

describe.each(shapes)('the certificate the API server shows to kubelets, as %s', (_, start) => {
  const server = start('kube-apiserver', clientFlags)
  const own = [
    ...certificate(`${pki}/client.crt`, 'apiserver-kubelet-client'),
    ...privateKey(`${pki}/client.key`, 'apiserver-kubelet-client'),
  ]

  it('passes while it is there, valid, and issued by the authority kubelets trust', () => {
    const node = aNode(server, own, ca, trustsCa)
    for (const check of ['valid-now', 'chains-verify', 'keys-match', 'fit-use'])
      expect(verdictOf(node, `certificates.${check}`).verdict).toBe('pass')
  })

  it('is an error when only the flag is there and the file is not', () => {
    expect(verdictOf(aNode(server, ca, trustsCa), 'certificates.valid-now')).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('client.crt'),
    })
  })

  it('fails when it expired', () => {
    expect(
      verdictOf(aNode(server, own, ca, trustsCa), 'certificates.valid-now', { atMs: Date.UTC(2030, 0, 1) })
        .verdict,
    ).toBe('fail')
  })

  it('fails when kubelets trust another authority', () => {
    const node = aNode(server, own, certificate(`${pki}/ca.crt`, 'etcd/ca'), trustsCa)
    expect(verdictOf(node, 'certificates.chains-verify').verdict).toBe('fail')
  })

  it('fails when it is used with another key', () => {
    const node = aNode(server, own, privateKey(`${pki}/client.key`, 'apiserver'), ca, trustsCa)
    expect(verdictOf(node, 'certificates.keys-match').verdict).toBe('fail')
  })
})

describe('the certificate a kubelet serves with', () => {
  const server = pod('kube-apiserver', [`--kubelet-certificate-authority=${pki}/ca.crt`])
  const given = kubelet(`tlsCertFile: ${pki}/kubelet.crt\ntlsPrivateKeyFile: ${pki}/kubelet.key\n`)

  it('fails when the authority the API server checks with did not issue it', () => {
    const node = (name: string) =>
      aNode(
        server,
        ca,
        given,
        certificate(`${pki}/kubelet.crt`, name),
        privateKey(`${pki}/kubelet.key`, name),
      )
    expect(verdictOf(node('etcd/server'), 'certificates.chains-verify').verdict).toBe('fail')
    expect(verdictOf(node('apiserver'), 'certificates.chains-verify').verdict).toBe('pass')
  })

  it('is looked into when it rotates and no key of the configuration names it', () => {
    const current = '/var/lib/kubelet/pki/kubelet-server-current.pem'
    const rotating = kubelet('serverTLSBootstrap: true\n')
    const node = aNode(
      server,
      ca,
      rotating,
      certificate(current, 'etcd/server'),
      privateKey(current, 'etcd/server'),
      certificate(current, 'etcd/server'),
    )
    expect(verdictOf(node, 'kubelet.serving-certificate-issued').verdict).toBe('pass')
    expect(verdictOf(node, 'certificates.chains-verify').verdict).toBe('fail')
  })
})

describe('the certificate the API server serves with', () => {
  const flags = [
    `--tls-cert-file=${pki}/apiserver.crt`,
    `--tls-private-key-file=${pki}/apiserver.key`,
  ] as const
  const own = (name: string) => [
    ...certificate(`${pki}/apiserver.crt`, name),
    ...privateKey(`${pki}/apiserver.key`, name),
  ]

  it('has to have names and the usage of a server', () => {
    expect(
      verdictOf(aNode(pod('kube-apiserver', flags), own('apiserver')), 'certificates.fit-use').verdict,
    ).toBe('pass')
    expect(
      verdictOf(aNode(pod('kube-apiserver', flags), own('apiserver-kubelet-client')), 'certificates.fit-use')
        .verdict,
    ).toBe('fail')
  })

  it('has to last, with a long key and a sound signature', () => {
    const node = aNode(pod('kube-apiserver', flags), own('apiserver'))
    expect(verdictOf(node, 'certificates.days-left-enough', { atMs: Date.UTC(2030, 0, 1) }).verdict).toBe(
      'fail',
    )
    expect(verdictOf(node, 'certificates.keys-long-enough').verdict).toBe('pass')
    expect(verdictOf(node, 'certificates.signatures-strong').verdict).toBe('pass')
  })

  it('may be one for a server name of its own, which is measured as well', () => {
    const sni = `--tls-sni-cert-key=${pki}/sni.crt,${pki}/sni.key:api.example`
    const node = aNode(
      pod('kube-apiserver', [...flags, sni]),
      own('apiserver'),
      certificate(`${pki}/sni.crt`, 'apiserver-kubelet-client'),
      privateKey(`${pki}/sni.key`, 'apiserver-kubelet-client'),
    )
    expect(verdictOf(node, 'certificates.fit-use')).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ at: `${pki}/sni.crt` })]),
    })
  })
})

describe('certificates for server names of their own', () => {
  const ask = (pairs: string, ...parts: readonly Part[]) =>
    verdictOf(
      aNode(pod('kube-apiserver', [`--tls-sni-cert-key=${pairs}`]), ...parts),
      'certificates.keys-match',
    )
  const pair = (name: string) => [
    ...certificate(`${pki}/${name}.crt`, name),
    ...privateKey(`${pki}/${name}.key`, name),
  ]

  it('come in pairs of certificate and key, several to a flag', () => {
    const pairs = `${pki}/apiserver.crt,${pki}/apiserver.key:a.example,*.a.example,${pki}/ca.crt,${pki}/ca.key`
    expect(ask(pairs, pair('apiserver'), pair('ca')).verdict).toBe('pass')
    expect(ask(pairs, pair('apiserver'), pair('ca'), privateKey(`${pki}/ca.key`, 'apiserver')).verdict).toBe(
      'fail',
    )
  })

  it('are errors when one half is missing', () => {
    expect(ask(`${pki}/apiserver.crt`, pair('apiserver')).verdict).toBe('error')
    expect(ask(`${pki}/apiserver.crt,${pki}/apiserver.key`, denied(`${pki}/apiserver.crt`)).verdict).toBe(
      'error',
    )
  })
})

describe('the key service account tokens are verified with', () => {
  const flags = [
    `--service-account-key-file=${pki}/sa.pub`,
    `--service-account-signing-key-file=${pki}/sa.key`,
    `--tls-cert-file=${pki}/apiserver.crt`,
    `--tls-private-key-file=${pki}/apiserver.key`,
  ] as const
  const serving = [
    ...certificate(`${pki}/apiserver.crt`, 'apiserver'),
    ...privateKey(`${pki}/apiserver.key`, 'apiserver'),
  ]
  const publicKey = (name: string) =>
    privateKey('/x', name)
      .flatMap((item) => (item.kind === 'key' && item.state === 'observed' ? [item.publicKey] : []))
      .join('')
  const verifier = (name: string) => file(`${pki}/sa.pub`, { text: publicKey(name) })
  const ask = (...parts: readonly Part[]) =>
    verdictOf(
      aNode(pod('kube-apiserver', flags), serving, ...parts),
      'kube-apiserver.service-account-keys-fit',
    )

  it('is its own, and goes with the key they are signed with', () => {
    expect(
      ask(verifier('front-proxy-client'), privateKey(`${pki}/sa.key`, 'front-proxy-client')).verdict,
    ).toBe('pass')
  })

  it('fails when it is the key the API server serves with', () => {
    expect(ask(verifier('apiserver'), privateKey(`${pki}/sa.key`, 'apiserver'))).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('serving key'),
    })
  })

  it('fails when tokens are signed with another key', () => {
    expect(ask(verifier('front-proxy-client'), privateKey(`${pki}/sa.key`, 'ca')).verdict).toBe('fail')
  })

  it('may be a certificate, the private key itself, or several of them', () => {
    const signing = privateKey(`${pki}/sa.key`, 'front-proxy-client')
    expect(ask(certificate(`${pki}/sa.pub`, 'front-proxy-client'), signing).verdict).toBe('pass')
    expect(ask(privateKey(`${pki}/sa.pub`, 'front-proxy-client'), signing).verdict).toBe('pass')
    expect(
      ask(file(`${pki}/sa.pub`, { text: `${publicKey('ca')}${publicKey('front-proxy-client')}` }), signing)
        .verdict,
    ).toBe('pass')
  })

  it('is absent where no API server runs, whoever asks', () => {
    const here = nodeContext(
      evidenceOf(aNode(unit('kubelet')), askedBy('kube-apiserver.service-account-keys-fit')),
      content,
      0,
    )
    expect(serviceAccountKeys.derive({ fact: 'service-account-keys' }, here).kind).toBe('absent')
  })

  it('does not apply where none is named, or another program signs', () => {
    expect(
      verdictOf(
        aNode(pod('kube-apiserver', flags.slice(1)), serving),
        'kube-apiserver.service-account-keys-fit',
      ).verdict,
    ).toBe('notApplicable')
    expect(verdictOf(aNode(unit('kubelet')), 'kube-apiserver.service-account-keys-fit').verdict).toBe(
      'notApplicable',
    )
    const outside = ['--service-account-signing-endpoint=/run/signer.sock', flags[0]] as const
    expect(
      verdictOf(
        aNode(pod('kube-apiserver', outside), verifier('ca')),
        'kube-apiserver.service-account-keys-fit',
      ).verdict,
    ).toBe('pass')
  })

  it('is an error when it cannot be read, or what it is compared with', () => {
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    expect(ask(file(`${pki}/sa.pub`, { text: damaged }), privateKey(`${pki}/sa.key`, 'ca')).verdict).toBe(
      'error',
    )
    expect(ask(file(`${pki}/sa.pub`, { text: 'no key\n' }), privateKey(`${pki}/sa.key`, 'ca')).verdict).toBe(
      'error',
    )
    expect(ask(verifier('ca'), denied(`${pki}/sa.key`)).verdict).toBe('error')
    expect(ask(denied(`${pki}/sa.pub`), privateKey(`${pki}/sa.key`, 'ca')).verdict).toBe('error')
  })
})
