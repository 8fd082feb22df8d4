import { afterAll, describe, expect, it } from 'vitest'
import { adminPaths } from '../../../src/facts/certificates/admin-paths.ts'
import { describeCertificate, parseCertificate } from '../../../src/facts/certificates/certificate.ts'
import { readKubeconfig } from '../../../src/facts/certificates/kubeconfig.ts'
import { certificateRecord } from '../../../src/facts/certificates/record.ts'
import { certificateRecords } from '../../../src/facts/certificates/records.ts'
import { requiredNames } from '../../../src/facts/certificates/required-names.ts'
import { signatureAlgorithm } from '../../../src/facts/certificates/signature-algorithm.ts'
import { trustedBySetting } from '../../../src/facts/certificates/trust.ts'
import { certificates } from '../../../src/facts/certificates.ts'
import type { NodeContext } from '../../../src/facts/fact-kind.ts'
import { pkiFilesInUse } from '../../../src/facts/files/pki-in-use.ts'
import { unusedCertificates } from '../../../src/facts/unused-certificates.ts'
import { absent, type Evidence, noSource, observed, unavailable } from '../../../src/model/evidence.ts'
import { content, nodeWith, plain } from '../../support/settings-node.ts'
import { atMs, certificateText, denied, kubeadmNode, withFlags } from '../files/kubeadm-node.ts'
import { opensslPki } from './openssl.ts'

const pki = '/etc/kubernetes/pki'
const openssl = opensslPki()
const moment = { atMs, renewalOf: () => ({ by: 'manual', state: absent(noSource) }) as const }
afterAll(() => openssl.remove())

