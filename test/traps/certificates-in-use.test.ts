import { afterAll, describe, expect, it } from 'vitest'
import { opensslPki } from '../facts/certificates/openssl.ts'
import {
  aNode,
  asImage,
  certificate,
  denied,
  file,
  kernel,
  type Part,
  pod,
  privateKey,
  process,
  publicHalf,
  unit,
} from './a-node.ts'
import { soon, verdictOf } from './verdict-of.ts'

const pki = '/etc/kubernetes/pki'
const openssl = opensslPki()
afterAll(() => openssl.remove())
const ca = openssl.issue({ name: 'root', subject: '/CN=public', days: 9000 })

interface Issue {
  readonly names?: string
  readonly usage?: string
  readonly subject?: string
  readonly days?: number
}

let count = 0
/** A pair at a path (without suffix), signed by an authority of its own. */
function pair(path: string, about: Issue = {}): Part {
  const { names, usage = 'serverAuth,clientAuth', subject = '/CN=leaf', days = 2000 } = about
  count += 1
  const name = `leaf${count}`
  const extensions = [
    `extendedKeyUsage=${usage}`,
    'basicConstraints=critical,CA:FALSE',
    ...(names === undefined ? [] : [`subjectAltName=${names}`]),
  ]
  const text = openssl.issue({ name, subject, issuer: 'root', days, extensions })
  return [
    ...file(`${path}.crt`, { text, holds: ['certificate'] }),
    ...file(`${path}.key`, { holds: ['private-key'] }),
    ...publicHalf(`${path}.key`, openssl.publicKey(name)),
  ]
}

const serving = [
  `--tls-cert-file=${pki}/apiserver.crt`,
  `--tls-private-key-file=${pki}/apiserver.key`,
] as const
const own = [
  ...certificate(`${pki}/apiserver.crt`, 'apiserver'),
  ...privateKey(`${pki}/apiserver.key`, 'apiserver'),
]

function kubelet(settings: string, flags: readonly string[] = []): Part {
  const config = '/var/lib/kubelet/config.yaml'
  const text = `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${settings}`
  return [...unit('kubelet', [`--config=${config}`, ...flags]), ...file(config, { text })]
}

describe('a certificate for a server name of its own that a public authority signed', () => {
  const sni = `--tls-sni-cert-key=${pki}/sni.crt,${pki}/sni.key:api.example`
  const server = pod('kube-apiserver', [...serving, sni, `--client-ca-file=${pki}/ca.crt`])
  const node = (...parts: readonly Part[]) => aNode(server, own, certificate(`${pki}/ca.crt`, 'ca'), ...parts)

  it('is nobody’s to verify on the node: clients outside do', () => {
    const sound = pair(`${pki}/sni`, { names: 'DNS:api.example', usage: 'serverAuth' })
    expect(verdictOf(node(sound), 'certificates.chains-verify').verdict).toBe('pass')
  })

  it('fails when it signed itself', () => {
    const text = openssl.issue({
      name: 'self',
      subject: '/CN=self',
      extensions: ['subjectAltName=DNS:api.example'],
    })
    const self = file(`${pki}/sni.crt`, { text, holds: ['certificate'] })
    expect(verdictOf(node(self), 'certificates.chains-verify').verdict).toBe('fail')
  })

  it('passes when the cluster’s own authority signed it', () => {
    const cluster = certificate(`${pki}/sni.crt`, 'apiserver')
    expect(verdictOf(node(cluster), 'certificates.chains-verify').verdict).toBe('pass')
  })

  it('stands for names the other one need not', () => {
    const inside = pair(`${pki}/apiserver`, { names: 'DNS:api.example' })
    const named = 'DNS:kubernetes.default.svc'
    const asked = (...parts: readonly Part[]) => verdictOf(node(inside, ...parts), 'certificates.names-cover')
    expect(asked(pair(`${pki}/sni`, { names: named })).verdict).toBe('pass')
    expect(asked(pair(`${pki}/sni`, { names: 'DNS:other' }))).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('kubernetes.default.svc'),
    })
    expect(asked(denied(`${pki}/sni.crt`)).verdict).toBe('error')
    expect(asked(file(`${pki}/sni.crt`, { text: 'nothing', holds: [] })).verdict).toBe('fail')
  })
})

