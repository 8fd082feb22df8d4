import { Agent as HttpAgent } from 'node:http'
import { Agent, type RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { KhardError } from '../../model/errors.ts'
import { oneLine } from '../carriers/one-line.ts'

/** Which kubeconfig and which of its contexts. */
export interface KubeconfigChoice {
  /** `--kubeconfig`; else $KUBECONFIG, ~/.kube/config, then the service account of a pod. */
  readonly file?: string
  readonly context?: string
}

/** How to reach an API server as the user of a context. */
export interface Credentials {
  /** `https://10.0.0.1:6443`. */
  readonly url: string
  /** The context's name. */
  readonly context: string
  /** Options of a request; tokens and exec plugins are asked again when theirs run out. */
  options(): Promise<RequestOptions>
  /** The same without a client certificate and without any credentials. */
  anonymous(): Promise<RequestOptions>
  close(): void
}

function misuse(message: string, next: string, cause?: unknown): KhardError {
  return new KhardError({ code: 'usage', message, next, ...(cause === undefined ? {} : { cause }) })
}

const nameOne =
  'Name one with --kubeconfig FILE or KUBECONFIG, and --context NAME for another of its contexts.'

/** Reads the kubeconfig and chooses the context. Throws `usage` for what is not there or cannot be read. */
export async function openKubeconfig({ file, context }: KubeconfigChoice): Promise<Credentials> {
  // A heavy package: loaded only where a cluster is asked for.
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  try {
    if (file === undefined) config.loadFromDefault()
    else config.loadFromFile(file)
  } catch (cause) {
    const why = oneLine(cause instanceof Error ? cause.message : String(cause))
    throw misuse(`${file ?? 'the kubeconfig'} cannot be read: ${why}`, nameOne, cause)
  }
  if (context !== undefined) {
    const known = config.getContexts().map(({ name }) => name)
    if (!known.includes(context))
      throw misuse(
        `there is no context "${context}" in the kubeconfig`,
        `Contexts: ${known.join(', ') || 'none'}.`,
      )
    config.setCurrentContext(context)
  }
  return credentialsOf(config)
}

function credentialsOf(config: KubeConfig): Credentials {
  const cluster = config.getCurrentCluster()
  // Without any file the library falls back to a server that nobody named.
  if (cluster === null || config.getCurrentContext() === 'loaded-context')
    throw misuse('there is no kubeconfig with a current context', nameOne)
  if (!URL.canParse(cluster.server))
    throw misuse(`the server of context "${config.getCurrentContext()}" is no address`, nameOne)
  const isProxied = cluster.proxyUrl !== undefined
  const agents = openAgents(cluster.server)
  const options = async (): Promise<RequestOptions> => {
    const made: RequestOptions = {}
    await config.applyToHTTPSOptions(made)
    if (!isProxied) made.agent = agents.of('user', made)
    return made
  }
  return {
    url: cluster.server.replace(/\/+$/, ''),
    context: config.getCurrentContext(),
    options,
    anonymous: async () => {
      const { ca, servername, rejectUnauthorized, agent } = await options()
      const bare: RequestOptions = {
        ...(ca === undefined ? {} : { ca }),
        ...(servername === undefined ? {} : { servername }),
        ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
      }
      return { ...bare, agent: isProxied ? agent : agents.of('anonymous', bare) }
    },
    close: agents.close,
  }
}

/** Connections stay open between questions; a list of a hundred pages is one handshake. */
function openAgents(server: string) {
  const agents = new Map<string, Agent | HttpAgent>()
  return {
    of: (who: string, options: RequestOptions): Agent | HttpAgent => {
      const fresh = agents.get(who) ?? agentFor(server, options)
      agents.set(who, fresh)
      return fresh
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

function agentFor(server: string, options: RequestOptions): Agent | HttpAgent {
  if (server.startsWith('http:')) return new HttpAgent({ keepAlive: true })
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options
  const tls = { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized }
  const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
  return new Agent({ keepAlive: true, ...given })
}
