import { describe, expect, it } from 'vitest'
import { binding, clusterOf, type Described, role } from '../support/api/an-rbac.ts'
import { verdictOn } from './verdict-of.ts'

const admin = role('cluster-admin', [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
])
const adminBinding = binding('cluster-admin', 'ClusterRole cluster-admin', 'Group system:masters')

/** Verdict of a check over a cluster, and the names it gives. */
function said(
  check: string,
  described: Described,
  parameters: { readonly [name: string]: never | unknown } = {},
) {
  const evidence = clusterOf({
    ...described,
    roles: [admin, ...(described.roles ?? [])],
    bindings: [adminBinding, ...(described.bindings ?? [])],
  })
  const values = Object.fromEntries(Object.entries(parameters)) as never
  const { verdict, reason, objects } = verdictOn(evidence, `cluster.${check}`, { parameters: values })
  const names = (some: readonly { readonly name: string }[] = []) => some.map(({ name }) => name)
  return {
    verdict,
    reason,
    offending: names(objects?.offending),
    noted: names(objects?.noted),
    exempted: names(objects?.exempted),
    because: (objects?.offending ?? []).map(({ because }) => because),
  }
}

describe('rights of cluster-admin (5.1.1)', () => {
  it('are found in RoleBindings as well, and listed without failing', () => {
    const bound = { bindings: [binding('staging/devs', 'ClusterRole cluster-admin', 'Group developers')] }
    expect(said('admin-rights-limited', bound)).toMatchObject({
      verdict: 'pass',
      noted: ['Group developers'],
    })
    expect(said('admin-rights-limited', bound, { 'count-within-namespaces': true })).toMatchObject({
      verdict: 'fail',
      offending: ['Group developers'],
    })
  })

  it('are not excused by the name of a binding', () => {
    const mine = binding('cluster-admin-cluster-admin', 'ClusterRole cluster-admin', 'User alice')
    const added = binding('cluster-admin', 'ClusterRole cluster-admin', 'Group system:masters', 'User bob')
    expect(said('admin-rights-limited', { bindings: [mine, added] })).toMatchObject({
      verdict: 'fail',
      offending: ['User alice', 'User bob'],
    })
  })

  it('are found under any name of the role', () => {
    const star = role('ops', [{ verbs: ['get', '*'], apiGroups: ['*', ''], resources: ['*'] }])
    const bound = { roles: [star], bindings: [binding('ops', 'ClusterRole ops', 'User alice')] }
    expect(said('admin-rights-limited', bound)).toMatchObject({ verdict: 'fail', offending: ['User alice'] })
  })

  it('are found where aggregation makes them, before the controller has written it down', () => {
    const selectors = [
      { matchLabels: { 'lab/to': 'ops' }, matchExpressions: [{ key: 'lab/on', operator: 'Exists' }] },
    ]
    const described = (labels: { readonly [key: string]: string }): Described => ({
      roles: [
        role('ops', [], { aggregationRule: { clusterRoleSelectors: selectors } }),
        role('innocent', [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }], { labels }),
      ],
      bindings: [binding('ops', 'ClusterRole ops', 'User alice')],
    })
    const found = said('admin-rights-limited', described({ 'lab/to': 'ops', 'lab/on': '' }))
    expect(found).toMatchObject({ verdict: 'fail', offending: ['User alice'] })
    expect(found.because[0]).toContain('from innocent')
    expect(said('admin-rights-limited', described({ 'lab/to': 'ops' })).verdict).toBe('pass')
  })

  it('are kubeadm’s where kubeadm gives them, and nobody else’s', () => {
    const kubeadm = binding(
      'kubeadm:cluster-admins',
      'ClusterRole cluster-admin',
      'Group kubeadm:cluster-admins',
    )
    const forged = binding(
      'kubeadm:cluster-admins2',
      'ClusterRole cluster-admin',
      'Group kubeadm:cluster-admins2',
    )
    expect(said('admin-rights-limited', { bindings: [kubeadm, forged] })).toMatchObject({
      offending: ['Group kubeadm:cluster-admins2'],
      exempted: ['Group kubeadm:cluster-admins', 'Group system:masters'],
    })
  })

  it('may be trusted by exact name, not by a part of it', () => {
    const bound = {
      bindings: [
        binding('a', 'ClusterRole cluster-admin', 'User alice'),
        binding(
          'b',
          'ClusterRole cluster-admin',
          'User alice2',
          'Group system:authenticated',
          'ServiceAccount ci/bot',
        ),
      ],
    }
    const trusted = {
      'trusted-subjects': ['User alice', 'Group system:authenticated', 'ServiceAccount ci/bot'],
    }
    expect(said('admin-rights-limited', bound, trusted)).toMatchObject({
      verdict: 'fail',
      // Everybody is nobody in particular: there is nobody to trust.
      offending: ['Group system:authenticated', 'User alice2'],
      exempted: ['Group system:masters', 'ServiceAccount ci/bot', 'User alice'],
    })
  })

  it('are nothing in a binding without subjects, or to a role there is not', () => {
    const bound = {
      bindings: [
        binding('empty', 'ClusterRole cluster-admin'),
        binding('dangling', 'ClusterRole gone', 'User alice'),
        binding('dev/dangling', 'Role cluster-admin', 'User alice'),
      ],
    }
    expect(said('admin-rights-limited', bound)).toMatchObject({
      verdict: 'pass',
      noted: ['ClusterRoleBinding dangling', 'RoleBinding dev/dangling'],
    })
  })

  it('cannot be told where a list was refused: the missing right is named', () => {
    const found = said('admin-rights-limited', { refused: { rolebindings: 'forbidden' } })
    expect(found.verdict).toBe('error')
    expect(found.reason).toContain('list rolebindings')
    expect(said('admin-rights-limited', { refused: { clusterroles: 'absent' } }).verdict).toBe('error')
  })

  it('cannot be told of a role that is not in the form of one', () => {
    const broken = { metadata: { name: 'odd' }, rules: 'all' }
    expect(said('admin-rights-limited', { roles: [broken] })).toMatchObject({ verdict: 'error' })
  })
})

