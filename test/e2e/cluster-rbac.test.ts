import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { apiResources } from '../../src/facts/cluster/resources.ts'
import { openRecording } from '../support/api/recordings.ts'
import { type Fault, serve } from '../support/api/server.ts'
import { issueCertificates, type User, writeKubeconfig } from '../support/api/users.ts'
import { khard } from '../support/khard.ts'

const certificates = issueCertificates()
const directory = mkdtempSync(join(tmpdir(), 'khard-rbac-'))
const running: { close(): Promise<void> }[] = []

afterAll(async () => {
  for (const server of running) await server.close()
  rmSync(directory, { recursive: true, force: true })
})

interface Remark {
  readonly name: string
  readonly because: string
}
interface Finding {
  readonly control: string
  readonly check: string
  readonly verdict: string
  readonly reason: string
  readonly objects?: { readonly [list: string]: readonly Remark[] }
}

/** Controls of section 5.1 as one user of a recorded server sees them. */
async function audit(mode: 'hardened' | 'default', user: User, fault?: Fault) {
  const server = await serve(openRecording(mode), certificates, fault)
  running.push(server)
  const kubeconfig = writeKubeconfig(directory, server.url, certificates)
  const ran = await khard(['audit', '--cluster', '--kubeconfig', kubeconfig, '--context', user, '-o', 'json'])
  const findings: readonly Finding[] = JSON.parse(ran.stdout).findings
  return { server, findings: findings.filter(({ control }) => /^5\.1\./.test(control)), stderr: ran.stderr }
}

const names = (finding: Finding | undefined, list: string): readonly string[] =>
  (finding?.objects?.[list] ?? []).map(({ name }) => name)

/** Those who hold cluster-admin hold every power. */
const admins = [
  'ServiceAccount dev/default',
  'ServiceAccount legacy/admin-bot',
  // The account does not exist: whoever may create it is an administrator.
  'ServiceAccount legacy/gone',
  'User alice@example.test',
]

const offenders: { readonly [control: string]: readonly string[] } = {
  '5.1.1': admins,
  '5.1.2': ['Group system:serviceaccounts', ...admins],
  '5.1.3': [
    // It names groups, and then every resource in them.
    'ClusterRole auditor',
    'ClusterRole everything',
    'Role dev/star',
  ],
  '5.1.4': [...admins.slice(0, 3), 'ServiceAccount team-a/deployer', 'User alice@example.test'],
  '5.1.8': [
    'Group support',
    ...admins.slice(0, 3),
    'ServiceAccount mesh/operator',
    'User alice@example.test',
  ],
  '5.1.9': admins,
  '5.1.10': [...admins.slice(0, 3), 'ServiceAccount monitoring/node-agent', 'User alice@example.test'],
  '5.1.11': ['ServiceAccount dev/ci', ...admins],
  '5.1.12': ['ServiceAccount dev/ci', ...admins],
  '5.1.13': ['ServiceAccount batch/etl', ...admins],
  '5.1.14': [...admins.slice(0, 3), 'ServiceAccount monitoring/node-agent', 'User alice@example.test'],
}

const noted: { readonly [control: string]: readonly string[] } = {
  // The binding to a role there is not gives nothing; the others reach one namespace.
  '5.1.1': ['ClusterRoleBinding dangling', 'Group developers', 'ServiceAccount dev/ci'],
  // edit holds secrets by aggregation.
  '5.1.2': [
    'Group developers',
    'Group developers',
    'ServiceAccount dev/ci',
    'ServiceAccount payments/api',
    'ServiceAccount team-a/deployer',
  ],
  // Nobody is given them.
  '5.1.3': [
    'ClusterRole unused-star',
    'ClusterRole wildcard-groups',
    'ClusterRole wildcard-resources',
    'ClusterRole wildcard-verbs',
    'Role staging/pods-star',
  ],
  '5.1.7': ['ClusterRoleBinding extra-masters'],
}

