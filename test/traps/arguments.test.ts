import { describe, expect, it } from 'vitest'
import { aNode, denied, file, pod, shapes, unit } from './a-node.ts'
import { verdictOf } from './verdict-of.ts'

const rbac = '--authorization-mode=Node,RBAC'

describe.each(shapes)('the API server as %s', (_, start) => {
  const ask = (check: string, ...flags: readonly string[]) =>
    verdictOf(aNode(start('kube-apiserver', flags)), `kube-apiserver.${check}`)

  it('is judged by the last of a repeated flag, which is the one in force', () => {
    expect(
      ask('anonymous-access-limited', rbac, '--anonymous-auth=false', '--anonymous-auth=true'),
    ).toMatchObject({ verdict: 'fail', observed: 'all' })
    expect(
      ask('anonymous-access-limited', rbac, '--anonymous-auth=true', '--anonymous-auth=false').verdict,
    ).toBe('pass')
    expect(ask('profiling-off', '--profiling=false', '--profiling=true').verdict).toBe('fail')
  })

  it.each(['node-restriction-on', 'always-pull-images-on', 'deny-service-external-ips-on'])(
    'may spread admission plugins over several flags: %s',
    (check) => {
      const flags = ['NodeRestriction', 'AlwaysPullImages', 'DenyServiceExternalIPs'].map(
        (plugin) => `--enable-admission-plugins=${plugin}`,
      )
      expect(ask(check, ...flags).verdict).toBe('pass')
    },
  )

  it('is not fooled by plugins whose names contain the one asked for', () => {
    expect(ask('node-restriction-on', '--enable-admission-plugins=NodeRestrictionExtra').verdict).toBe('fail')
    expect(
      ask('service-account-admission-on', '--disable-admission-plugins=ServiceAccountIssuerDiscovery')
        .verdict,
    ).toBe('pass')
    expect(ask('namespace-lifecycle-on', '--disable-admission-plugins=NamespaceLifecycleExtra').verdict).toBe(
      'pass',
    )
  })

  it('is caught when a later flag disables a plugin', () => {
    expect(
      ask(
        'service-account-admission-on',
        '--disable-admission-plugins=Priority',
        '--disable-admission-plugins=ServiceAccount',
      ).verdict,
    ).toBe('fail')
  })

  it('is no pass when it disables the plugin it enables', () => {
    expect(
      ask(
        'node-restriction-on',
        '--enable-admission-plugins=NodeRestriction',
        '--disable-admission-plugins=NodeRestriction',
      ).verdict,
    ).not.toBe('pass')
  })

  it('is not found by flags that merely contain the name', () => {
    expect(
      ask('token-auth-file-unset', '--not-token-auth-file=/x', '--enable-bootstrap-token-auth=true').verdict,
    ).toBe('pass')
    expect(ask('profiling-off', '--contention-profiling=false').verdict).toBe('fail')
  })

  it('takes a value that stands as a word of its own', () => {
    expect(ask('node-authorizer-on', '--authorization-mode', 'Node,RBAC').verdict).toBe('pass')
    expect(ask('token-auth-file-unset', '--token-auth-file', '/etc/kubernetes/tokens.csv').verdict).toBe(
      'fail',
    )
  })

  it('waits without end when its request timeout is 0', () => {
    expect(ask('request-timeout-bounded', '--request-timeout=0').verdict).toBe('fail')
    expect(ask('request-timeout-bounded', '--request-timeout=5m').verdict).toBe('pass')
    expect(ask('request-timeout-bounded').verdict).toBe('pass')
  })

  it('needs both halves of a pair, and https to etcd', () => {
    const pair = ['--etcd-certfile=/c.crt', '--etcd-keyfile=/c.key', '--etcd-cafile=/ca.crt']
    for (const check of ['etcd-client-certificate-set', 'etcd-ca-set']) {
      expect(ask(check, ...pair, '--etcd-servers=https://10.0.0.1:2379').verdict).toBe('pass')
      expect(ask(check, ...pair, '--etcd-servers=https://10.0.0.1:2379,http://10.0.0.2:2379')).toMatchObject({
        verdict: 'fail',
        reason: expect.stringContaining('http://10.0.0.2:2379'),
      })
    }
    expect(
      ask('etcd-client-certificate-set', '--etcd-certfile=/c.crt', '--etcd-servers=https://10.0.0.1:2379')
        .verdict,
    ).toBe('fail')
  })

  it('may leave token signing to another program', () => {
    expect(
      ask('service-account-key-set', '--service-account-signing-endpoint=/run/signer.sock').verdict,
    ).toBe('pass')
    expect(ask('service-account-key-set').verdict).toBe('fail')
  })
})

