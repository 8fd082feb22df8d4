import { describe, expect, it } from 'vitest'
import { type K3s, k3s, said, tls } from '../facts/rancher/k3s-node.ts'
import { unit } from '../support/settings-node.ts'
import { aNode, certificate, denied, file, type Part, privateKey } from './a-node.ts'
import { soon, verdictOf } from './verdict-of.ts'

const data = '/var/lib/rancher/k3s'
const issued = Date.UTC(2026, 10, 21)
const expiry = Date.UTC(2027, 10, 21)
const day = 86_400_000

function kubeconfig(path: string, name: string): Part {
  const user = `{client-certificate: ${name}.crt, client-key: ${name}.key}`
  const cluster = `{server: "https://127.0.0.1:6444", certificate-authority: ${data}/agent/server-ca.crt}`
  return file(path, {
    text: `kind: Config\nusers: [{name: u, user: ${user}}]\nclusters: [{name: c, cluster: ${cluster}}]\n`,
  })
}

const pairs: { readonly [path: string]: string } = {
  [`${tls}/serving-kube-apiserver`]: 'apiserver',
  [`${tls}/client-kube-apiserver`]: 'apiserver-kubelet-client',
  [`${tls}/client-controller`]: 'apiserver-kubelet-client',
  [`${tls}/client-scheduler`]: 'apiserver-kubelet-client',
  [`${tls}/kube-scheduler/kube-scheduler`]: 'apiserver',
  [`${tls}/client-auth-proxy`]: 'front-proxy-client',
  [`${tls}/kube-controller-manager/kube-controller-manager`]: 'apiserver',
  [`${data}/agent/serving-kubelet`]: 'apiserver',
  [`${data}/agent/client-kubelet`]: 'apiserver-kubelet-client',
}

const disk: Part = [
  ...Object.entries(pairs).flatMap(([path, name]) => [
    ...certificate(`${path}.crt`, name),
    ...privateKey(`${path}.key`, name),
  ]),
  ...['client-ca', 'server-ca', 'client-ca.nochain', 'server-ca.nochain'].flatMap((name) => [
    ...certificate(`${tls}/${name}.crt`, 'ca'),
    ...privateKey(`${tls}/${name.replace('.nochain', '')}.key`, 'ca'),
  ]),
  ...certificate(`${tls}/request-header-ca.crt`, 'front-proxy-ca'),
  ...[`${data}/agent/client-ca.crt`, `${data}/agent/server-ca.crt`].flatMap((path) =>
    certificate(path, 'ca'),
  ),
  ...privateKey(`${tls}/service.key`, 'front-proxy-client'),
  ...certificate(`${tls}/client-admin.crt`, 'apiserver-kubelet-client'),
  ...privateKey(`${tls}/client-admin.key`, 'apiserver-kubelet-client'),
  ...kubeconfig(`${data}/server/cred/controller.kubeconfig`, `${tls}/client-controller`),
  ...kubeconfig(`${data}/server/cred/scheduler.kubeconfig`, `${tls}/client-scheduler`),
  ...kubeconfig(`${data}/agent/kubeproxy.kubeconfig`, `${data}/agent/client-kubelet`),
  ...kubeconfig(`${data}/agent/kubelet.kubeconfig`, `${data}/agent/client-kubelet`),
]

/** A server whose journal no longer holds what K3s said at its start. */
function rotated(about: K3s = {}, ...parts: readonly Part[]) {
  return aNode(disk, k3s({ lines: [], version: 'k3s version v1.34.1+k3s1 (24fc436e)', ...about }), ...parts)
}