describe('a grant of something few should have', () => {
  const secrets = role('reader', ['get,list,watch secrets'])

  it('is found when a group of everybody has it', () => {
    for (const group of [
      'system:authenticated',
      'system:unauthenticated',
      'system:serviceaccounts',
      'system:serviceaccounts:dev',
    ])
      expect(
        said('secret-reading-limited', {
          roles: [secrets],
          bindings: [binding('dev/x', 'ClusterRole reader', `Group ${group}`)],
        }),
      ).toMatchObject({ verdict: 'fail', offending: [`Group ${group}`] })
  })

  it.each(['get', 'list', 'watch', '*'])('is found for the one verb %s', (verb) => {
    const described = {
      roles: [role('reader', [`${verb} secrets`])],
      bindings: [binding('x', 'ClusterRole reader', 'User alice')],
    }
    expect(said('secret-reading-limited', described)).toMatchObject({ verdict: 'fail' })
  })

  it('is not a resource that is called alike', () => {
    const described = {
      roles: [
        role('reader', ['get secret,secretstores', 'get example.test:secrets', 'create,delete secrets']),
      ],
      bindings: [binding('x', 'ClusterRole reader', 'User alice')],
    }
    expect(said('secret-reading-limited', described)).toMatchObject({ verdict: 'pass', noted: [] })
  })

  it('is judged by the role that is bound, not by another', () => {
    const described = {
      roles: [secrets, role('dev/reader', ['get pods'])],
      bindings: [binding('dev/x', 'Role reader', 'User alice')],
    }
    expect(said('secret-reading-limited', described)).toMatchObject({ verdict: 'pass', noted: [] })
  })

  it('weighs less where it is limited to names', () => {
    const described = {
      roles: [role('tls', ['get secrets tls-front'])],
      bindings: [binding('x', 'ClusterRole tls', 'User alice')],
    }
    expect(said('secret-reading-limited', described)).toMatchObject({
      verdict: 'pass',
      noted: ['User alice'],
    })
  })

  it('is left out for the API server’s own controllers, and only with the rules they come with', () => {
    const builtIn = binding(
      'system:controller:namespace-controller',
      'ClusterRole system:controller:namespace-controller',
      'ServiceAccount kube-system/namespace-controller',
    )
    const known: Described = {
      roles: [
        role('system:controller:namespace-controller', [
          { verbs: ['get', 'list'], apiGroups: ['*'], resources: ['*'] },
        ]),
      ],
      bindings: [builtIn],
    }
    expect(said('secret-reading-limited', known)).toMatchObject({
      verdict: 'pass',
      exempted: ['Group system:masters', 'ServiceAccount kube-system/namespace-controller'],
    })
    const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
    const more: Described = {
      ...known,
      roles: [role('system:controller:namespace-controller', ['create pods'], { labels })],
    }
    expect(said('pod-creation-limited', more)).toMatchObject({
      verdict: 'fail',
      offending: ['ServiceAccount kube-system/namespace-controller'],
    })
  })

  it('is not left out for a role with the label of the built-in ones', () => {
    const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
    const described = {
      roles: [role('system:mine', ['get secrets'], { labels })],
      bindings: [
        {
          ...binding('system:mine', 'ClusterRole system:mine', 'User eve'),
          metadata: { name: 'system:mine', labels },
        },
      ],
    }
    expect(said('secret-reading-limited', described)).toMatchObject({
      verdict: 'fail',
      offending: ['User eve'],
    })
  })

  it('is the account’s whose user name is bound, in the namespace of the binding if none is named', () => {
    const described = {
      roles: [secrets],
      bindings: [
        binding('x', 'ClusterRole reader', 'User system:serviceaccount:dev:ci'),
        binding('dev/y', 'ClusterRole reader', 'ServiceAccount worker'),
      ],
    }
    expect(said('secret-reading-limited', described)).toMatchObject({
      offending: ['ServiceAccount dev/ci'],
      noted: ['ServiceAccount dev/worker'],
    })
  })
})

