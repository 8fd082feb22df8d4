import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openRecording } from '../support/api/recordings.ts'
import { serve } from '../support/api/server.ts'
import { issueCertificates, writeKubeconfig } from '../support/api/users.ts'
import { khard, workspace } from '../support/khard.ts'

const certificates = issueCertificates()
const others = issueCertificates()
const directory = workspace()
const server = await serve(openRecording('hardened'), certificates)
afterAll(() => server.close())

const secret = 'kubeconfig0CANARY0token'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const endpoint = ['--only', 'cluster.anonymous-requests-refused']
const admin = certificates.clients.admin
const pair = {
  'client-certificate-data': base64(admin?.certificate ?? ''),
  'client-key-data': base64(admin?.key ?? ''),
}
const trusted = { server: server.url, 'certificate-authority-data': base64(certificates.ca) }

interface Parts {
  readonly cluster?: unknown
  readonly user?: unknown
  readonly context?: unknown
  readonly current?: string
}

/** One context `c`, readable by a person: its faults have lines. */
function config(name: string, { cluster = trusted, user = pair, context, current = 'c' }: Parts): string {
  const file = join(directory, name)
  const lines = [
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${current}`,
    `clusters: [{name: k, cluster: ${JSON.stringify(cluster)}}]`,
    `users: [{name: u, user: ${JSON.stringify(user)}}]`,
    `contexts: [{name: c, context: ${JSON.stringify(context ?? { cluster: 'k', user: 'u' })}}]`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  return file
}

function raw(name: string, text: string): string {
  const file = join(directory, name)
  writeFileSync(file, text)
  return file
}

function plugin(name: string, script: string): string {
  const file = join(directory, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

const run = (kubeconfig: string, ...more: readonly string[]) =>
  khard(['audit', '--cluster', '--kubeconfig', kubeconfig, ...endpoint, ...more, '-o', 'json'])

const exec = (command: string, more: object = {}) => ({
  user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, ...more } },
})

describe('a kubeconfig that leads nowhere is a usage error that names file and line', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['no file', join(directory, 'none'), /none: there is no such file/],
    ['a directory', directory, /it is a directory/],
    [
      'no YAML',
      raw('broken', `users:\n- name: u\n  user: {token: ${secret}\nx: [`),
      /broken:\d+: it is no YAML/,
    ],
    ['a text', raw('text', secret), /text: it is no kubeconfig/],
    ['users that are no list', raw('users', `users: {token: ${secret}}`), /users:1: "users" is no list/],
    ['no context at all', raw('empty', 'apiVersion: v1'), /no current context/],
    ['another context', config('other', { current: 'prod' }), /no context "prod" in .*other/],
    [
      'a context without a cluster',
      config('c1', { context: { user: 'u' } }),
      /c1:6: context "c" names no cluster/,
    ],
    [
      'a context without a user',
      config('c2', { context: { cluster: 'k' } }),
      /c2:6: context "c" names no user/,
    ],
    [
      'a cluster that is not there',
      config('c3', { context: { cluster: 'x', user: 'u' } }),
      /c3:6: .*cluster "x"/,
    ],
    ['a user that is not there', config('c4', { context: { cluster: 'k', user: 'x' } }), /c4:6: .*user "x"/],
    [
      'a CA file that is not there',
      config('c5', { cluster: { server: server.url, 'certificate-authority': 'ca.crt' } }),
      /c5:4: certificate-authority is .*ca\.crt: there is no such file/,
    ],
    [
      'a key file that is not there',
      config('c6', { user: { ...pair, 'client-key': 'my.key' } }),
      /c6:5: client-key is .*my\.key/,
    ],
    [
      'a token file that is not there',
      config('c7', { user: { tokenFile: '/none/token' } }),
      /c7:5: tokenFile/,
    ],
    ['a server that is no address', config('c8', { cluster: { server: 'apiserver' } }), /c8:4: .*no https/],
    [
      'a password in the address',
      config('c9', { cluster: { server: `https://me:${secret}@api` } }),
      /c9:4: .*holds a name or password/,
    ],
    [
      'a server that is asked in the clear',
      config('c10', { cluster: { server: 'http://10.0.0.1:8080' }, user: { token: secret } }),
      /c10:4: .*in the clear/,
    ],
  ]
  it.each(cases)('%s', async (_name, file, says) => {
    const ran = await run(file)

    expect(ran.stderr).toMatch(says)
    expect(ran.stderr).toMatch(/^next: \w/m)
    expect(ran.stderr + ran.stdout).not.toContain('CANARY')
    expect(ran.stdout).toBe('')
    expect(ran.code).toBe(2)
  })

  it('none at all', async () => {
    const ran = await khard(['audit', '--cluster'])

    expect(ran.stderr).toMatch(/there is no kubeconfig/)
    expect(ran.code).toBe(2)
  })
})

