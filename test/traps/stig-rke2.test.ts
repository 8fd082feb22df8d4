import { describe, expect, it } from 'vitest'
import { aNode, denied, file, folder, type Part, pod, process, unit } from './a-node.ts'
import { answerTo, findingsOf } from './stig-answers.ts'
import { content } from './verdict-of.ts'

const data = '/var/lib/rancher/rke2'
const config = '/etc/rancher/rke2/config.yaml'
const manifests = `${data}/agent/pod-manifests`
const header = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

/** A component as RKE2 starts it. */
function rke2Pod(name: string, ...flags: readonly string[]): Part {
  return pod(name, flags, { directory: manifests })
}

/** A kubelet as RKE2 starts it: settings in a drop-in directory. */
function kubelet(settings: string, ...flags: readonly string[]): Part {
  const dropIns = `${data}/agent/etc/kubelet.conf.d`
  return [
    ...process('kubelet', ['kubelet', '--config=/c.yaml', `--config-dir=${dropIns}`, ...flags]),
    ...file('/c.yaml', { text: header }),
    ...file(`${dropIns}/00-rke2-defaults.conf`, { text: `${header}${settings}` }),
  ]
}

const fragment = '/usr/local/lib/systemd/system/rke2-server.service'

/** The server itself, with its configuration. */
function server(text: string, role = 'server'): Part {
  const name = `rke2-${role}.service`
  const properties = {
    LoadState: 'loaded',
    ActiveState: 'active',
    UnitFileState: 'enabled',
    FragmentPath: fragment,
  }
  return [
    { kind: 'unit', id: `unit:${name}`, name, state: 'observed', properties },
    ...file(fragment, { text: `[Service]\nExecStart=/usr/local/bin/rke2 ${role}\n` }),
    ...process('rke2', [`/usr/local/bin/rke2 ${role}`], {
      cgroup: `0::/system.slice/${name}`,
      release: 'rke2 version v1.33.4+rke2r1',
    }),
    ...file(config, { text }),
  ]
}

/** What a hardened server has on its disk. */
const files: Part = [
  ...folder(data),
  ...folder(`${data}/agent`),
  ...file(`${data}/agent/kubelet.kubeconfig`, { mode: 0o640 }),
  ...file(`${data}/agent/client-kubelet.crt`),
  ...file(`${data}/agent/client-kubelet.key`),
  ...folder(manifests, { mode: 0o700 }),
  ...folder(`${data}/agent/etc`, { mode: 0o700 }),
  ...folder(`${data}/bin`),
  ...file(`${data}/bin/kubelet`, { mode: 0o750 }),
  ...folder(`${data}/data`, { mode: 0o750 }),
  ...folder(`${data}/server`),
  ...folder(`${data}/server/cred`, { mode: 0o700 }),
  ...folder(`${data}/server/db`, { mode: 0o700 }),
  ...folder(`${data}/server/db/etcd`, { mode: 0o700, owner: 'etcd:etcd' }),
  ...folder(`${data}/server/tls`, { mode: 0o700 }),
  ...folder(`${data}/server/manifests`, { mode: 0o750 }),
  ...folder(`${data}/server/logs`, { mode: 0o750 }),
  ...file(`${data}/server/token`),
  ...file('/etc/rancher/rke2/rke2.yaml'),
]

const hardened = 'profile: cis\nwrite-kubeconfig-mode: "0600"\n'

function failing(...parts: readonly Part[]): readonly (string | undefined)[] {
  const findings = findingsOf(aNode(...parts), 'V-254564')
  return findings
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ check, verdict }) => `${check} ${verdict}`)
}

