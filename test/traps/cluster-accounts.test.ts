import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { account, binding, clusterOf, type Described, role } from '../support/api/an-rbac.ts'
import { verdictOn } from './verdict-of.ts'

function said(check: string, described: Described, parameters = {}) {
  const { verdict, reason, objects } = verdictOn(clusterOf(described), `cluster.${check}`, { parameters })
  const lines = (some: readonly { readonly name: string; readonly because: string }[] = []) =>
    some.map(({ name, because }) => `${name}: ${because}`)
  return {
    verdict,
    reason,
    offending: lines(objects?.offending),
    noted: lines(objects?.noted),
    exempted: lines(objects?.exempted),
  }
}

const view = role('view', ['get pods'])

describe('default service accounts (5.1.5)', () => {
  it('are not fine for having automount off while a binding gives them rights', () => {
    const described = {
      roles: [view],
      accounts: [account('dev/default', false)],
      bindings: [binding('dev/x', 'ClusterRole view', 'ServiceAccount default')],
    }
    expect(said('default-accounts-unused', described)).toMatchObject({
      verdict: 'fail',
      offending: ['ServiceAccount dev/default: is given ClusterRole view by RoleBinding dev/x'],
    })
  })

  it('have the rights of the groups of accounts, beyond discovery', () => {
    const discovery = [
      role('system:service-account-issuer-discovery', [
        { verbs: ['get'], nonResourceURLs: ['/openid/v1/jwks'] },
      ]),
    ]
    const builtIn = [
      binding(
        'system:service-account-issuer-discovery',
        'ClusterRole system:service-account-issuer-discovery',
        'Group system:serviceaccounts',
      ),
    ]
    const accounts = [account('dev/default', false)]
    expect(said('default-accounts-unused', { roles: discovery, bindings: builtIn, accounts })).toMatchObject({
      verdict: 'pass',
    })
    const bindings = [
      binding('dev/x', 'ClusterRole view', 'Group system:serviceaccounts:dev'),
      binding('all', 'ClusterRole view', 'Group system:serviceaccounts'),
    ]
    expect(said('default-accounts-unused', { roles: [view], bindings, accounts }).offending).toHaveLength(2)
  })

  it('have what was added to the built-in role that all accounts are given', () => {
    const name = 'system:service-account-issuer-discovery'
    const described = {
      roles: [role(name, ['get secrets'], { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } })],
      bindings: [binding(name, `ClusterRole ${name}`, 'Group system:serviceaccounts')],
    }
    expect(said('default-accounts-unused', described)).toMatchObject({ verdict: 'fail' })
  })

  it('are given nothing by a role that allows nothing, or that there is not', () => {
    const described = {
      roles: [role('empty', [])],
      accounts: [account('dev/default', false)],
      bindings: [
        binding('a', 'ClusterRole empty', 'ServiceAccount dev/default'),
        binding('b', 'ClusterRole gone', 'ServiceAccount dev/default'),
      ],
    }
    expect(said('default-accounts-unused', described)).toMatchObject({ verdict: 'pass' })
  })

  it('are listed where their token is mounted unasked, and fail where that is asked for', () => {
    const accounts = [
      account('dev/default'),
      account('qa/default', true),
      account('ok/default', false),
      account('kube-system/default'),
    ]
    expect(said('default-accounts-unused', { accounts })).toMatchObject({
      verdict: 'pass',
      noted: [
        'ServiceAccount dev/default: automountServiceAccountToken is not set',
        'ServiceAccount qa/default: automountServiceAccountToken is true',
      ],
      exempted: [expect.stringContaining('ServiceAccount kube-system/default')],
    })
    expect(said('default-accounts-unused', { accounts }, { 'count-mounted-tokens': true })).toMatchObject({
      verdict: 'fail',
    })
  })

  it('fail where a running pod holds their token', () => {
    const pods = [
      {
        namespace: 'dev',
        owner: { kind: 'Deployment', name: 'web' },
        count: 2,
        serviceAccount: 'default',
        tokenVolumes: [''],
      },
      {
        namespace: 'kube-system',
        owner: { kind: 'Pod', name: 'x' },
        count: 1,
        serviceAccount: 'default',
        tokenVolumes: [''],
      },
    ]
    expect(
      said('default-accounts-unused', { accounts: [account('dev/default', false)], pods }).offending,
    ).toEqual(['ServiceAccount dev/default: its token is held by Deployment dev/web'])
  })

  it('are not held by pods that ended', () => {
    const ended = {
      namespace: 'dev',
      owner: { kind: 'Job', name: 'once' },
      count: 1,
      isFinished: true,
      serviceAccount: 'default',
      tokenVolumes: [''],
    }
    expect(said('default-accounts-unused', { pods: [ended] }).verdict).toBe('pass')
    expect(said('default-accounts-unused', { pods: [{ ...ended, isFinished: false }] }).verdict).toBe('fail')
    expect(said('tokens-mounted-where-needed', { pods: [ended] }).verdict).toBe('pass')
    expect(said('tokens-mounted-where-needed', { pods: [{ ...ended, isFinished: false }] }).verdict).toBe(
      'fail',
    )
  })

  it('are named once for all pods that use them', () => {
    const pods = ['a', 'b', 'c', 'd', 'd'].map((name) => ({
      namespace: 'dev',
      owner: { kind: 'Pod', name },
      count: 1,
      serviceAccount: 'default',
      tokenVolumes: [''],
    }))
    expect(
      said('default-accounts-unused', { accounts: [account('dev/default', false)], pods }).offending,
    ).toEqual(['ServiceAccount dev/default: its token is held by Pod dev/a, Pod dev/b, Pod dev/c and 1 more'])
  })

  it('cannot be told without the list of accounts', () => {
    expect(said('default-accounts-unused', { refused: { serviceaccounts: 'forbidden' } })).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('list serviceaccounts'),
    })
  })
})

