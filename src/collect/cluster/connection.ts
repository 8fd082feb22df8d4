import { readFileSync } from 'node:fs'
import { Agent as HttpAgent, type OutgoingHttpHeaders } from 'node:http'
import { Agent, type RequestOptions } from 'node:https'
import type { ConnectionOptions, SecureContextOptions } from 'node:tls'
import { flagAt, textAt, textsAt } from '../../facts/cluster/json.ts'
import { isRecord } from '../../facts/text/document.ts'

/** Fields of a cluster or user of a kubeconfig. */
export interface Fields {
  readonly [name: string]: unknown
}

/** What requests of one user need. */
export interface Connection {
  options(user: Fields): Promise<RequestOptions>
  close(): void
}

/** Connections of one user: they stay open between questions; a list of a hundred pages is one handshake. */
export function openConnection(cluster: Fields): Connection {
  let made: { readonly user: Fields; readonly options: Promise<RequestOptions> } | undefined
  const agents: (Agent | HttpAgent)[] = []
  const build = async (user: Fields): Promise<RequestOptions> => {
    if (textAt(cluster, 'proxy-url') !== undefined || isRecord(user['auth-provider']))
      return throughLibrary(cluster, user)
    const tls = tlsOf(cluster, user)
    const isPlain = (textAt(cluster, 'server') ?? '').startsWith('http:')
    const agent = isPlain ? new HttpAgent({ keepAlive: true }) : new Agent({ keepAlive: true, ...tls })
    agents.push(agent)
    return { ...tls, agent, headers: headersOf(user) }
  }
  return {
    options: (user: Fields): Promise<RequestOptions> => {
      if (made?.user !== user) made = { user, options: build(user) }
      return made.options
    },
    close: (): void => {
      for (const agent of agents) agent.destroy()
    },
  }
}

/** Bytes of a field: those of the file it names, else those that stand there in base64. */
function bytesOf(fields: Fields, name: string): Buffer | undefined {
  const inline = textAt(fields, `${name}-data`) ?? ''
  if (inline !== '') return Buffer.from(inline, 'base64')
  const file = textAt(fields, name) ?? ''
  return file === '' ? undefined : readFileSync(file)
}

function tlsOf(cluster: Fields, user: Fields): SecureContextOptions & ConnectionOptions {
  const ca = bytesOf(cluster, 'certificate-authority')
  const cert = textAt(user, 'certificatePem') ?? bytesOf(user, 'client-certificate')
  const key = textAt(user, 'keyPem') ?? bytesOf(user, 'client-key')
  const servername = textAt(cluster, 'tls-server-name')
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    // Said outright: an environment variable of Node.js must not switch it off.
    rejectUnauthorized: flagAt(cluster, 'insecure-skip-tls-verify') !== true,
  }
}

function headersOf(user: Fields): OutgoingHttpHeaders {
  const {
    token = '',
    username = '',
    password = '',
  } = {
    token: textAt(user, 'token'),
    username: textAt(user, 'username'),
    password: textAt(user, 'password'),
  }
  const basic = Buffer.from(`${username}:${password}`).toString('base64')
  const as = textAt(user, 'as') ?? ''
  const groups = textsAt(user, 'as-groups')
  return {
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    ...(token === '' && username !== '' ? { authorization: `Basic ${basic}` } : {}),
    ...(as === '' ? {} : { 'impersonate-user': as }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': [...groups] }),
  }
}

// A heavy package: loaded only where a proxy stands in between, or an authentication provider of old.
async function throughLibrary(cluster: Fields, user: Fields): Promise<RequestOptions> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  const { certificatePem, keyPem, token, ...own } = user
  const encoded = (pem: unknown): string => Buffer.from(String(pem)).toString('base64')
  const pair =
    certificatePem === undefined
      ? {}
      : { 'client-certificate-data': encoded(certificatePem), 'client-key-data': encoded(keyPem) }
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name: 'one', cluster }],
      users: [{ name: 'one', user: { ...own, ...pair } }],
      contexts: [{ name: 'one', context: { cluster: 'one', user: 'one' } }],
      'current-context': 'one',
    }),
  )
  const made: RequestOptions = {}
  await config.applyToHTTPSOptions(made)
  // The library knows no groups to impersonate; its token comes from the provider.
  const given = made.headers !== undefined && !Array.isArray(made.headers) ? made.headers : {}
  return { ...made, headers: { ...given, ...headersOf(user) } }
}
