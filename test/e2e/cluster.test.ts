import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openRecording } from '../support/api/recordings.ts'
import { serve } from '../support/api/server.ts'
import { issueCertificates, type User, writeKubeconfig } from '../support/api/users.ts'
import { khard } from '../support/khard.ts'

const certificates = issueCertificates()
const directory = mkdtempSync(join(tmpdir(), 'khard-api-'))
const servers = {
  hardened: await serve(openRecording('hardened'), certificates),
  default: await serve(openRecording('default'), certificates),
  /** Anybody gets in. */
  open: await serve(openRecording('default'), certificates, ({ user }) =>
    user === 'anon' ? { status: 200, body: {} } : undefined,
  ),
}

afterAll(async () => {
  for (const server of Object.values(servers)) await server.close()
  rmSync(directory, { recursive: true, force: true })
})

/** One run against a recorded API server as one of its users. */
function audit(mode: keyof typeof servers, user: User, ...more: readonly string[]) {
  const kubeconfig = writeKubeconfig(directory, servers[mode].url, certificates)
  return khard(['audit', '--cluster', '--kubeconfig', kubeconfig, '--context', user, ...more])
}

describe('audit --cluster', () => {
  it('needs nothing but a kubeconfig', async () => {
    const ran = await audit('hardened', 'admin', '-o', 'json')
    const result = JSON.parse(ran.stdout)

    expect(ran.stderr).not.toContain('error:')
    expect(result.targets).toMatchObject([
      { id: 'admin', kind: 'cluster', distribution: 'unknown', version: 'v1.36.2', reached: true },
      { id: 'vm', kind: 'node', distribution: 'unknown', profile: 'cluster-cis' },
    ])
  })

  it('tries the endpoint without credentials', async () => {
    const verdicts = await Promise.all(
      (['hardened', 'default', 'open'] as const).map(async (mode) => {
        const { stdout } = await audit(
          mode,
          'admin',
          '-o',
          'json',
          '--only',
          'cluster.anonymous-requests-refused',
        )
        return JSON.parse(stdout).findings[0]
      }),
    )

    expect(verdicts).toMatchObject([
      { verdict: 'pass', observed: 401 },
      { verdict: 'pass', observed: 403 },
      { verdict: 'fail', observed: 200 },
    ])
  })
})

describe('nodes as the API shows them', () => {
  it('are judged by what their kubelets say; the rest is not checked and says why', async () => {
    const { stdout } = await audit('hardened', 'admin', '-o', 'json', '--profile', 'hardway-cis')
    const { targets, findings } = JSON.parse(stdout)
    const ofNode = findings.filter(({ target }: { target: string }) => target === 'vm')
    const verdictOf = (control: string) =>
      ofNode.find(
        (one: { control: string; benchmark: string }) =>
          one.benchmark === 'cis-kubernetes' && one.control === control,
      )

    expect(targets.map(({ id, kind }: { id: string; kind: string }) => [id, kind])).toEqual([
      ['admin', 'cluster'],
      ['vm', 'node'],
    ])
    // --anonymous-auth=false, a certificate authority and no read-only port were seen in the kubelet itself.
    expect(verdictOf('4.2.1')).toMatchObject({
      verdict: 'pass',
      provenance: [{ kind: 'api', at: 'GET /api/v1/nodes/vm/proxy/configz' }],
    })
    expect(verdictOf('4.2.2')).toMatchObject({ verdict: 'pass' })
    expect(verdictOf('4.1.1')).toMatchObject({
      verdict: 'notChecked',
      next: expect.stringContaining('--cluster'),
    })
    expect(verdictOf('1.2.1')).toMatchObject({ verdict: 'notChecked' })
    expect(ofNode.filter(({ verdict }: { verdict: string }) => verdict === 'error')).toEqual([])
  })

  it('answer section 4.2 by what the kubelet runs with', async () => {
    const of = async (mode: 'hardened' | 'default') => {
      const { stdout } = await audit(mode, 'admin', '-o', 'json', '--profile', 'hardway-cis', '--only', '4.2')
      return Object.fromEntries(
        JSON.parse(stdout)
          .findings.filter(
            (one: { target: string; benchmark: string }) =>
              one.target === 'vm' && one.benchmark === 'cis-kubernetes',
          )
          .map(({ control, verdict }: { control: string; verdict: string }) => [control, verdict]),
      )
    }

    const hardened = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [`4.2.${index + 1}`, 'pass'] as const),
    )
    expect(await of('hardened')).toEqual({
      ...hardened,
      // The host name is on the node only.
      '4.2.7': 'notChecked',
      // It serves with a certificate that it is given.
      '4.2.11': 'notApplicable',
    })
    expect(await of('default')).toEqual({
      '4.2.1': 'fail',
      '4.2.2': 'fail',
      // The recorded kubelet is given a client CA, though it lets anybody in without one.
      '4.2.3': 'pass',
      '4.2.4': 'fail',
      '4.2.5': 'pass',
      '4.2.6': 'fail',
      '4.2.7': 'notChecked',
      '4.2.8': 'pass',
      // It tells <cert-dir>/kubelet.crt as its certificate: it signed it itself, or its file names that very path.
      '4.2.9': 'notChecked',
      '4.2.10': 'fail',
      '4.2.11': 'notChecked',
      '4.2.12': 'fail',
      '4.2.13': 'fail',
      '4.2.14': 'fail',
    })
  }, 30_000)

  it('are errors that name the right where the user may not ask kubelets', async () => {
    const { stdout } = await audit(
      'hardened',
      'auditor',
      '-o',
      'json',
      '--profile',
      'hardway-cis',
      '--only',
      '4.2.1',
    )
    const [finding] = JSON.parse(stdout).findings.filter(({ target }: { target: string }) => target === 'vm')

    expect(finding).toMatchObject({ verdict: 'error', reason: expect.stringContaining('nodes/proxy') })
  })

  it('are errors for nothing that the right would not bring', async () => {
    const { stdout } = await audit('hardened', 'auditor', '-o', 'json', '--profile', 'hardway-cis')
    const wrong = JSON.parse(stdout).findings.filter(
      (one: { target: string; benchmark: string; verdict: string }) =>
        one.target === 'vm' && one.benchmark === 'cis-kubernetes' && one.verdict === 'error',
    )
    // All of them are what the kubelet itself would say.
    expect(wrong.map(({ control }: { control: string }) => control)).toEqual(
      [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14].map((number) => `4.2.${number}`),
    )
    const reasons: readonly string[] = wrong.map(({ reason }: { reason: string }) => reason)
    expect(reasons.filter((reason) => !reason.includes('nodes/proxy'))).toEqual([])
  }, 30_000)
})