describe('wildcards in roles (5.1.3)', () => {
  const given = (...names: readonly string[]) =>
    names.map((name) => binding(name, `ClusterRole ${name}`, 'User a'))

  it('are found in a list with others, and as part of a resource', () => {
    const roles = [
      role('mixed', [{ verbs: ['get', '*'], apiGroups: [''], resources: ['pods'] }]),
      role('scale', ['get apps:*/scale']),
      role('below', ['get pods/*']),
      role('urls', [{ verbs: ['get'], nonResourceURLs: ['*'] }]),
      role('plain', ['get pods,pods/log']),
    ]
    expect(
      said('roles-without-wildcards', { roles, bindings: given('mixed', 'scale', 'below', 'urls', 'plain') }),
    ).toMatchObject({
      verdict: 'fail',
      offending: ['ClusterRole below', 'ClusterRole mixed', 'ClusterRole scale', 'ClusterRole urls'],
    })
  })

  it('are accepted in roles nobody has, and for API groups alone', () => {
    const roles = [role('unused', ['* pods']), role('groups', ['get *:pods']), role('empty', ['* pods'])]
    const bindings = [...given('groups'), binding('empty', 'ClusterRole empty')]
    expect(said('roles-without-wildcards', { roles, bindings })).toMatchObject({
      verdict: 'pass',
      noted: ['ClusterRole empty', 'ClusterRole groups', 'ClusterRole unused'],
      exempted: ['ClusterRole cluster-admin'],
    })
  })

  it('are not excused by a name that is part of another', () => {
    const roles = ['admin', 'system', 'controller'].map((name) => role(name, ['* pods']))
    expect(
      said('roles-without-wildcards', { roles, bindings: given('admin', 'system', 'controller') }),
    ).toMatchObject({
      offending: ['ClusterRole admin', 'ClusterRole controller', 'ClusterRole system'],
    })
  })

  it('are the fault of the role they stand in, not of those that aggregate it', () => {
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { to: 'ops' } }] }
    const roles = [
      role('ops', ['* pods'], { aggregationRule }),
      role('part', ['* pods'], { labels: { to: 'ops' } }),
      role('same', ['* pods'], { labels: { to: 'ops' } }),
    ]
    expect(said('roles-without-wildcards', { roles, bindings: given('ops') })).toMatchObject({
      offending: ['ClusterRole part', 'ClusterRole same'],
      exempted: ['ClusterRole cluster-admin', 'ClusterRole ops', 'ClusterRole ops'],
    })
  })
})

