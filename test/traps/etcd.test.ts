import { describe, expect, it } from 'vitest'
import { aNode, certificate, file, type Part, pod, process, shapes, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const path = '/etc/kubernetes/etcd.yml'
const checks = [
  'client-tls-on',
  'client-certificates-required',
  'auto-tls-off',
  'peer-tls-on',
  'peer-certificates-required',
  'peer-auto-tls-off',
] as const

const sound = [
  ['cert-file', '/e.crt'],
  ['key-file', '/e.key'],
  ['client-cert-auth', 'true'],
  ['peer-cert-file', '/p.crt'],
  ['peer-key-file', '/p.key'],
  ['peer-client-cert-auth', 'true'],
  ['listen-client-urls', 'https://10.0.0.1:2379'],
  ['listen-peer-urls', 'https://10.0.0.1:2380'],
] as const
const flags = sound.map(([name, value]) => `--${name}=${value}`)
const env = Object.fromEntries(
  sound.map(([name, value]) => [`ETCD_${name.toUpperCase().replaceAll('-', '_')}`, value]),
)
const text = `client-transport-security:
  cert-file: /e.crt
  key-file: /e.key
  client-cert-auth: true
peer-transport-security:
  cert-file: /p.crt
  key-file: /p.key
  client-cert-auth: true
listen-client-urls: https://10.0.0.1:2379
listen-peer-urls: https://10.0.0.1:2380
`

describe.each(shapes)('etcd as %s', (_, start) => {
  it.each(checks)('passes %s however it was configured: arguments, environment or file', (check) => {
    expect(verdictOf(aNode(start('etcd', flags)), `etcd.${check}`).verdict).toBe('pass')
    expect(verdictOf(aNode(start('etcd', [], { env })), `etcd.${check}`).verdict).toBe('pass')
    expect(
      verdictOf(aNode(start('etcd', [`--config-file=${path}`]), file(path, { text })), `etcd.${check}`)
        .verdict,
    ).toBe('pass')
  })

  it.each(['auto-tls', 'peer-auto-tls'])(
    'is caught when %s is switched on outside its arguments',
    (setting) => {
      const variable = `ETCD_${setting.toUpperCase().replaceAll('-', '_')}`
      expect(
        verdictOf(aNode(start('etcd', flags, { env: { [variable]: 'true' } })), `etcd.${setting}-off`)
          .verdict,
      ).toBe('fail')
      const section = setting === 'auto-tls' ? 'client' : 'peer'
      const open = `${section}-transport-security:\n  auto-tls: true\nlisten-peer-urls: https://10.0.0.1:2380\n`
      expect(
        verdictOf(
          aNode(start('etcd', [`--config-file=${path}`]), file(path, { text: open })),
          `etcd.${setting}-off`,
        ).verdict,
      ).toBe('fail')
    },
  )

  it('takes nothing from its arguments once it has a configuration file', () => {
    const node = aNode(start('etcd', [...flags, `--config-file=${path}`]), file(path, { text: 'name: a\n' }))
    expect(verdictOf(node, 'etcd.client-tls-on').verdict).toBe('fail')
    expect(verdictOf(node, 'etcd.client-certificates-required').verdict).toBe('fail')
  })

  it('speaks no TLS behind http, whatever certificates it was given', () => {
    const client = flags.map((flag) =>
      flag.replace('https://10.0.0.1:2379', 'https://10.0.0.1:2379,http://127.0.0.1:2379'),
    )
    expect(verdictOf(aNode(start('etcd', client)), 'etcd.client-tls-on')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('http://127.0.0.1:2379'),
    })
    const peer = flags.map((flag) => flag.replace('https://10.0.0.1:2380', 'http://10.0.0.1:2380'))
    expect(verdictOf(aNode(start('etcd', peer)), 'etcd.peer-tls-on').verdict).toBe('fail')
  })

  it.each(['peer-tls-on', 'peer-certificates-required', 'peer-auto-tls-off'])(
    'has no peers to protect against when it listens for none: %s',
    (check) => {
      const alone = ['--listen-peer-urls=http://127.0.0.1:2380', '--peer-auto-tls=true'] as const
      expect(verdictOf(aNode(start('etcd', alone)), `etcd.${check}`)).toMatchObject({
        verdict: 'notApplicable',
        reason: expect.stringContaining('loopback'),
      })
    },
  )

  it('names flags that exist in what to do next', () => {
    const open = aNode(start('etcd', ['--listen-peer-urls=http://10.0.0.1:2380']))
    expect(verdictOf(open, 'etcd.peer-tls-on').next).toContain('--peer-cert-file')
  })

  it('is an error when its environment cannot be read', () => {
    expect(
      verdictOf(aNode(start('etcd', flags.slice(0, 2), { env: null })), 'etcd.auto-tls-off').verdict,
    ).toBe('error')
  })
})

describe('a configuration file that etcd refuses', () => {
  it('says nothing of what is in force', () => {
    const quoted = text.replaceAll('client-cert-auth: true', 'client-cert-auth: "true"')
    const node = aNode(unit('etcd', [`--config-file=${path}`]), file(path, { text: quoted }))

    expect(verdictOf(node, 'etcd.client-certificates-required')).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('etcd refuses the file'),
    })
  })
})

describe('programs that mention etcd', () => {
  const apiServer = [
    '--etcd-certfile=/c.crt',
    '--etcd-keyfile=/c.key',
    '--client-cert-auth=true',
    '--cert-file=/x',
    '--auto-tls=true',
  ] as const

  it.each(checks)('are not etcd: %s', (check) => {
    const other = [
      ...pod('kube-apiserver', apiServer),
      ...process('etcdctl', ['etcdctl', '--cert-file=/x', '--auto-tls=true']),
    ]
    expect(verdictOf(aNode(other), `etcd.${check}`).verdict).toBe('notApplicable')
    expect(verdictOf(aNode(other, unit('etcd', flags)), `etcd.${check}`).verdict).toBe('pass')
  })
})

describe('the authority of etcd', () => {
  const pki = '/etc/kubernetes/pki'
  const node = (trusted: string, ...authorities: readonly Part[]) =>
    aNode(
      pod('etcd', [`--trusted-ca-file=${trusted}`]),
      pod('kube-apiserver', [`--client-ca-file=${pki}/ca.crt`]),
      certificate(`${pki}/ca.crt`, 'ca'),
      ...authorities,
    )

  it('is compared with the cluster’s by what is in the files', () => {
    const own = certificate(`${pki}/etcd/ca.crt`, 'etcd/ca')
    expect(verdictOf(node(`${pki}/etcd/ca.crt`, own), 'etcd.own-ca').verdict).toBe('pass')
    const copied = certificate(`${pki}/etcd/ca.crt`, 'ca')
    expect(verdictOf(node(`${pki}/etcd/ca.crt`, copied), 'etcd.own-ca').verdict).toBe('fail')
    expect(verdictOf(node(`${pki}/ca.crt`), 'etcd.own-ca').verdict).toBe('fail')
  })

  it('is not told by the flag alone: a file nobody could read is an error', () => {
    expect(verdictOf(node(`${pki}/etcd/ca.crt`), 'etcd.own-ca').verdict).toBe('error')
  })
})
