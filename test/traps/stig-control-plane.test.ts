import { describe, expect, it } from 'vitest'
import { aNode, denied, file, folder, type Part, pod, unit } from './a-node.ts'
import { answerTo, findingsOf } from './stig-answers.ts'
import { content, verdictOf } from './verdict-of.ts'

const suites = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
]

function api(...flags: readonly string[]) {
  return aNode(pod('kube-apiserver', flags))
}

describe('values that are right by default', () => {
  it.each([
    ['V-242376', 'kube-controller-manager', '--tls-min-version=VersionTLS12'],
    ['V-242377', 'kube-scheduler', '--tls-min-version=VersionTLS13'],
    ['V-242378', 'kube-apiserver', '--tls-min-version=VersionTLS12'],
    ['V-242379', 'etcd', '--auto-tls=false'],
    ['V-242380', 'etcd', '--peer-auto-tls=false'],
    ['V-242389', 'kube-apiserver', '--secure-port=6443'],
    ['V-242438', 'kube-apiserver', '--request-timeout=300s'],
  ] as const)('%s wants written down', (rule, component, flag) => {
    expect(answerTo(aNode(pod(component)), rule)).toBe('fail')
    expect(answerTo(aNode(pod(component, [flag])), rule)).toBe('pass')
  })

  it.each([
    ['V-242462', 'maxsize', 100],
    ['V-242463', 'maxbackup', 10],
    ['V-242464', 'maxage', 30],
  ] as const)('%s wants written down, although 1.36 keeps enough unasked', (rule, what, enough) => {
    const log = '--audit-log-path=/var/log/kubernetes/audit.log'
    const late = aNode(pod('kube-apiserver', [log], { release: 'Kubernetes v1.36.2' }))
    expect(answerTo(late, rule)).toBe('fail')
    expect(answerTo(api(log, `--audit-log-${what}=${enough}`), rule)).toBe('pass')
    expect(answerTo(api(log, `--audit-log-${what}=${enough - 1}`), rule)).toBe('fail')
    expect(answerTo(api(`--audit-log-${what}=${enough}`), rule)).toBe('fail')
  })

  it('count as written down in the environment and in the configuration file of etcd', () => {
    expect(answerTo(aNode(unit('etcd', [], { env: { ETCD_AUTO_TLS: 'false' } })), 'V-242379')).toBe('pass')
    const conf = '/etc/etcd/etcd.conf.yml'
    const text = 'client-transport-security: { auto-tls: false }\n'
    expect(answerTo(aNode(unit('etcd', [`--config-file=${conf}`]), file(conf, { text })), 'V-242379')).toBe(
      'pass',
    )
    const ignored = aNode(
      unit('etcd', [`--config-file=${conf}`, '--auto-tls=false']),
      file(conf, { text: 'name: a\n' }),
    )
    expect(answerTo(ignored, 'V-242379')).toBe('fail')
  })

  it('need not be, for plugins that are on by default (V-242436)', () => {
    expect(answerTo(api(), 'V-242436')).toBe('pass')
    expect(answerTo(api('--disable-admission-plugins=ValidatingAdmissionWebhook'), 'V-242436')).toBe('fail')
  })

  it('are a finding for anonymous requests, which are on by default (V-242390)', () => {
    expect(answerTo(api('--authorization-mode=Node,RBAC'), 'V-242390')).toBe('fail')
    expect(answerTo(api('--anonymous-auth=false'), 'V-242390')).toBe('pass')
  })
})

describe('V-242438, the request timeout', () => {
  it('is not met by zero, which is no limit', () => {
    expect(answerTo(api('--request-timeout=0'), 'V-242438')).toBe('fail')
  })
})

