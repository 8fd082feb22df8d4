import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openRecording } from '../support/api/recordings.ts'
import { type Fault, type Seen, serve } from '../support/api/server.ts'
import { issueCertificates, type User, writeKubeconfig } from '../support/api/users.ts'
import { khard, startKhard, workspace } from '../support/khard.ts'

const certificates = issueCertificates()
const directory = workspace()
let fault: Fault = () => undefined
const server = await serve(openRecording('hardened'), certificates, (seen, nth) => fault(seen, nth))

afterAll(() => server.close())
beforeEach(() => {
  fault = () => undefined
})

interface Audited {
  readonly code: number | null
  readonly stderr: string
  readonly reached: boolean | undefined
  readonly problem: string | undefined
  /** Verdict and reason of one check of the cluster. */
  of(check: string): { readonly verdict: string; readonly reason: string; readonly next?: string }
}

const about = ['--only', 'cluster.anonymous-requests-refused', '--only', 'cluster.pod-admission-active']
const admission = 'cluster.pod-admission-active'
const endpoint = 'cluster.anonymous-requests-refused'

async function audit(user: User = 'admin', ...more: readonly string[]): Promise<Audited> {
  const kubeconfig = writeKubeconfig(directory, server.url, certificates)
  const ran = await khard(
    ['audit', '--cluster', '--kubeconfig', kubeconfig, '--context', user, ...about, ...more, '-o', 'json'],
    { timeoutMs: 110_000 },
  )
  const { targets, findings } = JSON.parse(ran.stdout)
  return {
    code: ran.code,
    stderr: ran.stderr,
    reached: targets[0]?.reached,
    problem: targets[0]?.problem,
    of: (check) => findings.find((one: { check: string }) => one.check === check),
  }
}

/** Plants an answer for the list of namespaces. */
const forNamespaces =
  (planted: Fault): Fault =>
  (seen, nth) =>
    seen.path === '/api/v1/namespaces' ? planted(seen, nth) : undefined

const everywhere =
  (planted: Fault): Fault =>
  (seen, nth) =>
    planted(seen, nth)

const status = (code: number, message = '', headers: Readonly<Record<string, string>> = {}) => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code },
  headers,
})
const list = (items: unknown, metadata: unknown = {}) => ({
  status: 200,
  body: { kind: 'NamespaceList', apiVersion: 'v1', metadata, items },
})
const page = '<html><body>Please sign in</body></html>'

describe('one list that cannot be had leaves its control open and the others judged', () => {
  const cases: readonly (readonly [string, Fault, RegExp])[] = [
    ['500 for good', () => status(500, 'etcd is gone'), /answered 500: etcd is gone/],
    ['502 for good', () => ({ status: 502, body: 'bad gateway' }), /answered 502/],
    ['a redirect, which is not followed', () => status(302, '', { location: '/login' }), /answered 302/],
    ['a page of a proxy that says 200', () => ({ status: 200, body: page }), /is no list/],
    ['a page of a proxy that says 404', () => ({ status: 404, body: page }), /answered 404/],
    [
      'JSON that is no list',
      () => ({ status: 200, body: { kind: 'Namespace', metadata: {} } }),
      /is no list/,
    ],
    ['half a JSON text', () => ({ status: 200, body: '{"kind":"NamespaceList","items":[' }), /is no list/],
    ['items that are no list', () => list({ 0: {} }), /is no list/],
    ['no items', () => list(undefined), /is no list/],
    ['an object without a name', () => list([{ kind: 'Namespace' }]), /no name/],
    ['objects that are no objects', () => list([null, 7, 'name']), /no name/],
    ['pages that never end', () => list([], { continue: 'again' }), /pages without end/],
    ['empty pages that never end', (_seen, nth) => list([], { continue: `n${nth}` }), /pages without end/],
    [
      'a list the server forgets again and again',
      ({ query }) => (query.has('continue') ? status(410) : list([], { continue: 'x' })),
      /forgot the list/,
    ],
    [
      'a list whose rest is gone',
      ({ query }) => (query.has('continue') ? status(404) : list([], { continue: 'x' })),
      /rest of the list/,
    ],
    [
      'a refusal',
      () => status(403, 'namespaces is forbidden: cannot list resource "namespaces"'),
      /right to list namespaces/,
    ],
    ['a connection cut in the middle', () => 'cut', /ended before all was sent/],
    ['a connection cut in the middle of what is zipped', () => 'cut-zipped', /ended before all was sent/],
  ]
  it.each(cases)('%s', async (_name, planted, says) => {
    fault = forNamespaces(planted)
    const ran = await audit()

    expect(ran.of(admission)).toMatchObject({ verdict: 'error', reason: expect.stringMatching(says) })
    expect(ran.of(endpoint)).toMatchObject({ verdict: 'pass' })
    expect(ran.of(admission).next).toMatch(/\w/)
    expect(ran.code).toBe(3)
  })
})