describe('a way that does not lead to the server ends the run with no claim', () => {
  const closed = 'https://127.0.0.1:1'
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'a closed port',
      config('d1', { cluster: { ...trusted, server: closed } }),
      /127\.0\.0\.1:1 cannot be reached/,
    ],
    [
      'a name without an address',
      config('d2', { cluster: { ...trusted, server: 'https://no-such-host.invalid' } }),
      /no-such-host\.invalid cannot be reached/,
    ],
    [
      'another CA',
      config('d3', { cluster: { ...trusted, 'certificate-authority-data': base64(others.ca) } }),
      /not trusted with the CA of the kubeconfig/,
    ],
    [
      'a key of somebody else',
      config('d4', { user: { ...pair, 'client-key-data': base64(others.clients.admin?.key ?? '') } }),
      /does not belong to its client certificate/,
    ],
    [
      'a certificate that is none',
      config('d5', { user: { ...pair, 'client-certificate-data': base64('no PEM') } }),
      /cannot be used/,
    ],
    [
      'a plugin that is not installed',
      config('d6', exec('no-such-plugin')),
      /"no-such-plugin" is not installed/,
    ],
    [
      'a plugin that fails',
      config('d7', exec(plugin('fails', `echo ${secret} >&2; exit 7`))),
      /failed \(status 7\)/,
    ],
    [
      'a plugin that prints no credentials',
      config('d8', exec(plugin('prints', `echo ${secret}`))),
      /did not print an ExecCredential/,
    ],
    [
      'a plugin that hangs',
      config('d9', exec(plugin('hangs', 'sleep 100 & sleep 100'))),
      /did not answer within 2 s/,
    ],
  ]
  it.each(cases)('%s', async (_name, file, says) => {
    const ran = await run(file, '--timeout', '2s')
    const { targets, findings } = JSON.parse(ran.stdout)

    expect(targets).toMatchObject([{ reached: false, problem: expect.stringMatching(says) }])
    expect(findings).toMatchObject([{ verdict: 'error', next: expect.stringMatching(/\w/) }])
    expect(ran.stdout + ran.stderr).not.toContain('CANARY')
    expect(ran.code).toBe(3)
  })
})

describe('ways that lead to the server', () => {
  const passes = async (ran: Awaited<ReturnType<typeof khard>>) => {
    expect(JSON.parse(ran.stdout).findings).toMatchObject([{ verdict: 'pass' }])
    expect(ran.code).toBe(0)
  }

  it('files beside the kubeconfig, whatever the current directory', async () => {
    mkdirSync(join(directory, 'pki'), { recursive: true })
    const put = (name: string, text: string): string => {
      writeFileSync(join(directory, 'pki', name), text)
      return `pki/${name}`
    }
    const cluster = { server: server.url, 'certificate-authority': put('ca.crt', certificates.ca) }
    const user = {
      'client-certificate': put('admin.crt', admin?.certificate ?? ''),
      'client-key': put('admin.key', admin?.key ?? ''),
    }
    await passes(await run(config('e1', { cluster, user })))
  })

  it('a plugin that prints a certificate and key; it is told the server and no shell reads its arguments', async () => {
    const credential = {
      kind: 'ExecCredential',
      status: { clientCertificateData: admin?.certificate, clientKeyData: admin?.key },
    }
    writeFileSync(join(directory, 'credential.json'), JSON.stringify(credential))
    const said = join(directory, 'said')
    const script = plugin(
      'good',
      `printf '%s' "$1 $MY $KUBERNETES_EXEC_INFO" > ${said}; cat ${join(directory, 'credential.json')}`,
    )
    const file = config('e2', exec(script, { args: ['$(id)'], env: [{ name: 'MY', value: 'own' }] }))
    await passes(await run(file))

    expect(readFileSync(said, 'utf8')).toContain('$(id) own {')
    expect(readFileSync(said, 'utf8')).toContain(server.url)
  })

  it('KUBECONFIG with several files: the first that names something counts, one that is missing does not', async () => {
    const first = raw('f1', 'current-context: admin\ncontexts: []\n')
    const second = writeKubeconfig(directory, server.url, certificates)
    const env = { KUBECONFIG: `${join(directory, 'none')}:${first}:${second}` }
    const ran = await khard(['audit', '--cluster', ...endpoint, '-o', 'json'], { env })
    await passes(ran)

    expect(JSON.parse(ran.stdout).targets).toMatchObject([{ id: 'admin' }])
  })

  it('KHARD_CLUSTER and khard.yaml say what the command line does', async () => {
    const file = writeKubeconfig(directory, server.url, certificates)
    const cwd = join(directory, 'configured')
    mkdirSync(cwd, { recursive: true })
    writeFileSync(join(cwd, 'khard.yaml'), `kubeconfig: ${file}\ncontext: admin\n`)
    await passes(await khard(['audit', ...endpoint, '-o', 'json'], { cwd, env: { KHARD_CLUSTER: 'yes' } }))
  })

  it('a server whose certificate is not checked is asked, and that is said', async () => {
    const cluster = { server: server.url, 'insecure-skip-tls-verify': true }
    const ran = await run(config('e3', { cluster }))
    await passes(ran)

    expect(ran.stderr).toMatch(/does not check the certificate/)
  })

  it('a proxy on this machine is asked without TLS', async () => {
    const seen: (string | undefined)[] = []
    const proxy = createServer((request, response) => {
      seen.push(request.headers.authorization)
      response.setHeader('content-type', 'application/json')
      response.statusCode = request.headers.authorization === undefined ? 401 : 200
      response.end(request.url === '/version' ? '{"gitVersion":"v1.36.2"}' : '{"kind":"Status"}')
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    const cluster = { server: `http://127.0.0.1:${port}` }
    try {
      await passes(await run(config('e4', { cluster, user: { token: secret } })))
    } finally {
      proxy.close()
    }

    expect(seen).toContain(`Bearer ${secret}`)
    // The question about strangers is asked as a stranger.
    expect(seen).toContain(undefined)
  })
})
