import type { Duplex } from 'node:stream'
import ssh2, { type Client } from 'ssh2'
import { oneLine } from '../carriers/one-line.ts'
import type { Ending } from '../carriers/run.ts'
import { addKnownHost, readKnownHosts } from './files.ts'
import type { Hop } from './hop.ts'
import { decideHostKey, type HostKeyDecision } from './host-key.ts'
import { loadIdentities } from './identities.ts'
import { entriesFor, hostKeyAlgorithms } from './known-hosts.ts'

export interface ConnectOptions {
  readonly hop: Hop
  /** The stream through the jump host before; the network when absent. */
  readonly through?: Duplex
  readonly sendsPassword: boolean
  /** Called as soon as there is a client, so that it can be closed whatever happens. */
  opened(client: Client): void
}

export type Connected =
  | { readonly kind: 'connected'; readonly client: Client }
  | { readonly kind: 'failed'; readonly ending: Ending }

/** Connects and logs in to one hop, its host key verified. Never rejects. */
export function connectHop(options: ConnectOptions): Promise<Connected> {
  const { hop } = options
  const known = readKnownHosts(hop.knownHostsFiles)
  const identities = loadIdentities(hop)
  const client = new ssh2.Client()
  const agentTroubles: string[] = []
  let refusal: (HostKeyDecision & { kind: 'refuse' }) | null = null
  options.opened(client)
  return new Promise((resolve) => {
    const fail = (ending: Ending): void => resolve({ kind: 'failed', ending })
    client.on('ready', () => resolve({ kind: 'connected', client }))
    client.on('error', (error) => {
      // The agent failing is one way in less, not the end.
      if (error.level === 'agent') agentTroubles.push(oneLine(error.message))
      else if (refusal !== null)
        fail({ end: 'unreachable', detail: oneLine(refusal.detail, 600), next: refusal.next })
      else fail(connectTrouble(error, hop, [...identities.notes, ...agentTroubles]))
    })
    client.on('close', () => fail(closedEarly(hop)))
    client.connect({
      host: hop.host,
      port: hop.port,
      username: hop.user,
      ...(options.through === undefined ? {} : { sock: options.through }),
      ...(hop.family === 4 ? { forceIPv4: true } : {}),
      ...(hop.family === 6 ? { forceIPv6: true } : {}),
      readyTimeout: 0, // the run has its own limits
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      algorithms: { serverHostKey: hostKeyAlgorithms(entriesFor(known, hop.knownHostsName)) },
      authHandler: identities.methods,
      hostVerifier: (key: Buffer) => {
        const decision = decideHostKey(hop, key, { known, sendsPassword: options.sendsPassword })
        if (decision.kind === 'refuse') refusal = decision
        else if (decision.add !== null && hop.acceptInto !== null) addKnownHost(hop.acceptInto, decision.add)
        return decision.kind === 'accept'
      },
    })
  })
}

function closedEarly(hop: Hop): Ending {
  return {
    end: 'unreachable',
    detail: `${hop.host}:${hop.port} closed the connection before the login`,
    next: 'Check that sshd runs there, and its MaxStartups and PerSourceMaxStartups when many connect at once.',
  }
}

interface ClientError extends Error {
  readonly level?: string
  readonly code?: string
}

function connectTrouble(error: ClientError, hop: Hop, notes: readonly string[]): Ending {
  const place = `${hop.host}:${hop.port}`
  if (error.level === 'client-authentication') {
    const because = notes.length === 0 ? '' : ` (${notes.join('; ')})`
    return {
      end: 'permission-denied',
      detail: oneLine(`${place} refused the login of ${hop.user}${because}`, 600),
      next: 'Check the user name, the key and ssh-agent (ssh-add -l), and authorized_keys on the node.',
    }
  }
  const cause = networkCauses[error.code ?? '']
  return {
    end: 'unreachable',
    detail: `${place}: ${cause ?? oneLine(error.message)}`,
    next:
      error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN'
        ? 'Check the name of the target.'
        : 'Check the address, the network, the firewall and that sshd runs there.',
  }
}

const networkCauses: { readonly [code: string]: string } = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset before the login',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name cannot be looked up just now',
}
