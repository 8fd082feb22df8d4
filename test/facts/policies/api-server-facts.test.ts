import { describe, expect, it } from 'vitest'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import { recorded } from '../../support/recorded.ts'
import { content, missing, process } from '../../support/settings-node.ts'
import { contextOf, denied, factKinds, factOf, kubeadmNode, withFlags } from '../files/kubeadm-node.ts'

/** Directory the API server's pod shows of the host, so that files below it are the node's. */
const shared = '/etc/kubernetes/pki'
const at = (name: string): string => `${shared}/${name}`

type Changes = [flags: readonly string[], items?: readonly RawItem[], drop?: readonly string[]]
const fact = (name: string, ...[flags, items = [], drop = []]: Changes): unknown =>
  factOf({ fact: name }, kubeadmNode([...withFlags('kube-apiserver', flags, drop), ...items]))

/** The same as recorded, running outside a container. */
function hardened() {
  const conf = ['admission.yaml', 'audit-policy.yaml', 'encryption.yaml', 'eventratelimit.yaml']
  const argv = recorded('kubernetes-1.36/hardened/kube-apiserver.cmdline').trimEnd().split('\n')
  return kubeadmNode([
    process({ name: 'kube-apiserver', pid: 101, argv, cgroup: '0::/lab' }),
    ...conf.map((name) => content(`/lab/conf/${name}`, recorded(`kubernetes-1.36/hardened/${name}`))),
  ])
}

describe('a recorded API server, hardened', () => {
  it('encrypts secrets', () => {
    expect(factOf({ fact: 'encryption-at-rest' }, hardened())).toEqual({
      configured: true,
      'covers-secrets': true,
      'secrets-provider': 'aescbc',
      'secrets-providers': ['aescbc', 'identity'],
    })
  })

  it('records what CIS asks for, secrets without their content', () => {
    expect(factOf({ fact: 'audit-policy' }, hardened())).toMatchObject({
      configured: true,
      backend: 'file',
      'records-events': true,
      'secrets-levels': ['Metadata'],
      'configmaps-levels': ['Metadata'],
      'tokenreviews-levels': ['Metadata'],
      'exec-level': 'Metadata',
      'catch-all-level': 'Metadata',
    })
  })

  it('limits events', () => {
    expect(factOf({ fact: 'admission-plugins' }, hardened())).toMatchObject({
      'event-rate-limit-configured': true,
    })
  })

  it('lets nobody in without credentials, and authorizes by Node and RBAC', () => {
    expect(factOf({ fact: 'anonymous-access' }, hardened())).toEqual({ scope: 'none', 'decided-by': 'flag' })
    expect(factOf({ fact: 'authorizers' }, hardened())).toEqual({
      modes: ['Node', 'RBAC'],
      'decided-by': 'flag',
    })
  })
})

describe('facts about the API server', () => {
  const names = [
    'encryption-at-rest',
    'audit-policy',
    'anonymous-access',
    'authorizers',
    'admission-plugins',
  ] as const
  const worker = contextOf([
    ...['/etc/kubernetes/manifests', '/var/lib/rancher/rke2/agent/pod-manifests'].map((path) =>
      missing('directory', path),
    ),
    ...['kube-apiserver', 'kubelet', 'k3s', 'k3s-agent', 'rke2-server', 'rke2-agent'].map(
      (name): RawItem => ({
        kind: 'unit',
        id: `unit:${name}.service`,
        name: `${name}.service`,
        state: 'absent',
      }),
    ),
  ])

  it.each(names)('%s is absent on a node without one', (name) => {
    expect(factOf({ fact: name }, worker)).toBeUndefined()
  })

  it.each(names)('%s is unavailable when it cannot be told whether there is one', (name) => {
    const unseen: RawItem = {
      kind: 'processes',
      id: 'processes',
      state: 'unavailable',
      reason: 'permission-denied',
    }
    const node = contextOf([])

    expect(
      factOf({ fact: name }, { ...node, view: { ...node.view, processes: () => unseen } }),
    ).toMatchObject({ unavailable: expect.any(String) })
  })

  it.each(names)('%s names exactly the fields it gives', (name) => {
    const kind = factKinds[name]
    const derived = kind?.derive({ fact: name }, hardened())

    expect(derived?.kind === 'observed' && Object.keys(derived.fact).sort()).toEqual(
      [...(kind?.fields({ fact: name }, { components: shippedComponents() }) ?? [])].sort(),
    )
  })
})