describe('names the API server is reached by', () => {
  const names = (about: string, ...flags: readonly string[]) =>
    verdictOf(
      aNode(pod('kube-apiserver', [...serving, ...flags]), pair(`${pki}/apiserver`, { names: about })),
      'certificates.names-cover',
    )
  const inCluster = 'DNS:kubernetes.default.svc'
  const range = '--service-cluster-ip-range=10.96.0.0/12'

  it('are that of its service, with the first address of every range', () => {
    expect(names(`${inCluster},IP:10.96.0.1`, range).verdict).toBe('pass')
    expect(names(inCluster, range)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('10.96.0.1'),
    })
    const both = `${range},fd00::/112`
    expect(names(`${inCluster},IP:10.96.0.1`, both)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('fd00:0:0:0:0:0:0:1'),
    })
    expect(names(`${inCluster},IP:10.96.0.1,IP:fd00::1`, both).verdict).toBe('pass')
  })

  it('are the address it advertises, where it is told one', () => {
    expect(names(inCluster).verdict).toBe('pass')
    expect(names(inCluster, '--advertise-address=10.0.0.5').verdict).toBe('fail')
    expect(names(`${inCluster},IP:10.0.0.5`, '--advertise-address=10.0.0.5').verdict).toBe('pass')
  })

  it('are not known from a range that is none', () => {
    expect(names(inCluster, '--service-cluster-ip-range=all').verdict).toBe('error')
    expect(names('DNS:other', '--service-cluster-ip-range=all').verdict).toBe('fail')
  })
})

describe('a key tokens are verified with', () => {
  it('is an error where its file may not be looked at', () => {
    const server = pod('kube-apiserver', [...serving, `--service-account-key-file=${pki}/sa.pub`])
    const node = aNode(server, own, denied(`${pki}/sa.pub`))
    expect(verdictOf(node, 'certificates.valid-now').verdict).toBe('error')
  })
})

describe('names of a kubelet', () => {
  const settings = `tlsCertFile: ${pki}/kubelet.crt\ntlsPrivateKeyFile: ${pki}/kubelet.key\n`
  const node = (flags: readonly string[], names: string, ...parts: readonly Part[]) =>
    aNode(kubelet(settings, flags), pair(`${pki}/kubelet`, { names }), ...parts)
  const host = kernel('/proc/sys/kernel/hostname', 'CP-1\n')

  it('are what its node is called', () => {
    expect(verdictOf(node([], 'DNS:cp-1', host), 'certificates.names-cover').verdict).toBe('pass')
    expect(verdictOf(node([], 'DNS:cp-2', host), 'certificates.names-cover')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('cp-1'),
    })
  })

  it('are what it was told instead of the host name', () => {
    const override = node(['--hostname-override=node-7'], 'DNS:node-7', host)
    expect(verdictOf(override, 'certificates.names-cover').verdict).toBe('pass')
  })

  it('are not known without a host name', () => {
    expect(verdictOf(node([], 'DNS:cp-1'), 'certificates.names-cover').verdict).toBe('error')
    const image = asImage(node([], 'DNS:cp-1', file('/etc/hostname', { text: 'cp-1\n' })))
    expect(verdictOf(image, 'certificates.names-cover').verdict).toBe('pass')
  })
})

describe('a certificate of etcd', () => {
  const tls = '/etc/etcd'
  const flags = [
    `--cert-file=${tls}/server.crt`,
    `--key-file=${tls}/server.key`,
    `--peer-cert-file=${tls}/peer.crt`,
    `--peer-key-file=${tls}/peer.key`,
  ]
  const etcd = (more: readonly string[], server: Issue, peer: Issue = { names: 'DNS:a' }) =>
    aNode(unit('etcd', [...flags, ...more]), pair(`${tls}/server`, server), pair(`${tls}/peer`, peer))

  it('serves and is a client at once where clients must show theirs', () => {
    const only = { names: 'DNS:a', usage: 'serverAuth' }
    const shows = (more: readonly string[], server: Issue) =>
      verdictOf(etcd(more, server), 'certificates.fit-use')
    expect(shows(['--client-cert-auth=true'], only)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('does not allow clients'),
    })
    expect(shows(['--client-cert-auth=true'], { names: 'DNS:a' }).verdict).toBe('pass')
    expect(shows(['--client-cert-auth=false'], only).verdict).toBe('pass')
    const unseen = aNode(
      process('etcd', ['etcd', ...flags], { env: null }),
      pair(`${tls}/server`, only),
      pair(`${tls}/peer`, { names: 'DNS:a' }),
    )
    expect(verdictOf(unseen, 'certificates.fit-use').verdict).toBe('error')
    expect(verdictOf(unseen, 'certificates.names-cover').verdict).toBe('error')
    expect(shows(['--client-cert-auth=true'], { usage: 'serverAuth' }).reason).toContain('alternative name')
  })

  it('stands for the addresses its clients and peers are told', () => {
    const urls = [
      '--advertise-client-urls=https://10.0.0.5:2379,http://10.0.0.6:2379',
      '--initial-advertise-peer-urls=https://[fd00::5]:2380',
    ]
    const cover = (server: string, peer: string) =>
      verdictOf(etcd(urls, { names: server }, { names: peer }), 'certificates.names-cover')
    expect(cover('IP:10.0.0.5', 'IP:fd00::5').verdict).toBe('pass')
    expect(cover('IP:10.0.0.6', 'IP:fd00::5')).toMatchObject({ verdict: 'fail' })
    expect(cover('IP:10.0.0.5', 'IP:fd00::6')).toMatchObject({ verdict: 'fail' })
  })
})