describe('trouble that passes is waited out', () => {
  const cases: readonly (readonly [string, Fault])[] = [
    [
      '429 with a time to come back',
      (_seen, nth) => (nth < 3 ? status(429, '', { 'retry-after': '1' }) : undefined),
    ],
    ['503 twice', (_seen, nth) => (nth < 3 ? status(503) : undefined)],
    ['a connection cut once', (_seen, nth) => (nth < 2 ? 'cut' : undefined)],
    ['a list forgotten once', (_seen, nth) => (nth < 2 ? status(410) : undefined)],
  ]
  it.each(cases)('%s', async (_name, planted) => {
    fault = forNamespaces(planted)
    const ran = await audit()

    expect(ran.of(admission)).toMatchObject({ verdict: 'fail' })
    expect(ran.of(endpoint)).toMatchObject({ verdict: 'pass' })
    expect(ran.code).toBe(1)
  })

  it('is waited for no longer than the time of the run', async () => {
    fault = forNamespaces(() => status(429, '', { 'retry-after': '0' }))
    const began = Date.now()
    const ran = await audit('admin', '--timeout', '3s')

    expect(ran.of(admission)).toMatchObject({ verdict: 'error', reason: expect.stringContaining('429') })
    expect(ran.of(endpoint)).toMatchObject({ verdict: 'pass' })
    expect(Date.now() - began).toBeLessThan(30_000)
  })
})

describe('a server that answers nothing of use ends the run at once', () => {
  const cases: readonly (readonly [string, Fault, RegExp])[] = [
    ['401 for everything', () => status(401, 'Unauthorized'), /does not accept the credentials/],
    ['500 for everything', () => status(500), /answered 500/],
    ['the page of a proxy', () => ({ status: 200, body: page }), /no Kubernetes API server/],
    ['429 for everything', () => status(429, '', { 'retry-after': '3600' }), /come back later/],
    ['silence', () => 'hang', /did not answer within 2 s/],
  ]
  it.each(cases)('%s', async (_name, planted, says) => {
    fault = everywhere(planted)
    const ran = await audit('admin', '--timeout', '2s')

    expect(ran.of(admission)).toMatchObject({ verdict: 'error' })
    expect(ran.of(endpoint)).toMatchObject({ verdict: 'error' })
    expect(ran.problem).toMatch(says)
    expect(ran.reached).toBe(false)
    expect(ran.code).toBe(3)
  })
})

describe('servers of other versions', () => {
  it('1.24 does not know who asks: the rest is judged', async () => {
    fault = ({ path }) =>
      path.endsWith('/selfsubjectreviews')
        ? { status: 404, body: '404 page not found\n' }
        : path === '/version'
          ? { status: 200, body: { major: '1', minor: '24', gitVersion: 'v1.24.17' } }
          : undefined
    const ran = await audit()

    expect(ran.of(admission)).toMatchObject({ verdict: 'fail' })
    expect(ran.code).toBe(1)
  })

  it('one of years to come is judged by what it says', async () => {
    fault = ({ path }) =>
      path === '/version' ? { status: 200, body: { gitVersion: 'v1.40.0', more: {} } } : undefined

    expect((await audit()).of(admission)).toMatchObject({ verdict: 'fail' })
  })

  it('a review of rights that is none refuses nothing', async () => {
    fault = ({ path }) =>
      path.endsWith('/selfsubjectrulesreviews') ? { status: 201, body: { status: {} } } : undefined

    expect((await audit()).of(admission)).toMatchObject({ verdict: 'fail' })
  })

  it('a page larger than is taken is asked for again with fewer objects', async () => {
    const limits: string[] = []
    const large = { status: 200, body: `{"pad":"${'x'.repeat(33 * 1024 * 1024)}"}` }
    fault = forNamespaces(({ query }) => {
      limits.push(query.get('limit') ?? '')
      return Number(query.get('limit')) > 100 ? large : undefined
    })
    const ran = await audit()

    expect(ran.of(admission)).toMatchObject({ verdict: 'fail' })
    expect(limits.slice(0, 2)).toEqual(['500', '63'])
  })
})

describe('a run that is stopped', () => {
  it('keeps what it collected, says 130, and what is missing is an error when it is judged', async () => {
    const kubeconfig = writeKubeconfig(directory, server.url, certificates)
    const bundle = join(directory, 'stopped.khard')
    const asked = new Promise<Seen>((resolve) => {
      fault = forNamespaces((seen) => {
        resolve(seen)
        return 'hang'
      })
    })
    const args = ['--cluster', '--kubeconfig', kubeconfig, '--context', 'admin']
    const run = startKhard(['collect', ...args, '-o', bundle])
    await asked
    // The other lists get their time.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    run.child.kill('SIGINT')
    const { code, stderr } = await run.ended
    const replayed = await khard(['audit', `bundle:${bundle}`, ...about, '-o', 'json'])
    const { findings } = JSON.parse(replayed.stdout)
    const of = (check: string) => findings.find((one: { check: string }) => one.check === check)

    expect(code).toBe(130)
    expect(stderr).toContain('cut short')
    expect(of(admission)).toMatchObject({ verdict: 'error', reason: expect.stringContaining('stopped') })
    expect(of(endpoint)).toMatchObject({ verdict: 'pass' })
  })
})