describe('V-242418, cipher suites', () => {
  it.each([
    ['the four suites', suites, 'pass'],
    ['in another order', suites.toReversed(), 'pass'],
    ['one of them missing', suites.slice(1), 'fail'],
    ['a suite without forward secrecy beside them', [...suites, 'TLS_RSA_WITH_AES_128_GCM_SHA256'], 'fail'],
    ['a suite that is not FIPS approved', [...suites, 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'], 'fail'],
    ['a suite whose name only begins alike', [...suites.slice(1), `${suites[0]}X`], 'fail'],
  ] as const)('%s: %s', (_, list, verdict) => {
    expect(answerTo(api(`--tls-cipher-suites=${list.join(',')}`), 'V-242418')).toBe(verdict)
  })

  it('is not met by TLS 1.3 alone, which CIS takes', () => {
    const node = api('--tls-min-version=VersionTLS13')
    expect(verdictOf(node, 'kube-apiserver.cipher-suites-strong').verdict).toBe('pass')
    expect(answerTo(node, 'V-242418')).toBe('fail')
  })
})

describe('V-242403, the audit policy', () => {
  const policy = '/etc/kubernetes/audit-policy.yaml'
  const audited = (rules: string): ReturnType<typeof aNode> =>
    aNode(
      pod('kube-apiserver', [`--audit-policy-file=${policy}`, '--audit-log-path=/var/log/kubernetes/a.log']),
      file(policy, { text: `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules}` }),
    )
  const sensitive =
    '- {level: Metadata, resources: [{group: "", resources: [secrets, configmaps]}, {group: authentication.k8s.io, resources: [tokenreviews]}]}\n'

  it('contradicts CIS 3.2.2: no policy meets both', () => {
    const full = audited('- level: RequestResponse\n')
    expect(answerTo(full, 'V-242403')).toBe('pass')
    expect(verdictOf(full, 'kube-apiserver.audit-policy-covers-sensitive').verdict).toBe('fail')
    const cis = audited(`${sensitive}- level: RequestResponse\n`)
    expect(answerTo(cis, 'V-242403')).toBe('fail')
    expect(verdictOf(cis, 'kube-apiserver.audit-policy-covers-sensitive').verdict).toBe('pass')
  })

  it('is not met by a full level behind a rule that drops something', () => {
    const node = audited('- {level: None, users: ["system:kube-proxy"]}\n- level: RequestResponse\n')
    expect(answerTo(node, 'V-242403')).toBe('fail')
    const secrets = audited(
      '- {level: None, verbs: [get], resources: [{group: "", resources: [secrets]}]}\n- level: RequestResponse\n',
    )
    expect(answerTo(secrets, 'V-242403')).toBe('fail')
  })

  it('is a finding without a policy, and an error when it may not be read', () => {
    expect(answerTo(api(), 'V-242403')).toBe('fail')
    const unread = aNode(
      pod('kube-apiserver', [`--audit-policy-file=${policy}`, '--audit-log-path=/a.log']),
      denied(policy),
    )
    expect(answerTo(unread, 'V-242403')).toBe('error')
  })
})

describe('V-242400, alpha features of the API server', () => {
  it.each([
    ['every API group', '--runtime-config=api/all=true', 'fail'],
    ['every API group, without a value', '--runtime-config=api/all', 'fail'],
    ['every alpha API', '--runtime-config=batch/v2alpha1=false,api/alpha=true', 'fail'],
    ['alpha APIs switched off', '--runtime-config=api/alpha=false', 'pass'],
    ['all beta features', '--feature-gates=AllBeta=true', 'pass'],
    ['all alpha features', '--feature-gates=AllAlpha=TRUE', 'fail'],
  ] as const)('%s', (_, flag, verdict) => {
    expect(answerTo(api(flag), 'V-242400')).toBe(verdict)
  })
})

describe('rules about what Kubernetes no longer has', () => {
  it('pass by construction where a flag is gone (V-245542)', () => {
    expect(answerTo(api(), 'V-245542')).toBe('pass')
  })

  it('do not apply to a gate that would keep a new release from starting (V-254801)', () => {
    expect(answerTo(api(), 'V-254801')).toBe('notApplicable')
    const at = (flags: readonly string[]) =>
      aNode(pod('kube-apiserver', flags, { release: 'Kubernetes v1.25.9' }))
    expect(answerTo(at([]), 'V-254801')).toBe('pass')
    expect(answerTo(at(['--feature-gates=PodSecurity=F']), 'V-254801')).toBe('fail')
  })

  it('do not apply to policies that are gone (V-242437), whose place V-254800 takes', () => {
    expect(findingsOf(api(), 'V-242437')).toMatchObject([{ verdict: 'notApplicable', severity: 'high' }])
  })

  it('are not in the edition once the STIG dropped them', () => {
    const stig = content.benchmarks.find(({ id }) => id === 'stig-kubernetes')
    const ids = stig?.controls.map(({ id }) => id) ?? []
    expect(ids).toHaveLength(92)
    expect(ids).not.toContain('V-242386')
    expect(ids).not.toContain('V-242388')
    expect(stig?.controls.filter(({ severity }) => severity === 'high')).toHaveLength(18)
    expect(stig?.controls.filter(({ severity }) => severity === 'medium')).toHaveLength(74)
  })
})

describe('V-254800, pod security', () => {
  const file1 = '/etc/kubernetes/admission.yaml'
  const file2 = '/etc/kubernetes/pod-security.yaml'
  const security = (enforce: string) =>
    `apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\ndefaults: { enforce: ${enforce} }\n`
  const admission = (plugin: string) =>
    `apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n- name: PodSecurity\n  ${plugin}\n`
  const inline = (enforce: string) =>
    admission(
      `configuration: { apiVersion: pod-security.admission.config.k8s.io/v1, kind: PodSecurityConfiguration, defaults: { enforce: ${enforce} } }`,
    )
  const node = (text: string, parts: Part = [], ...flags: readonly string[]) =>
    aNode(
      pod('kube-apiserver', [`--admission-control-config-file=${file1}`, ...flags]),
      file(file1, { text }),
      parts,
    )

  it('is not met by a file that is only named', () => {
    expect(answerTo(node(inline('privileged')), 'V-254800')).toBe('fail')
    expect(answerTo(node(inline('restricted')), 'V-254800')).toBe('pass')
    expect(
      answerTo(
        node('apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: []\n'),
        'V-254800',
      ),
    ).toBe('fail')
    expect(answerTo(api(), 'V-254800')).toBe('fail')
  })

  it('follows a path to another file', () => {
    expect(
      answerTo(node(admission(`path: ${file2}`), file(file2, { text: security('baseline') })), 'V-254800'),
    ).toBe('pass')
    expect(
      answerTo(
        node(admission('path: pod-security.yaml'), file(file2, { text: security('privileged') })),
        'V-254800',
      ),
    ).toBe('fail')
    expect(answerTo(node(admission(`path: ${file2}`), denied(file2)), 'V-254800')).toBe('error')
  })

  it('is not met by the configuration of a plugin that is switched off', () => {
    expect(
      answerTo(node(inline('restricted'), [], '--disable-admission-plugins=PodSecurity'), 'V-254800'),
    ).toBe('fail')
  })
})

describe('V-274882, encryption at rest', () => {
  const conf = '/etc/kubernetes/encryption.yaml'
  const node = (providers: string) =>
    aNode(
      pod('kube-apiserver', [`--encryption-provider-config=${conf}`]),
      file(conf, {
        text: `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers: ${providers}\n`,
      }),
    )

  it('looks at the first provider: identity first is clear text, whatever follows', () => {
    const aes = '{ aesgcm: { keys: [{ name: k, secret: c2VjcmV0 }] } }'
    expect(answerTo(node(`[${aes}, { identity: {} }]`), 'V-274882')).toBe('pass')
    expect(answerTo(node(`[{ identity: {} }, ${aes}]`), 'V-274882')).toBe('fail')
  })
})

describe('V-242445 and V-242459, the data of etcd', () => {
  const data = '/var/lib/etcd'
  const etcd = (about: { dir?: number; db?: number; owner?: string }) => {
    const { dir = 0o700, db = 0o600, owner = 'etcd:etcd' } = about
    return aNode(
      unit('etcd', [`--data-dir=${data}`]),
      folder(data, { mode: dir, owner }),
      folder(`${data}/member`, { mode: 0o700, owner }),
      folder(`${data}/member/snap`, { mode: 0o700, owner }),
      file(`${data}/member/snap/db`, { mode: db, owner }),
    )
  }

  it('are findings with the owner kubeadm gives it', () => {
    expect(answerTo(etcd({ owner: 'root:root' }), 'V-242445')).toBe('fail')
    expect(answerTo(etcd({}), 'V-242445')).toBe('pass')
  })

  it('look below the directory', () => {
    const node = aNode(
      unit('etcd', [`--data-dir=${data}`]),
      folder(data, { mode: 0o700, owner: 'etcd:etcd' }),
      file(`${data}/member/snap/db`),
    )
    expect(answerTo(node, 'V-242445')).toBe('fail')
  })

  it('do not hold the mode of a file against a directory', () => {
    expect(answerTo(etcd({}), 'V-242459')).toBe('pass')
    expect(answerTo(etcd({ dir: 0o755, db: 0o644 }), 'V-242459')).toBe('pass')
    expect(answerTo(etcd({ dir: 0o755, db: 0o664 }), 'V-242459')).toBe('fail')
    expect(answerTo(etcd({ dir: 0o700, db: 0o666 }), 'V-242459')).toBe('pass')
  })
})

describe('severity', () => {
  it('is the category of the rule, not what the check says of itself', () => {
    expect(findingsOf(api(), 'V-242390')).toMatchObject([{ severity: 'high' }])
    expect(findingsOf(aNode(unit('kubelet')), 'V-242392')).toMatchObject([{ severity: 'high' }])
    expect(findingsOf(aNode(unit('kubelet')), 'V-254557')).toMatchObject([{ severity: 'medium' }])
  })
})