describe.each(['hardened', 'default'] as const)('rights in a recorded cluster (%s)', (mode) => {
  let findings: readonly Finding[] = []
  const of = (control: string) =>
    findings.find((one) => one.control === control && one.check.startsWith('cluster.'))

  beforeAll(async () => {
    findings = (await audit(mode, 'admin')).findings
  })

  it.each(Object.entries(offenders))('%s names %j', (control, expected) => {
    // The recorded server in its default state was started with one more binding to cluster-admin, which no API server
    // makes: the subject is the control plane's, the binding is not, and 5.1.3 has no subjects.
    const more = mode === 'default' && control !== '5.1.3' ? ['User system:kube-controller-manager'] : []
    expect(names(of(control), 'offending')).toEqual([...expected, ...more])
    expect(of(control)?.verdict).toBe(control === '5.1.14' ? 'informational' : 'fail')
  })

  it.each(Object.entries(noted))('%s lists %j without failing for them', (control, expected) => {
    expect(names(of(control), 'noted')).toEqual(expected)
  })

  it('has default accounts with rights (5.1.5)', () => {
    expect(of('5.1.5')?.verdict).toBe('fail')
    expect(names(of('5.1.5'), 'offending')).toEqual(
      expect.arrayContaining([
        'Group system:serviceaccounts',
        'ServiceAccount dev/default',
        'ServiceAccount team-b/default',
      ]),
    )
  })

  it('has nobody with a certificate of system:masters by request (5.1.7)', () => {
    expect(of('5.1.7')?.verdict).toBe('pass')
  })

  // No binding beyond those of the API server and of kubeadm is left out.
  it('leaves out built-in subjects only', () => {
    for (const control of Object.keys(offenders).filter((one) => one !== '5.1.3'))
      for (const name of names(of(control), 'exempted'))
        expect(name).toMatch(
          /^(ServiceAccount kube-system\/|User system:|Group (system:masters|kubeadm:cluster-admins)$)/,
        )
  })

  it.skipIf(!apiResources.has('v1/pods'))('has pods with tokens they should not hold (5.1.6)', () => {
    expect(of('5.1.6')?.verdict).toBe('fail')
    const held = names(of('5.1.6'), 'offending')
    expect(held).toEqual(expect.arrayContaining(['Pod default/in-default', 'Pod team-b/latest-tag']))
    // Their pods ended: what they were given is gone, and the controls ask about running pods.
    for (const list of ['offending', 'noted', 'exempted'])
      for (const ended of ['Job batch/once', 'Pod batch/done', 'Pod mesh/apparmor-annotation'])
        expect(names(of('5.1.6'), list)).not.toContain(ended)
    // It asks for a token by itself, and everybody's right to read secrets is its as well.
    expect(names(of('5.1.6'), 'noted')).toEqual(
      expect.arrayContaining(['Pod batch/projected-token', 'Deployment team-a/web']),
    )
  })
})

describe('a user with fewer rights', () => {
  it('is told which right is missing', async () => {
    const { findings, stderr } = await audit('hardened', 'auditor')
    const requests = findings.find(({ check }) => check === 'cluster.masters-not-requested')
    expect(requests).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('certificatesigningrequests'),
    })
    expect(findings.find(({ check }) => check === 'cluster.admin-rights-limited')?.verdict).toBe('fail')
    expect(stderr).not.toContain('internal')
  })

  it('keeps its verdicts on tokens without the right to list Secrets', async () => {
    const [all, fewer] = [await audit('hardened', 'admin'), await audit('hardened', 'auditor')]
    for (const control of ['5.1.5', '5.1.6']) {
      const [one, other] = [all, fewer].map(({ findings }) =>
        findings.find((finding) => finding.control === control),
      )
      expect([one?.verdict, other?.verdict]).toEqual(['fail', 'fail'])
    }
  })

  it('gets no verdict where nothing may be listed', async () => {
    const { findings, server } = await audit('hardened', 'nobody')
    expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(['error']))
    expect(server.seen.some(({ path }) => path.includes('rbac.authorization.k8s.io/v1/'))).toBe(false)
  })
})