describe('tokens in pods (5.1.6)', () => {
  const pod = (serviceAccount: string, more: object = {}) => ({
    namespace: 'dev',
    owner: { kind: 'Deployment', name: 'web' },
    count: 1,
    serviceAccount,
    tokenVolumes: [''],
    ...more,
  })

  it('are seen in what running pods hold, whatever pod and account say about mounting', () => {
    const { tokenVolumes: _, ...without } = pod('web')
    expect(
      said('tokens-mounted-where-needed', { accounts: [account('dev/web')], pods: [without] }),
    ).toMatchObject({
      verdict: 'pass',
    })
    const explicit = pod('web', { automount: false })
    expect(
      said('tokens-mounted-where-needed', { accounts: [account('dev/web', false)], pods: [explicit] }),
    ).toMatchObject({
      verdict: 'fail',
      offending: [
        'Deployment dev/web: holds a token of ServiceAccount dev/web, which has no rights to use it for',
      ],
    })
  })

  it('are needed where the account has rights, by itself or by a group', () => {
    for (const subject of [
      'ServiceAccount dev/web',
      'Group system:serviceaccounts:dev',
      'User system:serviceaccount:dev:web',
    ])
      expect(
        said('tokens-mounted-where-needed', {
          roles: [view],
          bindings: [binding('x', 'ClusterRole view', subject)],
          pods: [pod('web')],
        }),
      ).toMatchObject({ verdict: 'pass', noted: [expect.stringContaining('by ClusterRoleBinding x')] })
  })

  it('are not needed for what everybody may do', () => {
    const discovery = role('system:discovery', [{ verbs: ['get'], nonResourceURLs: ['/api'] }])
    const builtIn = binding('system:discovery', 'ClusterRole system:discovery', 'Group system:authenticated')
    expect(
      said('tokens-mounted-where-needed', { roles: [discovery], bindings: [builtIn], pods: [pod('web')] }),
    ).toMatchObject({ verdict: 'fail' })
  })

  it('are never right for the default account, whatever rights it has', () => {
    const bindings = [binding('x', 'ClusterRole view', 'ServiceAccount dev/default')]
    expect(
      said('tokens-mounted-where-needed', { roles: [view], bindings, pods: [pod('default')] }),
    ).toMatchObject({
      verdict: 'fail',
    })
  })

  it('are somebody else’s where they have an audience of their own', () => {
    const pods = [pod('web', { tokenVolumes: ['vault'] }), pod('other', { tokenVolumes: ['vault', ''] })]
    const found = said('tokens-mounted-where-needed', { pods })
    expect(found.noted).toHaveLength(1)
    expect(found.offending).toHaveLength(1)
  })

  it('are none of mirror pods’, and accepted in namespaces of the system', () => {
    const pods = [pod('default', { isMirror: true }), pod('default', { namespace: 'kube-system' })]
    expect(said('tokens-mounted-where-needed', { pods })).toMatchObject({
      verdict: 'pass',
      exempted: [expect.stringContaining('kube-system')],
    })
  })

  it('are not called useless where not every binding was seen', () => {
    const refused = { rolebindings: 'forbidden' } as const
    expect(said('tokens-mounted-where-needed', { pods: [pod('web')], refused })).toMatchObject({
      verdict: 'error',
    })
    expect(said('tokens-mounted-where-needed', { pods: [pod('default')], refused })).toMatchObject({
      verdict: 'fail',
    })
    expect(said('tokens-mounted-where-needed', { refused: { pods: 'forbidden' } })).toMatchObject({
      verdict: 'error',
    })
  })
})

