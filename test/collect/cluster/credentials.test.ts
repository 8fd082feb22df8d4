import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createApiServer } from '../../../src/collect/cluster/api-server.ts'
import { openKubeconfig } from '../../../src/collect/cluster/kubeconfig.ts'

const directory = mkdtempSync(join(tmpdir(), 'khard-credentials-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const limits = { timeoutMs: 5000, signal: new AbortController().signal }
const around = { env: {}, home: directory, cwd: directory }

function put(name: string, text: string, mode = 0o600): string {
  const file = join(directory, name)
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

function kubeconfig(name: string, user: object, cluster: object = { server: 'https://api:6443' }): string {
  const config = {
    'current-context': 'c',
    clusters: [{ name: 'k', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
  }
  return put(name, JSON.stringify(config))
}

const open = (file: string) => openKubeconfig({ ...around, file }, limits)

describe('credentials', () => {
  it('of a token file are those that stand in it now', async () => {
    const token = put('token', 'first\n')
    const credentials = open(kubeconfig('by-file', { tokenFile: token, token: 'other' }))
    const before = await credentials.options()
    put('token', 'second\n')
    const after = await credentials.options()

    expect(before.headers).toEqual({ authorization: 'Bearer first' })
    expect(after.headers).toEqual({ authorization: 'Bearer second' })
  })

  it('of a name and a password, and of somebody to stand in for', async () => {
    const basic = open(kubeconfig('basic', { username: 'me', password: 'pw' }))
    const other = open(kubeconfig('as', { token: 't', as: 'jane', 'as-groups': ['ops', 'dev'] }))

    expect((await basic.options()).headers).toEqual({ authorization: 'Basic bWU6cHc=' })
    expect((await other.options()).headers).toEqual({
      authorization: 'Bearer t',
      'impersonate-user': 'jane',
      'impersonate-group': ['ops', 'dev'],
    })
  })

  it('are none for a stranger, whose connection is another one', async () => {
    const credentials = open(kubeconfig('stranger', { token: 't' }))
    const [own, stranger] = [await credentials.options(), await credentials.anonymous()]

    expect(stranger.headers).toEqual({})
    expect(stranger.agent).not.toBe(own.agent)
    // NODE_TLS_REJECT_UNAUTHORIZED must not switch it off.
    expect(stranger.rejectUnauthorized).toBe(true)
  })

  it('of a proxy and of a stranger behind it come without the certificate of the user', async () => {
    const cluster = { server: 'https://api:6443', 'proxy-url': 'http://proxy:3128' }
    const credentials = open(kubeconfig('proxied', { token: 't' }, cluster))

    expect((await credentials.options()).headers).toMatchObject({ authorization: 'Bearer t' })
    expect((await credentials.anonymous()).headers).not.toHaveProperty('authorization')
    expect((await credentials.anonymous()).agent).not.toBe((await credentials.options()).agent)
  })

  it('of a pod are its service account', async () => {
    put('token', 'of the pod')
    put('ca.crt', 'CA')
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
    const choice = { ...around, home: '/nowhere', env, serviceAccount: directory }
    const credentials = openKubeconfig(choice, limits)

    expect(credentials).toMatchObject({ url: 'https://[fd00::1]:443', context: 'in-cluster' })
    expect(await credentials.options()).toMatchObject({ headers: { authorization: 'Bearer of the pod' } })
    expect(() => openKubeconfig({ ...choice, context: 'x' }, limits)).toThrow(/no context "x"/)
    expect(() => openKubeconfig({ ...choice, env: {} }, limits)).toThrow(/no kubeconfig/)
  })

  it('of a plugin are asked for once, and again when they have run out', async () => {
    const count = join(directory, 'count')
    const plugin = (name: string, until: string): string => {
      const status = JSON.stringify({ token: 'p', expirationTimestamp: until })
      return put(
        name,
        `#!/bin/sh\necho x >> ${count}\necho '{"kind":"ExecCredential","status":${status}}'\n`,
        0o700,
      )
    }
    const runs = (): number => readFileSync(count, 'utf8').length / 2
    const lasting = open(kubeconfig('p1', { exec: { command: plugin('lasts', '2126-01-01T00:00:00Z') } }))
    await Promise.all([lasting.options(), lasting.options()])
    await lasting.options()
    expect(runs()).toBe(1)
    const short = open(kubeconfig('p2', { exec: { command: plugin('short', '2020-01-01T00:00:00Z') } }))
    await short.options()
    await short.options()
    expect(runs()).toBe(3)
  })
})

describe('an API server', () => {
  it('that no longer knows a token is asked once more with a new one', async () => {
    const seen: (string | undefined)[] = []
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization)
      response.statusCode = seen.length === 1 ? 401 : 200
      response.end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const token = put('rotated', 'old')
    const credentials = open(
      kubeconfig('renewed', { tokenFile: token }, { server: `http://127.0.0.1:${port}` }),
    )
    const api = createApiServer(credentials, { ...limits, connectTimeoutMs: 1000, random: () => 0 })
    const reply = await api.ask({ path: '/version' })
    api.close()
    server.closeAllConnections()
    server.close()

    expect(reply).toMatchObject({ kind: 'answered', status: 200 })
    expect(seen).toHaveLength(2)
  })
})