describe('V-254564, files of RKE2', () => {
  it('are as asked for on a hardened server; the data of etcd may be the etcd account’s', () => {
    expect(failing(server(hardened), files)).toEqual([])
  })

  it.each([
    ['agent-kubeconfig-mode', file(`${data}/agent/rke2controller.kubeconfig`, { mode: 0o644 })],
    ['agent-certificate-mode', file(`${data}/agent/server-ca.crt`, { mode: 0o644 })],
    ['agent-directory-mode', folder(`${data}/agent/etc`, { mode: 0o755 })],
    ['program-mode', file(`${data}/bin/containerd`, { mode: 0o755 })],
    ['program-directory-mode', folder(`${data}/data`, { mode: 0o755 })],
    ['server-private-mode', folder(`${data}/server/tls`, { mode: 0o755 })],
    ['server-directory-mode', folder(`${data}/server/logs`, { mode: 0o755 })],
    ['server-token-mode', file(`${data}/server/token`, { mode: 0o640 })],
    ['configuration-mode', file('/etc/rancher/rke2/registries.yaml', { mode: 0o644 })],
    ['configuration-owner', file('/etc/rancher/rke2/registries.yaml', { owner: 'kube:root' })],
    ['data-owner', folder(`${data}/agent`, { owner: 'kube:kube' })],
  ] as const)('rke2.%s', (check, part) => {
    expect(failing(server(hardened), files, part)).toEqual([`rke2.${check} fail`])
  })

  it('do not take what lies deeper for what lies in a directory, where its whole tree was listed', () => {
    const entries = [`${data}/agent`, `${data}/server`, `${data}/server/db`, `${data}/server/db/etcd`]
    const tree: Part = [
      { kind: 'directory', id: `directory:${data}`, path: data, state: 'observed', entries },
    ]
    expect(failing(server(hardened), files, tree)).toEqual([])
  })

  it('look into the drop-in directory of the configuration', () => {
    const part = file('/etc/rancher/rke2/config.yaml.d/10.yaml', { mode: 0o644, text: 'selinux: true\n' })
    expect(failing(server(hardened), files, part)).toEqual(['rke2.configuration-mode fail'])
  })

  it('are not asked for on an agent where only a server has them', () => {
    const worker = files.filter((item) => !('path' in item) || !item.path.includes('/server'))
    expect(failing(server('', 'agent'), worker)).toEqual([
      'rke2.kubeconfig-mode-set notApplicable',
      'rke2.server-directory-mode notApplicable',
      'rke2.server-private-mode notApplicable',
      'rke2.server-token-mode notApplicable',
    ])
  })

  it('are errors where the account may not look, and where the data is kept elsewhere', () => {
    expect(failing(server(hardened), files, denied(`${data}/bin`))).toContain('rke2.program-mode error')
    expect(failing(server(`${hardened}data-dir: /srv/rke2\n`), files)).toContain('rke2.program-mode error')
  })

  it('do not last without write-kubeconfig-mode: the file is written anew at each start', () => {
    expect(failing(server('profile: cis\n'), files)).toEqual(['rke2.kubeconfig-mode-set fail'])
    expect(failing(server('profile: cis\nwrite-kubeconfig-mode: "0644"\n'), files)).toEqual([
      'rke2.kubeconfig-mode-set fail',
    ])
  })

  it('do not apply where RKE2 is not', () => {
    expect(answerTo(aNode(unit('kubelet')), 'V-254564')).toBe('notApplicable')
  })
})

describe('kubelet rules', () => {
  it('are met by the drop-in of current releases: reading the arguments alone finds nothing', () => {
    const node = aNode(
      server(''),
      kubelet('authentication: { anonymous: { enabled: false } }\nauthorization: { mode: Webhook }\n'),
    )
    expect(answerTo(node, 'V-254557')).toBe('pass')
    expect(answerTo(node, 'V-254561')).toBe('pass')
  })

  it('are met by flags as well: this STIG writes them that way', () => {
    const node = aNode(server(''), kubelet('', '--anonymous-auth=false', '--protect-kernel-defaults=true'))
    expect(answerTo(node, 'V-254557')).toBe('pass')
    expect(answerTo(node, 'V-254569')).toBe('pass')
  })

  it('ask for five minutes of idle time, neither more nor less (V-254568)', () => {
    const idle = (time: string) =>
      aNode(server(''), kubelet('', `--streaming-connection-idle-timeout=${time}`))
    expect(answerTo(idle('5m'), 'V-254568')).toBe('pass')
    expect(answerTo(idle('300s'), 'V-254568')).toBe('pass')
    for (const time of ['0', '1m', '4h']) expect(answerTo(idle(time), 'V-254568')).toBe('fail')
    expect(answerTo(aNode(server(''), kubelet('')), 'V-254568')).toBe('fail')
  })
})