describe('tokens in Secrets that pods mount (5.1.5, 5.1.6)', () => {
  const secret = (name: string, annotations: object = {}, namespace = 'dev') => ({
    metadata: { namespace, name, annotations },
  })
  const tokenOf = (name: string, accountName: string) =>
    secret(name, { 'kubernetes.io/service-account.name': accountName })
  const pod = (secretVolumes: readonly string[], more: object = {}) => ({
    namespace: 'dev',
    owner: { kind: 'Deployment', name: 'web' },
    count: 1,
    serviceAccount: 'quiet',
    secretVolumes,
    ...more,
  })

  it('are held like any other, of the account the Secret names', () => {
    const secrets = [tokenOf('robot', 'bot'), secret('tls')]
    const needless = said('tokens-mounted-where-needed', { secrets, pods: [pod(['tls', 'robot'])] })
    expect(needless).toMatchObject({
      verdict: 'fail',
      offending: [
        'Deployment dev/web: holds through Secret robot a lasting token of ServiceAccount dev/bot, which has no rights to use it for',
      ],
    })
    const bindings = [binding('dev/x', 'ClusterRole view', 'ServiceAccount bot')]
    const used = said('tokens-mounted-where-needed', {
      secrets,
      roles: [view],
      bindings,
      pods: [pod(['robot'])],
    })
    expect(used).toMatchObject({
      verdict: 'pass',
      noted: [expect.stringContaining('ServiceAccount dev/bot')],
    })
  })

  it('are no use of the default account unless they are its own', () => {
    const pods = [pod(['t'], { serviceAccount: 'default' })]
    const judged = (accountName: string) =>
      said('default-accounts-unused', { secrets: [tokenOf('t', accountName)], pods })
    expect(judged('bot').verdict).toBe('pass')
    expect(judged('default').offending).toEqual([
      'ServiceAccount dev/default: its token is held by Deployment dev/web',
    ])
  })

  it.each([
    ['no annotation', secret('t')],
    [
      'an annotation that names no account',
      secret('t', { 'kubernetes.io/service-account.name': 'not a name' }),
    ],
    ['an annotation of a longer name', secret('t', { 'my.kubernetes.io/service-account.name': 'bot' })],
    ['one of that name elsewhere', { metadata: { ...tokenOf('t', 'bot').metadata, namespace: 'qa' } }],
  ])('are not in a Secret with %s', (_, one) => {
    expect(said('tokens-mounted-where-needed', { secrets: [one], pods: [pod(['t'])] }).verdict).toBe('pass')
  })

  it('may be in any mounted Secret where Secrets may not be listed, and nowhere else', () => {
    const refused = { secrets: 'forbidden' } as const
    for (const check of ['tokens-mounted-where-needed', 'default-accounts-unused']) {
      const found = said(check, { pods: [pod(['tls'])], refused })
      expect(found).toMatchObject({ verdict: 'error', reason: expect.stringContaining('list secrets') })
      expect(found.reason).toContain('Deployment dev/web')
      for (const other of [
        pod([]),
        pod(['tls'], { isFinished: true }),
        pod(['tls'], { namespace: 'kube-system' }),
      ])
        expect(said(check, { pods: [other], refused }).verdict).toBe('pass')
    }
  })
})