describe('audit --cluster --show-rbac', () => {
  interface Role {
    readonly kind: string
    readonly rules: readonly {
      readonly apiGroups?: readonly string[]
      readonly resources?: readonly string[]
      readonly nonResourceURLs?: readonly string[]
      readonly verbs: readonly string[]
    }[]
  }

  it('prints a role that is enough, and no more than is used', async () => {
    const shown = await khard(['audit', '--cluster', '--show-rbac', '--profile', 'cluster-cis'])
    expect(shown.code).toBe(0)
    const [role, ...others] = parseAllDocuments(shown.stdout).map((document): Role => document.toJS())
    if (role === undefined) throw new Error('no role was shown')
    // The default namespace is asked about at level 2.
    expect(others).toEqual([])
    expect(role.kind).toBe('ClusterRole')
    expect(JSON.stringify(role)).not.toContain('*')

    const refused: string[] = []
    const resourceRules = role.rules
      .filter(({ resources }) => resources !== undefined)
      .map(({ apiGroups, resources, verbs }) => ({ apiGroups, resources, verbs }))
    const allowed = new Set(
      role.rules.flatMap(({ apiGroups = [], resources = [], verbs }) =>
        verbs.includes('list') ? apiGroups.flatMap((group) => resources.map((one) => `${group}/${one}`)) : [],
      ),
    )
    const readable = new Set(
      role.rules.flatMap(({ resources = [], verbs }) => (verbs.includes('get') ? resources : [])),
    )
    const urls = new Set(role.rules.flatMap(({ nonResourceURLs = [] }) => nonResourceURLs))
    const onlyThese: Fault = ({ method, path, user }) => {
      if (user === 'anon') return undefined
      if (path.endsWith('/selfsubjectrulesreviews'))
        return { status: 201, body: { status: { incomplete: false, resourceRules, nonResourceRules: [] } } }
      if (method === 'POST') return undefined
      const { group = '', resource = '' } =
        /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+\/(?:namespaces\/[^/]+\/)?(?<resource>[a-z]+)$/.exec(path)
          ?.groups ?? {}
      if (path.includes('/namespaces/default/') || /^\/apis?(?:\/[^/]+){0,2}$/.test(path)) return undefined
      if (path.startsWith('/api/v1/nodes/') && readable.has('nodes/proxy')) return undefined
      if (path.endsWith('/endpoints/kubernetes') && readable.has('endpoints')) return undefined
      if (resource === '' ? urls.has(path) : allowed.has(`${group}/${resource}`)) return undefined
      refused.push(path)
      return { status: 403, body: { kind: 'Status', message: 'no', code: 403 } }
    }
    const { findings, server } = await audit('hardened', 'admin', onlyThese)
    expect(refused).toEqual([])
    expect(
      findings
        .filter(({ verdict, check }) => verdict === 'error' && check !== '')
        .map(({ reason }) => reason)
        .filter((reason) => /right|forbidden/.test(reason)),
    ).toEqual([])
    const listed = server.seen.filter(({ method }) => method === 'GET').map(({ path }) => path)
    for (const one of allowed) {
      const [, resource = ''] = /\/([^/]+)$/.exec(one) ?? []
      expect(listed.some((path) => path.endsWith(`/${resource}`))).toBe(true)
    }
  })

  it('is smaller for a smaller selection, and needs no server', async () => {
    const shown = await khard([
      'audit',
      '--cluster',
      '--show-rbac',
      '--only',
      'cluster.anonymous-requests-refused',
    ])
    expect(shown.stdout).not.toContain('rbac.authorization.k8s.io"]')
    expect(shown.stdout).toContain('resources: [nodes]')
  })

  it('is refused where no cluster is asked for', async () => {
    const shown = await khard(['audit', '--show-rbac'])
    expect(shown).toMatchObject({ code: 2, stderr: expect.stringContaining('Add --cluster') })
  })
})
