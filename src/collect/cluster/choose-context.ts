import { existsSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { join, resolve } from 'node:path'
import { textAt } from '../../facts/cluster/json.ts'
import { type Entry, type Kubeconfig, misuse, readKubeconfigs, requireFiles } from './kubeconfig-file.ts'

/** Which kubeconfig and which of its contexts. */
export interface KubeconfigChoice {
  /** `--kubeconfig`; else $KUBECONFIG, ~/.kube/config, then the service account of a pod. */
  readonly file?: string
  readonly context?: string
  readonly env: { readonly [name: string]: string | undefined }
  readonly home: string
  readonly cwd: string
  /** Where a pod finds its service account. */
  readonly serviceAccount?: string
}

/** A server and who asks it: the fields of a kubeconfig's cluster and user. */
export interface ChosenContext {
  readonly name: string
  readonly cluster: { readonly [field: string]: unknown }
  readonly user: { readonly [field: string]: unknown }
}

const serviceAccountPlace = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Finds the context that is asked for. Throws `usage`, with file and line, for what does not lead to a server. */
export function chooseContext(choice: KubeconfigChoice): ChosenContext {
  const files = filesOf(choice)
  return files.length === 0 ? podContext(choice) : contextOf(readKubeconfigs(files), choice.context)
}

function filesOf({ file, env, home, cwd }: KubeconfigChoice): readonly string[] {
  if (file !== undefined) return [resolve(cwd, file)]
  const named = (env.KUBECONFIG ?? '').split(':').filter((one) => one !== '')
  if (named.length > 0) {
    // As kubectl: a file of the list that is not there is left out, as long as there is one.
    const there = named.map((one) => resolve(cwd, one)).filter((one) => existsSync(one))
    if (there.length === 0) throw misuse(`KUBECONFIG names ${named.join(', ')}: there is no such file`)
    return there
  }
  const usual = join(home, '.kube', 'config')
  return existsSync(usual) ? [usual] : []
}

function podContext({ env, context, serviceAccount = serviceAccountPlace }: KubeconfigChoice): ChosenContext {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = env
  const token = join(serviceAccount, 'token')
  if (host === '' || !existsSync(token)) throw misuse('there is no kubeconfig')
  if (context !== undefined)
    throw misuse(`there is no kubeconfig, so there is no context "${context}"`, 'Leave --context out.')
  return {
    name: 'in-cluster',
    cluster: {
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      'certificate-authority': join(serviceAccount, 'ca.crt'),
    },
    user: { tokenFile: token },
  }
}

function contextOf(config: Kubeconfig, asked: string | undefined): ChosenContext {
  const known = [...config.contexts.keys()].sort().join(', ') || 'none'
  const name = asked ?? config.current
  if (name === undefined)
    throw misuse(`${config.named} has no current context`, `Choose one with --context: ${known}.`)
  const context = config.contexts.get(name)
  if (context === undefined)
    throw misuse(`there is no context "${name}" in ${config.named}`, `Contexts: ${known}.`)
  const named = (key: 'cluster' | 'user', entries: ReadonlyMap<string, Entry>): Entry => {
    const word = textAt(context.fields, key) ?? ''
    if (word === '') throw misuse(`${context.place()}: context "${name}" names no ${key}`)
    const entry = entries.get(word)
    if (entry === undefined)
      throw misuse(`${context.place(key)}: context "${name}" names ${key} "${word}", which is not there`)
    requireFiles(entry)
    return entry
  }
  const cluster = named('cluster', config.clusters)
  const user = named('user', config.users)
  requireServer(name, cluster)
  return { name, cluster: cluster.fields, user: user.fields }
}

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Credentials go to the server that is named, and not in the clear. */
function requireServer(name: string, cluster: Entry): void {
  const server = textAt(cluster.fields, 'server') ?? ''
  const at = cluster.place('server')
  const url = URL.canParse(server) ? new URL(server) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw misuse(`${at}: the server of context "${name}" is no https:// address`)
  if (url.username !== '' || url.password !== '')
    throw misuse(
      `${at}: the address of the server holds a name or password`,
      'Put them into the user of the context.',
    )
  if (url.protocol === 'http:' && !loopback.test(url.hostname))
    throw misuse(
      `${at}: ${url.origin} would get the credentials in the clear`,
      'Use its https:// address; only a server on this machine (kubectl proxy) is asked without TLS.',
    )
}