describe('encryption-at-rest', () => {
  const flag = `--encryption-provider-config=${at('enc.yaml')}`

  it('is not configured when only the reload flag, which looks alike, is given', () => {
    expect(fact('encryption-at-rest', ['--encryption-provider-config-automatic-reload=true'])).toEqual({
      configured: false,
      'covers-secrets': false,
    })
  })

  it('covers no secrets with a file about other resources', () => {
    const text =
      'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: [{resources: [configmaps], providers: [{aescbc: {keys: []}}]}]'

    expect(fact('encryption-at-rest', [flag], [content(at('enc.yaml'), text)])).toEqual({
      configured: true,
      'covers-secrets': false,
    })
  })

  it('knows that it is configured, and no more, when the file cannot be read', () => {
    expect(fact('encryption-at-rest', [flag], [denied('content', at('enc.yaml'))])).toEqual({
      configured: true,
      'covers-secrets': { unavailable: 'permission-denied' },
      'secrets-provider': { unavailable: 'permission-denied' },
      'secrets-providers': { unavailable: 'permission-denied' },
    })
  })

  it('does not take a missing file for no encryption', () => {
    expect(fact('encryption-at-rest', [flag], [missing('content', at('enc.yaml'))])).toMatchObject({
      'covers-secrets': { unavailable: 'ambiguous' },
    })
  })
})

describe('audit-policy', () => {
  const policy = content(
    at('audit.yaml'),
    'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]',
  )
  const none = content(at('audit.yaml'), 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]')
  const file = `--audit-policy-file=${at('audit.yaml')}`

  it.each<[string, string[], RawItem, object]>([
    [
      'a log path without a policy',
      ['--audit-log-path=/var/log/audit.log'],
      policy,
      { configured: false, backend: 'file', 'records-events': false },
    ],
    [
      'a policy without a backend',
      [file],
      policy,
      { configured: true, backend: 'none', 'records-events': false, 'catch-all-level': 'None' },
    ],
    [
      'the policy RKE2 writes',
      [file, '--audit-log-path=/x'],
      none,
      { configured: true, 'records-events': false },
    ],
    ['standard output', [file, '--audit-log-path=-'], policy, { backend: 'stdout', 'records-events': true }],
    [
      'a webhook',
      [file, `--audit-webhook-config-file=${at('hook')}`],
      policy,
      { backend: 'webhook', 'records-events': true },
    ],
    [
      'both',
      [file, '--audit-log-path=/x', `--audit-webhook-config-file=${at('hook')}`],
      policy,
      { backends: ['file', 'webhook'] },
    ],
  ])('sees through %s', (_, ...[flags, item, expected]) => {
    expect(fact('audit-policy', flags, [item])).toMatchObject(expected)
  })

  it('does not take an unreadable policy for one that records nothing', () => {
    expect(
      fact('audit-policy', [file, '--audit-log-path=/x'], [denied('content', at('audit.yaml'))]),
    ).toMatchObject({
      configured: true,
      backend: 'file',
      'records-events': { unavailable: 'permission-denied' },
    })
  })
})

describe('anonymous-access', () => {
  const config = `--authentication-config=${at('authn.yaml')}`
  const authentication = (anonymous: string): RawItem =>
    content(
      at('authn.yaml'),
      `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n${anonymous}`,
    )
  const healthOnly = authentication('anonymous: {enabled: true, conditions: [{path: /livez}]}')

  it.each<[string, string[], RawItem[], unknown]>([
    ['unset', [], [], { scope: 'all', 'decided-by': 'default' }],
    ['the flag', ['--anonymous-auth=false'], [], { scope: 'none', 'decided-by': 'flag' }],
    [
      'the last of a repeated flag',
      ['--anonymous-auth=false', '--anonymous-auth=true'],
      [],
      { scope: 'all', 'decided-by': 'flag' },
    ],
    [
      'a file that allows health probes',
      [config],
      [healthOnly],
      { scope: 'health', 'decided-by': 'authentication-configuration' },
    ],
    [
      'a file that leaves it to the flag',
      [config, '--anonymous-auth=false'],
      [authentication('jwt: []')],
      { scope: 'none', 'decided-by': 'flag' },
    ],
    [
      'a file and a flag that exclude each other',
      [config, '--anonymous-auth=false'],
      [healthOnly],
      { unavailable: 'ambiguous' },
    ],
    [
      'an unreadable file',
      [config],
      [denied('content', at('authn.yaml'))],
      { unavailable: 'permission-denied' },
    ],
    [
      'an unreadable file beside the flag',
      [config, '--anonymous-auth=false'],
      [denied('content', at('authn.yaml'))],
      { unavailable: 'permission-denied' },
    ],
  ])('is decided by %s', (_, ...[flags, items, expected]) => {
    expect(fact('anonymous-access', flags, items)).toEqual(expected)
  })

  it('is off beside AlwaysAllow, as the API server itself decides', () => {
    expect(
      fact('anonymous-access', ['--authorization-mode=AlwaysAllow'], [], ['authorization-mode']),
    ).toEqual({
      scope: 'none',
      'decided-by': 'authorization-mode',
    })
  })
})

