import { describe, expect, it } from 'vitest'
import { aNode, file, pod, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const strong = ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'] as const
const chacha = 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305'
const config = '/var/lib/kubelet/config.yaml'

interface Tls {
  readonly suites?: readonly string[]
  readonly least?: string
}

const servers = [
  [
    'kube-apiserver as a static pod',
    'kube-apiserver.cipher-suites-strong',
    (tls: Tls) => pod('kube-apiserver', flagsOf(tls)),
  ],
  [
    'kube-apiserver as a unit',
    'kube-apiserver.cipher-suites-strong',
    (tls: Tls) => unit('kube-apiserver', flagsOf(tls)),
  ],
  ['the kubelet by flags', 'kubelet.cipher-suites-strong', (tls: Tls) => unit('kubelet', flagsOf(tls))],
  [
    'the kubelet by its configuration',
    'kubelet.cipher-suites-strong',
    (tls: Tls) => [...unit('kubelet', [`--config=${config}`]), ...file(config, { text: configOf(tls) })],
  ],
] as const

function flagsOf({ suites, least }: Tls): readonly string[] {
  return [
    ...(suites === undefined ? [] : [`--tls-cipher-suites=${suites.join(',')}`]),
    ...(least === undefined ? [] : [`--tls-min-version=${least}`]),
  ]
}

function configOf({ suites, least }: Tls): string {
  const settings = { ...(suites && { tlsCipherSuites: suites }), ...(least && { tlsMinVersion: least }) }
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    ...settings,
  })
}

describe.each(servers)('cipher suites of %s', (_, check, started) => {
  const ask = (tls: Tls, parameters = {}) => verdictOf(aNode(started(tls)), check, { parameters })

  it('do not matter when only TLS 1.3 is spoken, whose suites nobody can choose', () => {
    expect(ask({ least: 'VersionTLS13' }).verdict).toBe('pass')
    expect(ask({ least: 'VersionTLS12' }).verdict).toBe('fail')
    expect(ask({}).verdict).toBe('fail')
  })

  it('may be all of the list, in any order, or some of it', () => {
    expect(ask({ suites: strong }).verdict).toBe('pass')
    expect(ask({ suites: strong.toReversed() }).verdict).toBe('pass')
    expect(ask({ suites: strong.slice(1) }).verdict).toBe('pass')
  })

  it('have two names for ChaCha20, and TLS 1.3 names, on every server', () => {
    expect(ask({ suites: [chacha, `${chacha}_SHA256`, 'TLS_AES_128_GCM_SHA256'] }).verdict).toBe('pass')
  })

  it('can be narrowed to what FIPS approves', () => {
    const parameters = { 'cipher-suites': strong }
    expect(ask({ suites: strong }, parameters).verdict).toBe('pass')
    expect(ask({ suites: [...strong, chacha] }, parameters)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining(chacha),
    })
  })

  it('without forward secrecy fail, and so does one bad name among good ones', () => {
    expect(ask({ suites: ['TLS_RSA_WITH_AES_128_GCM_SHA256'] }).verdict).toBe('fail')
    expect(ask({ suites: [...strong, 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'] }).verdict).toBe('fail')
  })
})