describe('making pods run (5.1.4)', () => {
  it.each([
    'create pods',
    'create apps:deployments',
    'patch apps:daemonsets',
    'update batch:cronjobs',
    'update pods/ephemeralcontainers',
  ])('is what %s does', (text) => {
    const described = { roles: [role('r', [text])], bindings: [binding('x', 'ClusterRole r', 'User alice')] }
    expect(said('pod-creation-limited', described)).toMatchObject({ verdict: 'fail' })
  })

  it('is not what reading them, or running commands in them, does', () => {
    const described = {
      roles: [role('r', ['get,list pods', 'create pods/exec', 'get apps:deployments'])],
      bindings: [binding('x', 'ClusterRole r', 'User alice')],
    }
    expect(said('pod-creation-limited', described)).toMatchObject({ verdict: 'pass', noted: [] })
  })
})

describe('raising one’s rights (5.1.8)', () => {
  const group = 'rbac.authorization.k8s.io'
  const extra = 'authentication.k8s.io'

  it.each([
    `bind ${group}:clusterroles`,
    `escalate ${group}:roles`,
    'impersonate users',
    'impersonate serviceaccounts',
    `impersonate ${extra}:uids`,
    `impersonate ${extra}:userextras/scopes`,
    `impersonate ${extra}:*`,
  ])('is what %s does', (text) => {
    const described = { roles: [role('r', [text])], bindings: [binding('x', 'ClusterRole r', 'User alice')] }
    expect(said('escalation-limited', described)).toMatchObject({
      verdict: 'fail',
      offending: ['User alice'],
    })
  })

  it('is nothing in a namespace where the thing is of the whole cluster', () => {
    const described = {
      roles: [role('r', ['impersonate users,groups', `escalate ${group}:clusterroles`])],
      bindings: [binding('dev/x', 'ClusterRole r', 'User alice')],
    }
    expect(said('escalation-limited', described)).toMatchObject({ verdict: 'pass', noted: [] })
  })

  it('weighs in full where a name it is limited to can do everything', () => {
    const roles = [
      role('harmless', [`bind ${group}:clusterroles view,edit`]),
      role('harmful', [`bind ${group}:clusterroles view,cluster-admin`]),
      role('masters', ['impersonate groups system:masters']),
    ]
    const bindings = ['harmless', 'harmful', 'masters'].map((name) =>
      binding(name, `ClusterRole ${name}`, `User ${name}`),
    )
    expect(said('escalation-limited', { roles, bindings })).toMatchObject({
      offending: ['User harmful', 'User masters'],
      noted: ['User harmless'],
    })
  })
})

describe('reaching kubelets through nodes/proxy (5.1.10)', () => {
  it('needs no more than get', () => {
    const roles = [
      role('get', ['get nodes/proxy']),
      role('all', ['get */proxy']),
      role('metrics', ['get nodes,nodes/metrics,nodes/*']),
    ]
    const bindings = ['get', 'all', 'metrics'].map((name) =>
      binding(name, `ClusterRole ${name}`, `User ${name}`),
    )
    expect(said('node-proxy-limited', { roles, bindings })).toMatchObject({
      offending: ['User all', 'User get'],
    })
  })

  it('is the API server’s own user’s under RKE2 and K3s', () => {
    const roles = [role('system:kubelet-api-admin', ['* nodes/proxy,nodes/log'])]
    const bindings = [
      binding('kube-apiserver-kubelet-admin', 'ClusterRole system:kubelet-api-admin', 'User kube-apiserver'),
      binding('mine', 'ClusterRole system:kubelet-api-admin', 'User kube-apiserver2'),
    ]
    expect(said('node-proxy-limited', { roles, bindings })).toMatchObject({
      offending: ['User kube-apiserver2'],
      exempted: ['Group system:masters', 'User kube-apiserver'],
    })
  })
})