describe('a kubelet that rotates its certificates', () => {
  const current = '/var/lib/kubelet/pki/kubelet-client-current.pem'
  const kubeconfig = '/etc/kubernetes/kubelet.conf'
  const text = `kind: Config\nusers: [{name: n, user: {client-certificate: ${current}, client-key: ${current}}}]\nclusters: []\n`
  const bundle = [
    ...privateKey(current, 'apiserver-kubelet-client'),
    ...certificate(current, 'apiserver-kubelet-client', { holds: ['certificate', 'private-key'] }),
  ]
  const node = (settings: string) =>
    aNode(kubelet(settings, [`--kubeconfig=${kubeconfig}`]), file(kubeconfig, { text }), bundle)
  const on = 'rotateCertificates: true\n'
  const late = Date.UTC(2027, 10, 1)

  it('is in time until nine tenths of the lifetime are over', () => {
    expect(verdictOf(node(on), 'certificates.rotation-in-time', { atMs: Date.UTC(2027, 9, 1) }).verdict).toBe(
      'pass',
    )
    expect(verdictOf(node(on), 'certificates.rotation-in-time', { atMs: late })).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining(current),
    })
  })

  it('needs nobody to count its days, and one that does not rotate does', () => {
    expect(verdictOf(node(on), 'certificates.days-left-enough', { atMs: late }).verdict).toBe('notApplicable')
    expect(
      verdictOf(node('rotateCertificates: false\n'), 'certificates.days-left-enough', { atMs: late }).verdict,
    ).toBe('fail')
    expect(
      verdictOf(node('rotateCertificates: false\n'), 'certificates.rotation-in-time', { atMs: late }).verdict,
    ).toBe('notApplicable')
  })

  it('may or may not be late where that setting cannot be read', () => {
    const unread = node('rotateCertificates: [\n')
    expect(verdictOf(unread, 'certificates.rotation-in-time', { atMs: late }).verdict).toBe('error')
  })

  it('is not late while it does not run', () => {
    const stopped = asImage(node(on))
    expect(verdictOf(stopped, 'certificates.rotation-in-time', { atMs: late }).verdict).toBe('pass')
  })

  it('keeps pairs of the past that nobody has to remove', () => {
    const old = certificate('/var/lib/kubelet/pki/kubelet-client-2025-01-02-03-04-05.pem', 'etcd/peer')
    const later = { atMs: Date.UTC(2030, 0, 1) }
    expect(verdictOf(aNode(kubelet(on), old), 'certificates.no-expired-leftovers', later).verdict).toBe(
      'notApplicable',
    )
  })
})

describe('a kubelet’s serving certificate on a node without the control plane', () => {
  it('is verified by the authority the kubelet itself trusts', () => {
    const directory = '/var/lib/rancher/k3s/agent'
    const kubeconfig = (authority: string): Part =>
      file('/etc/kubernetes/kubelet.conf', {
        text: `kind: Config\nusers: []\nclusters: [{name: c, cluster: ${authority}}]\n`,
      })
    const chained = certificate(`${directory}/serving.crt`, 'apiserver')
    const settings = `tlsCertFile: ${directory}/serving.crt\ntlsPrivateKeyFile: ${directory}/serving.key\n`
    const node = (authority: string) =>
      aNode(
        kubelet(settings, ['--kubeconfig=/etc/kubernetes/kubelet.conf']),
        kubeconfig(authority),
        chained,
        privateKey(`${directory}/serving.key`, 'apiserver'),
        certificate(`${directory}/server-ca.crt`, 'ca'),
        certificate(`${directory}/other-ca.crt`, 'etcd/ca'),
      )
    const chain = (authority: string) => verdictOf(node(authority), 'certificates.chains-verify').verdict
    const data = certificate('/x', 'ca').flatMap((item) =>
      item.kind === 'content' && item.state === 'observed' ? [Buffer.from(item.text).toString('base64')] : [],
    )
    expect(chain(`{certificate-authority: ${directory}/server-ca.crt}`)).toBe('pass')
    expect(chain(`{certificate-authority-data: ${data.join('')}}`)).toBe('pass')
    expect(chain(`{certificate-authority: ${directory}/other-ca.crt}`)).toBe('error')
    expect(chain(`{certificate-authority: ${directory}/none.crt}`)).toBe('error')
    expect(chain('[')).toBe('error')
  })
})