describe('V-254553, TLS', () => {
  const ecdsa = ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256']
  const rsa = ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256']
  const chacha = ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305']
  const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
  const node = (list: readonly string[], told: readonly string[] = components) =>
    aNode(
      ...components.map((name) =>
        told.includes(name)
          ? rke2Pod(name, '--tls-min-version=VersionTLS12', `--tls-cipher-suites=${list.join(',')}`)
          : rke2Pod(name),
      ),
    )

  it('does not care for the order of the list', () => {
    expect(answerTo(node([...ecdsa, ...rsa, ...chacha]), 'V-254553')).toBe('pass')
    expect(answerTo(node([...chacha, ...rsa, ...ecdsa].toReversed()), 'V-254553')).toBe('pass')
  })

  it('takes the six suites and the ECDSA ones alone, and no CBC, which an early text listed', () => {
    expect(answerTo(node(ecdsa), 'V-254553')).toBe('pass')
    expect(answerTo(node(rsa), 'V-254553')).toBe('fail')
    expect(answerTo(node([...ecdsa, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA']), 'V-254553')).toBe('fail')
  })

  it('is a finding where only the API server is told', () => {
    expect(answerTo(node([...ecdsa, ...rsa], ['kube-apiserver']), 'V-254553')).toBe('fail')
  })
})

describe('V-254555, profile and audit', () => {
  const policy = '/etc/rancher/rke2/audit-policy.yaml'
  const text =
    'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- {level: Metadata, resources: [{group: "", resources: [secrets]}]}\n- {level: RequestResponse, resources: [{group: "", resources: ["*"]}]}\n'
  const api = (...flags: readonly string[]): Part =>
    pod(
      'kube-apiserver',
      [`--audit-policy-file=${policy}`, '--audit-log-path=/var/log/kubernetes/a.log', ...flags],
      {
        directory: manifests,
      },
    )
  const shared: Part = file(policy, { text })
  const missing = (...parts: readonly Part[]): readonly (string | undefined)[] =>
    findingsOf(aNode(...parts), 'V-254555')
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ check, verdict }) => `${check} ${verdict}`)
  const uncontained = (part: Part): Part =>
    part.map((item) =>
      item.kind === 'process' && item.state === 'observed' ? { ...item, contained: false } : item,
    )

  it('wants an audit mode that the profile does not set', () => {
    const node = [server('profile: cis\n'), uncontained(api()), shared] as const
    expect(missing(...node)).toEqual(['kube-apiserver.audit-log-mode-strict fail'])
    const strict = uncontained(api('--audit-log-mode=blocking-strict'))
    expect(missing(server('profile: cis\n'), strict, shared)).toEqual([])
  })

  it('does not take the profile for etcd alone', () => {
    const strict = uncontained(api('--audit-log-mode=blocking-strict'))
    expect(missing(server('profile: etcd\n'), strict, shared)).toEqual(['rke2.cis-profile-on fail'])
    expect(missing(server(''), strict, shared)).toEqual(['rke2.cis-profile-on fail'])
  })
})

describe('V-254571, pod security', () => {
  const security = '/etc/rancher/rke2/rke2-pss.yaml'
  const node = (defaults: string) =>
    aNode(
      process('kube-apiserver', ['kube-apiserver', `--admission-control-config-file=${security}`]),
      file(security, {
        text: `apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n- name: PodSecurity\n  configuration:\n    apiVersion: pod-security.admission.config.k8s.io/v1\n    kind: PodSecurityConfiguration\n    defaults: ${defaults}\n`,
      }),
    )

  it('wants the newest restricted standard in every mode', () => {
    const latest = 'enforce-version: latest, audit-version: latest, warn-version: latest'
    expect(
      answerTo(node(`{ enforce: restricted, audit: restricted, warn: restricted, ${latest} }`), 'V-254571'),
    ).toBe('pass')
    expect(answerTo(node('{ enforce: restricted, audit: restricted, warn: restricted }'), 'V-254571')).toBe(
      'pass',
    )
    expect(answerTo(node('{ enforce: privileged, audit: restricted, warn: restricted }'), 'V-254571')).toBe(
      'fail',
    )
    expect(
      answerTo(
        node('{ enforce: restricted, enforce-version: v1.25, audit: restricted, warn: restricted }'),
        'V-254571',
      ),
    ).toBe('fail')
  })
})

describe('the RKE2 STIG', () => {
  it('has the 21 rules that are left, four of them CAT I', () => {
    const stig = content.benchmarks.find(({ id }) => id === 'stig-rke2')
    const ids = stig?.controls.map(({ id }) => id) ?? []
    expect(ids).toHaveLength(21)
    for (const gone of ['V-254558', 'V-254560', 'V-254573']) expect(ids).not.toContain(gone)
    expect(stig?.controls.filter(({ severity }) => severity === 'high')).toHaveLength(4)
  })
})