describe('certificates of a K3s server whose log is gone', () => {
  it.each([
    `${tls}/serving-kube-apiserver.crt`,
    `${data}/agent/client-kubelet.crt`,
    `${tls}/client-admin.crt`,
  ])('are where K3s keeps them: %s', (path) => {
    const expired = verdictOf(rotated(), 'certificates.valid-now', { atMs: Date.UTC(2030, 0, 1) })
    expect(expired).toMatchObject({
      verdict: 'fail',
      provenance: expect.arrayContaining([expect.objectContaining({ at: path })]),
    })
  })

  it('are judged though no argument names them', () => {
    for (const check of ['keys-match', 'chains-verify', 'fit-use', 'days-left-enough', 'valid-now'])
      expect(verdictOf(rotated(), `certificates.${check}`)).toMatchObject({ verdict: 'pass' })
  })

  it.each([
    ['is another’s', privateKey(`${tls}/client-admin.key`, 'front-proxy-client'), 'fail'],
    [
      'was not compared',
      [
        {
          kind: 'key',
          id: `key:${tls}/client-admin.key`,
          path: `${tls}/client-admin.key`,
          state: 'unavailable',
          reason: 'tool-missing',
        },
      ],
      'error',
    ],
  ] as const)('do not go with a key of K3s’ own that %s', (_, key, verdict) => {
    expect(verdictOf(rotated({}, key), 'certificates.keys-match').verdict).toBe(verdict)
  })

  it('are where the operator told a component they are', () => {
    const configuration = 'kube-apiserver-arg:\n- profiling=false\n- v\n- --tls-cert-file=/opt/own.crt\n'
    const node = rotated({ configuration }, certificate('/opt/own.crt', 'front-proxy-client'))
    expect(verdictOf(node, 'certificates.fit-use')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('/opt/own.crt'),
    })
  })

  it('are not made up where the operator’s own pairs are not known', () => {
    const configuration = 'kube-apiserver-arg: ["tls-sni-cert-key=/a.crt,/a.key"]\n'
    expect(verdictOf(rotated({ configuration }), 'certificates.valid-now').verdict).toBe('error')
    const both = { configuration, flags: '--kube-apiserver-arg=profiling=false' }
    expect(verdictOf(rotated(both), 'certificates.valid-now').verdict).toBe('error')
    const unread = rotated({}, denied('/etc/rancher/k3s/config.yaml'))
    expect(verdictOf(unread, 'certificates.valid-now').verdict).toBe('error')
  })

  it('are errors where they may not be looked at', () => {
    const node = rotated({}, denied(`${tls}/serving-kube-apiserver.crt`))
    expect(verdictOf(node, 'certificates.valid-now')).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('serving-kube-apiserver.crt'),
    })
  })

  it('are below the directory K3s is told to use', () => {
    const node = rotated(
      { configuration: 'data-dir: /data/k3s\n' },
      certificate('/data/k3s/server/tls/serving-kube-apiserver.crt', 'apiserver', { mode: 0o666 }),
    )
    expect(verdictOf(node, 'pki.certificate-mode')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('/data/k3s/server/tls/serving-kube-apiserver.crt'),
    })
  })

  it('verify tokens with a private key, which is no certificate', () => {
    const bare = file(`${tls}/service.key`, { holds: ['private-key'] })
    expect(verdictOf(rotated({}, bare), 'certificates.valid-now').verdict).toBe('pass')
    expect(verdictOf(rotated(), 'certificates.service-account-keys-strong').verdict).toBe('pass')
  })
})

describe('certificates K3s renews when it starts', () => {
  const at = (daysLeft: number, about: K3s = {}) =>
    verdictOf(rotated({ startedAt: issued / 1000, ...about }), 'certificates.restart-not-due', {
      atMs: expiry - daysLeft * day,
    })

  it('need no restart before their time', () => {
    expect(at(130).verdict).toBe('pass')
  })

  it('need one 120 days before their end, when K3s has run since before', () => {
    expect(at(119)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('at-restart') })
  })

  it('need one 90 days before their end in earlier releases', () => {
    const version = 'k3s version v1.32.4+k3s1 (24fc436e)'
    expect(at(119, { version }).verdict).toBe('pass')
    expect(at(89, { version })).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('at-restart'),
    })
  })

  it('were not renewed when K3s was started since and they are still the old ones', () => {
    const startedAt = (expiry - 100 * day) / 1000
    expect(at(50, { startedAt })).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('overdue'),
    })
  })

  it('are open when the release or the start is not known and decides', () => {
    const line = [said('Running kube-proxy --cluster-cidr=10.42.0.0/16')]
    const unknown = { version: undefined, lines: line } as unknown as K3s
    expect(at(130, unknown).verdict).toBe('pass')
    expect(at(100, unknown)).toMatchObject({ verdict: 'error' })
    expect(at(80, unknown)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('at-restart') })
    const logged = { version: undefined, lines: [said('Starting k3s v1.34.1+k3s1 (x)')] } as unknown as K3s
    expect(at(100, logged)).toMatchObject({ verdict: 'fail' })
    expect(at(50, { startedAt: null })).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('when k3s was started'),
    })
  })

  it('are renewed at the next start while it does not run', () => {
    const stopped = unit('k3s.service', {
      ActiveState: 'inactive',
      UnitFileState: 'enabled',
      FragmentPath: '/etc/systemd/system/k3s.service',
    })
    const node = aNode(disk, k3s().slice(1), [stopped])
    const late = { atMs: expiry - 80 * day }
    expect(verdictOf(node, 'certificates.restart-not-due', late)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('at-restart'),
    })
  })

  it('are open where the process was not seen', () => {
    const node = aNode(disk, k3s().slice(1))
    const late = { atMs: expiry - 80 * day }
    expect(verdictOf(node, 'certificates.restart-not-due', late).verdict).toBe('error')
  })

  it('do not include its authorities, which nothing renews', () => {
    const atMs = Date.UTC(2036, 10, 1)
    const { reason } = verdictOf(rotated(), 'certificates.restart-not-due', { atMs })
    expect(reason).not.toContain('client-ca.crt')
    expect(verdictOf(rotated(), 'certificates.ca-days-left-enough', { atMs })).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('client-ca.crt'),
    })
  })

  it('are nobody else’s', () => {
    expect(verdictOf(aNode(disk), 'certificates.restart-not-due', { atMs: soon }).verdict).toBe(
      'notApplicable',
    )
  })
})