describe('requests for certificates of system:masters (5.1.7)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'khard-csr-'))
  const pems = new Map<string, string>()
  const make = (subject: string): string =>
    execFileSync(
      'openssl',
      [
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        join(directory, 'key'),
        '-utf8',
        '-subj',
        subject,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )

  beforeAll(() => {
    pems.set('masters', make('/O=other/O=system:masters/CN=boss'))
    pems.set('name', make('/O=developers/CN=system:masters'))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  const request = (
    pem: string,
    conditions: readonly string[],
    signerName = 'kubernetes.io/kube-apiserver-client',
  ) => ({
    metadata: { name: 'csr' },
    spec: { request: Buffer.from(pems.get(pem) ?? pem).toString('base64'), signerName },
    status: { conditions: conditions.map((type) => ({ type, status: 'True' })) },
  })

  it('are read, and fail when approved', () => {
    expect(said('masters-not-requested', { requests: [request('masters', ['Approved'])] })).toMatchObject({
      verdict: 'fail',
      offending: [
        'CertificateSigningRequest csr: asked for a client certificate of system:masters and was approved',
      ],
    })
  })

  it.each([
    [['Denied'], 'was refused'],
    [['Approved', 'Failed'], 'was refused'],
    [[], 'waits for a decision'],
  ])('are listed with %j', (conditions, state) => {
    const found = said('masters-not-requested', { requests: [request('masters', conditions)] })
    expect(found).toMatchObject({ verdict: 'pass', noted: [expect.stringContaining(state)] })
  })

  it('are not those of another signer, or of somebody who is called like it', () => {
    const requests = [request('masters', ['Approved'], 'example.test/own'), request('name', ['Approved'])]
    expect(said('masters-not-requested', { requests })).toMatchObject({ verdict: 'pass', noted: [] })
  })

  it('cannot be told of a request that cannot be read, or without the list', () => {
    const { signerName: _, ...unsigned } = request('masters', ['Approved']).spec
    const without = { ...request('masters', []), spec: unsigned }
    expect(said('masters-not-requested', { requests: [without] })).toMatchObject({
      verdict: 'pass',
      noted: [],
    })
    expect(said('masters-not-requested', { requests: [{ metadata: { name: 'empty' } }] })).toMatchObject({
      verdict: 'error',
    })
    expect(said('masters-not-requested', { requests: [request('nonsense', ['Approved'])] })).toMatchObject({
      verdict: 'error',
    })
    expect(
      said('masters-not-requested', { refused: { certificatesigningrequests: 'forbidden' } }),
    ).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('list certificatesigningrequests'),
    })
  })

  it('stand beside bindings to the group, which give it nothing and are listed', () => {
    const bindings = [
      binding('cluster-admin', 'ClusterRole cluster-admin', 'Group system:masters'),
      binding('more', 'ClusterRole view', 'Group system:masters', 'User a'),
      binding('alike', 'ClusterRole view', 'User system:masters'),
    ]
    expect(said('masters-not-requested', { roles: [view], bindings })).toMatchObject({
      verdict: 'pass',
      noted: [expect.stringContaining('ClusterRoleBinding more')],
      exempted: [expect.stringContaining('ClusterRoleBinding cluster-admin')],
    })
  })
})