describe('the API server’s own configuration files', () => {
  const path = '/etc/kubernetes/own.yaml'
  const ask = (check: string, text: string, ...flags: readonly string[]) =>
    verdictOf(aNode(pod('kube-apiserver', flags), file(path, { text })), `kube-apiserver.${check}`)

  const authentication = (conditions: string) =>
    `apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\nanonymous:\n  enabled: true\n${conditions}`
  const healthOnly = authentication(
    '  conditions:\n  - path: /livez\n  - path: /readyz\n  - path: /healthz\n',
  )

  it('may limit anonymous requests to health checks', () => {
    const flags = [rbac, `--authentication-config=${path}`] as const
    expect(ask('anonymous-access-limited', healthOnly, ...flags)).toMatchObject({
      verdict: 'pass',
      observed: 'health',
    })
    expect(
      ask('anonymous-access-limited', authentication('  conditions:\n  - path: /api\n'), ...flags).verdict,
    ).toBe('fail')
    expect(ask('anonymous-access-limited', authentication(''), ...flags).verdict).toBe('fail')
    expect(
      ask('anonymous-access-limited', authentication('').replace('true', 'false'), ...flags).verdict,
    ).toBe('pass')
  })

  it('may hold the authorizers in place of the flag', () => {
    const authorizers = (...types: readonly string[]) =>
      `apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthorizationConfiguration\nauthorizers:\n${types.map((type, index) => `- type: ${type}\n  name: a${index}\n`).join('')}`
    const flag = `--authorization-config=${path}`
    for (const check of ['always-allow-off', 'node-authorizer-on', 'rbac-on']) {
      expect(ask(check, authorizers('Node', 'RBAC'), flag)).toMatchObject({
        verdict: 'pass',
        provenance: expect.arrayContaining([expect.objectContaining({ at: path })]),
      })
      expect(
        verdictOf(aNode(pod('kube-apiserver', [flag]), denied(path)), `kube-apiserver.${check}`).verdict,
      ).toBe('error')
    }
    expect(ask('rbac-on', authorizers('Node', 'Webhook'), flag).verdict).toBe('fail')
    expect(ask('always-allow-off', authorizers('AlwaysAllow'), flag).verdict).toBe('fail')
  })

  it('must give limits to the event rate plugin', () => {
    const admission = (plugin: string) =>
      `apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n- name: ${plugin}\n  configuration:\n    apiVersion: eventratelimit.admission.k8s.io/v1alpha1\n    kind: Configuration\n    limits:\n    - { type: Server, qps: 50, burst: 100 }\n`
    const flags = [
      '--enable-admission-plugins=EventRateLimit',
      `--admission-control-config-file=${path}`,
    ] as const
    expect(ask('event-rate-limit-on', admission('EventRateLimit'), ...flags).verdict).toBe('pass')
    expect(ask('event-rate-limit-on', admission('ImagePolicyWebhook'), ...flags).verdict).toBe('fail')
    expect(ask('event-rate-limit-on', '', flags[0]).verdict).toBe('fail')
  })
})

describe.each(shapes)('the controller manager as %s', (_, start) => {
  const ask = (check: string, ...flags: readonly string[]) =>
    verdictOf(aNode(start('kube-controller-manager', flags)), `kube-controller-manager.${check}`)

  it.each(['0', '-1'])('collects no finished pods with a threshold of %s', (threshold) => {
    expect(ask('terminated-pod-gc-set', `--terminated-pod-gc-threshold=${threshold}`).verdict).toBe('fail')
    expect(ask('terminated-pod-gc-set', '--terminated-pod-gc-threshold=10').verdict).toBe('pass')
  })

  it('uses one identity per controller when told so, in every spelling of true and no other word', () => {
    for (const word of ['true', 'TRUE', '1', 't'])
      expect(ask('service-account-credentials-on', `--use-service-account-credentials=${word}`).verdict).toBe(
        'pass',
      )
    for (const word of ['false', '0', 'F', 'False'])
      expect(ask('service-account-credentials-on', `--use-service-account-credentials=${word}`).verdict).toBe(
        'fail',
      )
    expect(ask('service-account-credentials-on', '--use-service-account-credentials=yes').verdict).not.toBe(
      'pass',
    )
    expect(ask('service-account-credentials-on', '--use-service-account-credentials').verdict).toBe('pass')
  })

  it('has no key or root CA when the flag is there and empty', () => {
    expect(ask('service-account-key-set', '--service-account-private-key-file=').verdict).toBe('fail')
    expect(ask('root-ca-set', '--root-ca-file=').verdict).toBe('fail')
  })

  it.each(['false', 'False', '0', 'f'])('forbids serving certificate rotation with a gate of %s', (word) => {
    expect(
      ask('kubelet-server-rotation-allowed', `--feature-gates=RotateKubeletServerCertificate=${word}`)
        .verdict,
    ).toBe('fail')
    expect(
      ask(
        'kubelet-server-rotation-allowed',
        `--feature-gates=Other=true,RotateKubeletServerCertificate=${word}`,
      ).verdict,
    ).toBe('fail')
    expect(ask('kubelet-server-rotation-allowed', '--feature-gates=Other=false').verdict).toBe('pass')
  })

  it('forbids serving certificate rotation when every beta gate is off and this one is not on', () => {
    expect(ask('kubelet-server-rotation-allowed', '--feature-gates=AllBeta=false').verdict).toBe('fail')
    expect(
      ask(
        'kubelet-server-rotation-allowed',
        '--feature-gates=AllBeta=false,RotateKubeletServerCertificate=true',
      ).verdict,
    ).toBe('pass')
  })
})

describe('paths that are set', () => {
  it.each([
    ['kube-apiserver', '--client-ca-file=', 'kube-apiserver.client-ca-set'],
    ['kubelet', '--client-ca-file=', 'kubelet.client-ca-set'],
  ])('name a file: %s %s is nothing', (component, flag, check) => {
    expect(verdictOf(aNode(unit(component, [flag])), check).verdict).toBe('fail')
  })
})
