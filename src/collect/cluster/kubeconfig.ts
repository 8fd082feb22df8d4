import { readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { flagAt, textAt } from '../../facts/cluster/json.ts'
import { isRecord } from '../../facts/text/document.ts'
import { type ChosenContext, chooseContext, type KubeconfigChoice } from './choose-context.ts'
import { type Fields, openConnection } from './connection.ts'
import { type PluginCredentials, runPlugin } from './exec-plugin.ts'

export type { KubeconfigChoice } from './choose-context.ts'

/** How to reach an API server as the user of a context. */
export interface Credentials {
  /** `https://10.0.0.1:6443`. */
  readonly url: string
  /** The context's name. */
  readonly context: string
  /** What a person should know of the connection. */
  readonly notes: readonly string[]
  /** Options of a request; tokens are read and plugins asked again when theirs run out. */
  options(): Promise<RequestOptions>
  /** The same without a client certificate and without any credentials. */
  anonymous(): Promise<RequestOptions>
  /** Forgets what a plugin said. False when the credentials would be the same again. */
  renew(): boolean
  close(): void
}

/** How long a plugin may take, and what stops it. */
export interface Limits {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Reads the kubeconfig and chooses the context. Throws `usage` for what is not there or cannot be read. */
export function openKubeconfig(choice: KubeconfigChoice, limits: Limits): Credentials {
  const chosen = chooseContext(choice)
  const { cluster } = chosen
  const url = (textAt(cluster, 'server') ?? '').replace(/\/+$/, '')
  const isUntrusted = flagAt(cluster, 'insecure-skip-tls-verify') === true
  const effective = effectiveUser(chosen, url, { ...limits, env: choice.env })
  const asUser = openConnection(cluster)
  const asNobody = openConnection(cluster)
  return {
    url,
    context: chosen.name,
    notes: isUntrusted
      ? [`context ${chosen.name} does not check the certificate of ${url}: its answers may be anybody’s`]
      : [],
    options: async () => asUser.options(await effective.user()),
    anonymous: () => asNobody.options(noCredentials),
    renew: effective.forget,
    close: () => {
      asUser.close()
      asNobody.close()
    },
  }
}

const noCredentials: Fields = {}

/** The user with what files and plugins say right now; the same object as long as that does not change. */
function effectiveUser(
  { user }: ChosenContext,
  server: string,
  limits: Limits & Pick<KubeconfigChoice, 'env'>,
) {
  const { exec, tokenFile, ...fixed } = user
  let plugin: Promise<PluginCredentials> | undefined
  let known: { readonly from: unknown; readonly user: Fields } = { from: undefined, user: fixed }
  const once = (from: unknown, more: Fields): Fields => {
    if (known.from !== from) known = { from, user: { ...fixed, ...more } }
    return known.user
  }
  const fromPlugin = async (): Promise<Fields> => {
    plugin ??= runPlugin(exec, { ...limits, server })
    const said = await plugin
    if (said.untilMs !== undefined && said.untilMs <= Date.now() && known.from === said) {
      plugin = undefined
      return fromPlugin()
    }
    const { token, certificate = '', key = '' } = said
    const pair = certificate === '' ? {} : { certificatePem: certificate, keyPem: key }
    return once(said, { ...(token === undefined ? {} : { token }), ...pair })
  }
  return {
    user: async (): Promise<Fields> => {
      if (isRecord(exec)) return fromPlugin()
      if (typeof tokenFile !== 'string' || tokenFile === '') return fixed
      const token = readFileSync(tokenFile, 'utf8').trim()
      return once(token, { token })
    },
    forget: (): boolean => {
      plugin = undefined
      return isRecord(exec) || tokenFile !== undefined
    },
  }
}