describe('fine-grained rights to kubelets (5.1.14)', () => {
  it('are told in a sentence whether anybody holds nodes/proxy or not', () => {
    expect(said('kubelet-rights-fine-grained', {})).toMatchObject({
      verdict: 'informational',
      reason: expect.stringMatching(/^Nobody holds nodes\/proxy /),
    })
    const described = {
      roles: [role('agent', ['get nodes/proxy'])],
      bindings: [binding('agent', 'ClusterRole agent', 'User agent')],
    }
    expect(said('kubelet-rights-fine-grained', described)).toMatchObject({
      verdict: 'informational',
      reason: expect.stringMatching(/^User agent holds nodes\/proxy/),
    })
  })
})

describe('approving certificates (5.1.11)', () => {
  const group = 'certificates.k8s.io'
  const approval = role('approval', [`update ${group}:certificatesigningrequests/approval`])
  const signer = role('signer', [`approve ${group}:signers kubernetes.io/kube-apiserver-client`])

  it('takes both rights, by one binding or by several', () => {
    const roles = [approval, signer]
    const both = [
      binding('a', 'ClusterRole approval', 'User both', 'User half'),
      binding('b', 'ClusterRole signer', 'User both'),
    ]
    const found = said('certificate-approval-limited', { roles, bindings: both })
    expect(found).toMatchObject({ verdict: 'fail', offending: ['User both'], noted: [] })
    expect(found.because[0]).toContain(
      'ClusterRoleBinding a to ClusterRole approval and by ClusterRoleBinding b',
    )
  })

  it('counts what the groups of an account have', () => {
    const bindings = [
      binding('a', 'ClusterRole approval', 'ServiceAccount dev/ci'),
      binding('b', 'ClusterRole signer', 'Group system:serviceaccounts:dev'),
    ]
    expect(said('certificate-approval-limited', { roles: [approval, signer], bindings })).toMatchObject({
      offending: ['ServiceAccount dev/ci'],
    })
  })

  it('is not approving one request by name', () => {
    const named = role('approval', [`update ${group}:certificatesigningrequests/approval csr-1`])
    const bindings = [
      binding('a', 'ClusterRole approval', 'User a'),
      binding('b', 'ClusterRole signer', 'User a'),
    ]
    expect(said('certificate-approval-limited', { roles: [named, signer], bindings })).toMatchObject({
      noted: ['User a'],
    })
  })
})

describe('the other powers', () => {
  it.each([
    ['volume-creation-limited', 'create persistentvolumes', 'create persistentvolumeclaims'],
    [
      'admission-change-limited',
      'patch admissionregistration.k8s.io:mutatingwebhookconfigurations',
      'get admissionregistration.k8s.io:mutatingwebhookconfigurations',
    ],
    [
      'admission-change-limited',
      'delete admissionregistration.k8s.io:validatingadmissionpolicybindings',
      'delete apps:deployments',
    ],
    ['token-creation-limited', 'create serviceaccounts/token', 'create serviceaccounts'],
  ])('%s: %s is one, %s is not', (check, yes, no) => {
    const roles = [role('yes', [yes]), role('no', [no])]
    const bindings = ['yes', 'no'].map((name) => binding(name, `ClusterRole ${name}`, `User ${name}`))
    expect(said(check, { roles, bindings })).toMatchObject({ verdict: 'fail', offending: ['User yes'] })
  })
})