const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

describe('certificates that nobody names', () => {
  const old = certificate(`${pki}/old.crt`, 'etcd/peer')
  const later = { atMs: Date.UTC(2030, 0, 1) }
  const server = pod('kube-apiserver', serving)

  it('are named once they ended, however long the others last', () => {
    expect(
      verdictOf(aNode(server, own, old), 'certificates.no-expired-leftovers', { atMs: soon }).verdict,
    ).toBe('pass')
    expect(verdictOf(aNode(server, own, old), 'certificates.no-expired-leftovers', later)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('old.crt'),
    })
  })

  it('are no copies of those that are in use', () => {
    const copy = certificate(`${pki}/copy.pem`, 'apiserver')
    expect(verdictOf(aNode(server, own, copy), 'certificates.no-expired-leftovers', later).verdict).toBe(
      'notApplicable',
    )
  })

  it('are open where they could not be read', () => {
    const gap = [...old, ...denied(`${pki}/old.crt`).filter(({ kind }) => kind === 'content')]
    expect(verdictOf(aNode(server, own, gap), 'certificates.no-expired-leftovers').verdict).toBe('error')
    const broken = certificate(`${pki}/old.crt`, 'etcd/peer', { text: damaged })
    expect(verdictOf(aNode(server, own, broken), 'certificates.no-expired-leftovers').verdict).toBe('error')
    expect(verdictOf(aNode(server, own, denied(pki)), 'certificates.no-expired-leftovers').verdict).toBe(
      'error',
    )
  })

  it('are told from those in use, as far as those can be read', () => {
    const ask = (...parts: readonly Part[]) =>
      verdictOf(aNode(server, own, ...parts, old), 'certificates.no-expired-leftovers', later)
    expect(ask(denied(`${pki}/apiserver.crt`))).toMatchObject({ verdict: 'fail' })
    expect(ask(file(`${pki}/apiserver.crt`, { text: damaged, holds: ['certificate'] }))).toMatchObject({
      verdict: 'fail',
    })
  })

  it('count when they make somebody a master of the system', () => {
    const subject = '/O=system:masters/CN=admin'
    const admin = pair(`${pki}/admin`, { subject, usage: 'clientAuth' })
    const ask = (...parts: readonly Part[]) =>
      verdictOf(aNode(server, kubelet(''), own, ...parts), 'certificates.no-masters-clients')
    expect(ask(admin)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('admin.crt') })
    expect(ask(pair(`${pki}/node`, { subject: '/O=system:nodes/CN=n' })).verdict).toBe('pass')
  })
})

describe('the lifetime of a certificate', () => {
  const server = pod('kube-apiserver', [...serving, `--client-ca-file=${pki}/ca.crt`])
  const cluster = certificate(`${pki}/ca.crt`, 'ca')
  // kubeadm lets what it signs begin with the authority; these were signed in the same minute, on 2026-11-21.
  const written = (changedAt: number) => certificate(`${pki}/apiserver.crt`, 'apiserver', { changedAt })
  const days = (limit: number, changedAt: number, ...parts: readonly Part[]) =>
    verdictOf(aNode(server, cluster, own, written(changedAt), ...parts), 'certificates.lifetime-bounded', {
      parameters: { 'certificate-lifetime-days': limit },
    })
  const month = Date.UTC(2026, 11, 21) / 1000

  it('counts from the day its file was written where it begins with its authority', () => {
    expect(days(336, month).verdict).toBe('pass')
    expect(days(334, month).verdict).toBe('fail')
  })

  it('counts from its own beginning where that file is older', () => {
    expect(days(336, 1)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('365') })
  })

  it('counts from its own beginning where another authority signed it', () => {
    expect(days(336, month, certificate(`${pki}/ca.crt`, 'front-proxy-ca')).verdict).toBe('fail')
  })

  it('of an authority is bounded too', () => {
    const long = openssl.issue({ name: 'century', subject: '/CN=century', days: 36_500 })
    const century = file(`${pki}/ca.crt`, { text: long, holds: ['certificate'] })
    const bounded = (...parts: readonly Part[]) =>
      verdictOf(aNode(server, own, cluster, ...parts), 'certificates.authority-lifetime-bounded')
    expect(bounded().verdict).toBe('pass')
    expect(bounded(century)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('36500') })
    expect(bounded(file(`${pki}/ca.crt`, { text: ca, holds: ['certificate'] })).verdict).toBe('fail')
  })
})