describe('authorizers', () => {
  const config = `--authorization-config=${at('authz.yaml')}`
  const file = content(
    at('authz.yaml'),
    'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers: [{type: Node, name: n}, {type: RBAC, name: r}]',
  )

  it.each<[string, string[], RawItem[], unknown]>([
    ['unset', [], [], { modes: ['AlwaysAllow'], 'decided-by': 'default' }],
    ['a file', [config], [file], { modes: ['Node', 'RBAC'], 'decided-by': 'authorization-configuration' }],
    [
      'repeated flags',
      ['--authorization-mode=Node', '--authorization-mode=RBAC'],
      [],
      { modes: ['Node', 'RBAC'], 'decided-by': 'flag' },
    ],
    [
      'a file and a flag that exclude each other',
      [config, '--authorization-mode=RBAC'],
      [file],
      { unavailable: 'ambiguous' },
    ],
    [
      'an unreadable file',
      [config],
      [denied('content', at('authz.yaml'))],
      { unavailable: 'permission-denied' },
    ],
  ])('come from %s', (_, ...[flags, items, expected]) => {
    expect(fact('authorizers', flags, items, ['authorization-mode'])).toEqual(expected)
  })
})

describe('admission-plugins', () => {
  const drop = ['enable-admission-plugins']
  const config = `--admission-control-config-file=${at('admission.yaml')}`
  const admission = (plugins: string): RawItem =>
    content(
      at('admission.yaml'),
      `apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: ${plugins}`,
    )
  const limits = content(at('limits.yaml'), recorded('kubernetes-1.36/hardened/eventratelimit.yaml'))

  it('are the union of all occurrences, word for word', () => {
    const flags = [
      '--enable-admission-plugins=NodeRestriction',
      '--enable-admission-plugins=EventRateLimit,AlwaysPullImages',
    ]

    expect(fact('admission-plugins', flags, [], drop)).toMatchObject({
      enabled: ['NodeRestriction', 'EventRateLimit', 'AlwaysPullImages'],
      disabled: [],
      'event-rate-limit-configured': false,
    })
  })

  it('are empty lists when no flag is given: the question has an answer', () => {
    expect(fact('admission-plugins', [], [], drop)).toMatchObject({ enabled: [], disabled: [] })
  })

  it('contradict themselves when one is on and off', () => {
    const flags = ['--enable-admission-plugins=ServiceAccount', '--disable-admission-plugins=ServiceAccount']

    expect(fact('admission-plugins', flags, [], drop)).toMatchObject({
      enabled: { unavailable: 'ambiguous' },
      disabled: { unavailable: 'ambiguous' },
    })
  })

  it.each<[string, string, RawItem[], unknown]>([
    ['a path relative to the file', '[{name: EventRateLimit, path: limits.yaml}]', [limits], true],
    ['an absolute path', `[{name: EventRateLimit, path: ${at('limits.yaml')}}]`, [limits], true],
    ['an entry of another plugin', '[{name: PodSecurity, path: limits.yaml}]', [limits], false],
    ['a name alone', '[{name: EventRateLimit}]', [], false],
    [
      'a limits file that is missing',
      '[{name: EventRateLimit, path: limits.yaml}]',
      [missing('content', at('limits.yaml'))],
      { unavailable: 'ambiguous' },
    ],
    [
      'a limits file that cannot be read',
      '[{name: EventRateLimit, path: limits.yaml}]',
      [denied('content', at('limits.yaml'))],
      { unavailable: 'permission-denied' },
    ],
  ])('have event limits by %s', (_, ...[plugins, items, expected]) => {
    expect(fact('admission-plugins', [config], [admission(plugins), ...items], drop)).toMatchObject({
      'event-rate-limit-configured': expected,
    })
  })
})