/** The same certificate with dates no calendar knows. */
function withoutDates(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^\n]*-----|\s/g, ''), 'base64')
  for (let at = der.indexOf('170d', 0, 'hex'); at >= 0; at = der.indexOf('170d', at + 15, 'hex'))
    der.write('99', at + 4, 'latin1')
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`
}

function parsed(pem: string) {
  const certificate = parseCertificate(pem)
  if (certificate === undefined) throw new Error('does not parse')
  return certificate
}

const about = (pem: string, uses = []) => ({
  path: '/c.crt',
  position: 1,
  certificate: parsed(pem),
  others: [],
  uses,
  source: noSource,
})

const kubeconfig = (user: object, cluster: object = {}): string =>
  JSON.stringify({ kind: 'Config', users: [{ name: 'u', user }], clusters: [{ name: 'c', cluster }] })

const entries = (node: NodeContext, more: object = {}): readonly Record<string, unknown>[] =>
  (plain(certificates.derive({ fact: 'certificates', ...more }, node)) ?? []) as never

describe('a certificate', () => {
  it('whose dates cannot be read is unavailable, and no reason to take anybody for an administrator', () => {
    const pem = withoutDates(certificateText('apiserver'))
    expect(describeCertificate(parsed(pem))).toBeUndefined()
    expect(certificateRecord(about(pem), moment)).toMatchObject({
      kind: 'unavailable',
      detail: '/c.crt: dates cannot be read',
    })
    const data = Buffer.from(pem).toString('base64')
    const node = kubeadmNode([content('/root/me.conf', kubeconfig({ 'client-certificate-data': data }))])
    expect(adminPaths(node.view)).not.toContain('/root/me.conf')
  })

  it('that nobody names is unavailable too when its dates cannot be read', () => {
    const path = `${pki}/etcd/healthcheck-client.crt`
    const node = kubeadmNode([content(path, withoutDates(certificateText('apiserver')))])
    expect(unusedCertificates.derive({ fact: 'unused-certificates' }, node)).toMatchObject({
      kind: 'observed',
      fact: [{ kind: 'unavailable', detail: `${path}: dates cannot be read` }],
    })
  })

  it('without a common name, on a curve of unknown size, says what it knows', () => {
    const pem = openssl.issue({
      name: 'odd',
      subject: '/O=people',
      key: ['ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'],
    })
    expect(plain(certificateRecord(about(pem), moment))).toMatchObject({
      'common-name': undefined,
      organizations: ['people'],
      'key-algorithm': 'ec',
      'key-bits': { unavailable: 'unparsable' },
      'key-matches': undefined,
      'chain-verifies': undefined,
    })
  })

  it('without a name has an empty one', () => {
    const pem = openssl.issue({ name: 'nameless', subject: '/' })
    expect(plain(certificateRecord(about(pem), moment))).toMatchObject({
      subject: '',
      issuer: '',
      organizations: [],
    })
  })

  it('cannot smuggle a group into its name', () => {
    const pem = openssl.issue({ name: 'sly', subject: '/CN=me\nO=system:masters/O=a \\+ O=b' })
    expect(plain(certificateRecord(about(pem), moment))).toMatchObject({
      'common-name': 'me\nO=system:masters',
      organizations: ['a + O=b'],
    })
  })

  it('may have several groups in one part of its name', () => {
    const pem = openssl.issue({ name: 'many', subject: '/O=a+O=b/O=c/CN=x' })
    expect(plain(certificateRecord(about(pem), moment))).toMatchObject({
      'common-name': 'x',
      organizations: ['a', 'b', 'c'],
    })
  })

  it.each([
    ['no bytes', ''],
    ['one byte', '30'],
    ['an algorithm that is no identifier', '30083000 3002 0500 0000'],
    ['an identifier longer than the bytes', '30083000 3004 0609 2a'],
  ])('made of %s has no signature algorithm', (_, hex) => {
    expect(signatureAlgorithm(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toBeUndefined()
  })

  it('has an algorithm nobody named by its number', () => {
    expect(signatureAlgorithm(Buffer.from('3008300030040602 2a03'.replace(' ', ''), 'hex'))).toBe('1.2.3')
  })

  it('in a file that is not there has no record', () => {
    const use = { usedBy: 'x', purpose: 'client', trustedBy: [], likely: [] } as const
    const one = { component: 'x', path: '/c', stored: 'file', text: absent(noSource), use } as const
    expect(certificateRecords([one], moment)).toEqual([])
  })

  it('fits or not, as long as nobody can tell whether it is shown as a client too', () => {
    const use = { usedBy: 'x', purpose: 'serving', trustedBy: [], likely: [] } as const
    const record = (alsoClient: Evidence<boolean>) =>
      plain(
        certificateRecord({ ...about(certificateText('apiserver')), uses: [{ ...use, alsoClient }] }, moment),
      )
    expect(record(unavailable('not-collected', noSource))).toMatchObject({
      'fits-use': { unavailable: 'not-collected' },
      misfit: { unavailable: 'not-collected' },
    })
    expect(record(absent(noSource))).toMatchObject({ 'fits-use': true, misfit: undefined })
  })

  it('has names to stand for that are not known where the component is not', () => {
    const blind = nodeWith([
      { kind: 'processes', id: 'processes', state: 'unavailable', reason: 'permission-denied' },
    ])
    expect(requiredNames(blind, { component: 'etcd', setting: 'cert-file' })).toMatchObject([
      { kind: 'unavailable' },
    ])
  })

  it('with a key that does not exist contradicts itself', () => {
    const use = { usedBy: 'x', purpose: 'ca', key: absent(noSource), trustedBy: [], likely: [] } as const
    const record = certificateRecord({ ...about(certificateText('ca')), uses: [use] }, moment)
    expect(record).toMatchObject({
      fact: { 'key-matches': { reason: 'ambiguous', detail: 'its key does not exist' } },
    })
  })
})

describe('a kubeconfig', () => {
  it('may name no authority', () => {
    const text = observed(kubeconfig({ 'client-certificate': 'c.crt' }), noSource)
    expect(readKubeconfig(text, '/d/k.conf')).toMatchObject({
      fact: { users: [{ certificate: { path: '/d/c.crt' } }], authorities: [] },
    })
  })

  const path = '/etc/kubernetes/controller-manager.conf'
  const inside = '/proc/102/root/data/c.crt'
  const user = { 'client-certificate': '/data/c.crt' }

  it('that names files inside a container means no file of the node', () => {
    const node = kubeadmNode([content(path, kubeconfig(user))])
    const ofManager = entries(node, { of: 'kube-controller-manager', purposes: 'client' })
    expect(ofManager.map((one) => one['path'])).not.toContain('/data/c.crt')
    expect(pkiFilesInUse(node).some((one) => one.kind === 'absent')).toBe(true)
  })

  it('that names files behind a link in the container, which root does not follow, leaves a gap', () => {
    const node = kubeadmNode([content(path, kubeconfig(user)), denied('file', inside)])
    expect(entries(node, { of: 'kube-controller-manager' })).toContainEqual({
      unavailable: 'ambiguous',
    })
  })

  it('cut off with the collection is not taken for one inside the container', () => {
    const base = kubeadmNode([content(path, kubeconfig(user))])
    const view = { ...base.view, evidence: { ...base.view.evidence, end: 'disconnected' as const } }
    expect(entries({ ...base, view }, { of: 'kube-controller-manager' })).toContainEqual({
      unavailable: 'not-collected',
    })
  })
})

describe('certificates in use', () => {
  it('are not known where no component is described', () => {
    const node = { ...kubeadmNode(), components: new Map() }
    expect(entries(node, { of: 'kube-apiserver' })).toEqual([{ unavailable: 'not-collected' }])
    expect(pkiFilesInUse(node)).toEqual([])
  })

  it('of the kubelet are unknown when it cannot be told whether it rotates them', () => {
    const node = kubeadmNode([denied('content', '/var/lib/kubelet/config.yaml')])
    expect(entries(node, { of: 'kubelet' })).toContainEqual({ unavailable: 'permission-denied' })
  })

  it('of the kubelet are not guessed when only the rotation is not known', () => {
    const base = kubeadmNode()
    const directory = observed('/var/lib/kubelet/pki', noSource)
    const values = {
      'tls-cert-file': absent(noSource),
      'cert-dir': directory,
      'rotate-server-certificates': unavailable('not-text', noSource),
    }
    const known = new Map<string, unknown>([['effective-settings kubelet', observed({ values }, noSource)]])
    const memo = (key: string, make: () => unknown) => {
      if (!known.has(key)) known.set(key, make())
      return known.get(key) as never
    }
    expect(entries({ ...base, memo }, { of: 'kubelet' })).toContainEqual({ unavailable: 'not-text' })
  })

  it('in a kubeconfig have no key that was told when none was derived', () => {
    const path = '/etc/kubernetes/kubelet.conf#system:node:cp-1'
    const node = kubeadmNode([{ kind: 'key', id: `key:${path}`, path, state: 'absent' }])
    const found = entries(node, { of: 'kubelet', stored: 'embedded', purposes: 'client' })
    expect(found).toMatchObject([{ 'key-matches': { unavailable: 'not-collected' } }])
  })

  it('for names of their own need a key', () => {
    const file = `${pki}/front-proxy-client.crt`
    const node = kubeadmNode(withFlags('kube-apiserver', [`--tls-sni-cert-key=${file}`]))
    const found = entries(node, { purposes: 'serving' }).find((one) => one['path'] === file)
    expect(found).toMatchObject({ 'key-matches': { unavailable: 'ambiguous' } })
  })

  it('are not trusted by a setting that names several files', () => {
    const flags = [`--service-account-key-file=${pki}/ca.crt`]
    const node = kubeadmNode(withFlags('kube-apiserver', flags))
    const ref = { component: 'kube-apiserver', setting: 'service-account-key-file' }
    expect(trustedBySetting(node, ref)).toMatchObject({ kind: 'unavailable', reason: 'ambiguous' })
  })
})
