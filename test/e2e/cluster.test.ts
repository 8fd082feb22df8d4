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
