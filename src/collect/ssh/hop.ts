import type { HostSettings } from './config.ts'
import { knownHostsName } from './known-hosts.ts'

/** One SSH server on the way to a target, the target last. */
export interface Hop {
  /** As the person or the configuration wrote it. */
  readonly alias: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly identityFiles: readonly string[]
  /** False when the files are only the usual places, so that missing ones are no news. */
  readonly areIdentitiesNamed: boolean
  readonly identitiesOnly: boolean
  readonly agentSocket: string | null
  /** How this host is looked up in known_hosts. */
  readonly knownHostsName: string
  readonly knownHostsFiles: readonly string[]
  /** File a newly accepted key is added to. */
  readonly acceptInto: string | null
  readonly hostKeyCheck: 'strict' | 'accept-new' | 'off'
  readonly family: 4 | 6 | null
}

/** A target or jump host before the configuration was asked. */
export interface HopAddress {
  readonly host: string
  readonly user?: string
  readonly port?: number
  readonly identityFile?: string
}

/** What hops need to know of the machine khard runs on. */
export interface Surroundings {
  readonly home: string
  readonly localUser: string
  readonly env: { readonly [name: string]: string | undefined }
}

/** A setting the built-in client cannot honour and must not ignore, or one that makes no sense. */
export interface HopFault {
  readonly detail: string
  readonly next: string
}

const useOpenssh = 'Use --ssh-client openssh, which drives the system’s ssh.'
// Ignoring one of these would reach another machine than meant, or trust a key that was withdrawn.
const mustNotIgnore = ['proxycommand', 'revokedhostkeys', 'canonicalizehostname']

/** Turns an address and what the configuration says of it into a hop. */
export function createHop(address: HopAddress, settings: HostSettings, around: Surroundings): Hop | HopFault {
  const value = (keyword: string): string | undefined => settings.values.get(keyword)?.[0]
  for (const keyword of mustNotIgnore) {
    const set = value(keyword)?.toLowerCase()
    if (set !== undefined && set !== 'none' && set !== 'no') {
      return {
        detail: `the SSH configuration sets ${keyword} for ${address.host}, which the built-in client cannot honour`,
        next: useOpenssh,
      }
    }
  }
  const port = address.port ?? Number(value('port') ?? 22)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return {
      detail: `the SSH configuration gives ${address.host} the port "${value('port')}"`,
      next: 'Correct Port in the SSH configuration.',
    }
  }
  const host = (value('hostname') ?? '%h').replaceAll('%h', address.host).replaceAll('%%', '%')
  const user = address.user ?? value('user') ?? around.localUser
  const expand = (path: string): string => expandPath(path, { host, port, user, alias: address.host }, around)
  const files = (keyword: string, usual: readonly string[]): readonly string[] =>
    (settings.values.get(keyword) ?? usual).filter((path) => path.toLowerCase() !== 'none').map(expand)
  const userFiles = files('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'])
  const globalFiles = files('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'])
  const named = [
    ...(address.identityFile === undefined ? [] : [address.identityFile]),
    ...settings.identityFiles,
  ]
  const alias = value('hostkeyalias')
  return {
    alias: address.host,
    host,
    port,
    user,
    identityFiles: (named.length === 0 ? usualIdentities : named)
      .filter((path) => path.toLowerCase() !== 'none')
      .map(expand),
    areIdentitiesNamed: named.length > 0,
    identitiesOnly: value('identitiesonly')?.toLowerCase() === 'yes',
    agentSocket: agentSocket(value('identityagent'), expand, around),
    knownHostsName: alias === undefined ? knownHostsName(host, port) : alias.toLowerCase(),
    knownHostsFiles: [...userFiles, ...globalFiles],
    acceptInto: userFiles[0] ?? null,
    hostKeyCheck: hostKeyCheck(value('stricthostkeychecking')),
    family: family(value('addressfamily')),
  }
}

const usualIdentities = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa']

/** The jump hosts of a `ProxyJump` value, first one first; null for a value that is not one. */
export function parseProxyJump(value: string): readonly HopAddress[] | null {
  if (value.toLowerCase() === 'none' || value === '') return []
  const hops = value.split(',').map(parseHopAddress)
  const addresses = hops.flatMap((hop) => (hop === null ? [] : [hop]))
  return addresses.length === hops.length ? addresses : null
}

/** `[user@]host[:port]` or `ssh://…`, IPv6 in brackets. */
export function parseHopAddress(text: string): HopAddress | null {
  const match = /^(?:ssh:\/\/)?(?:(.+)@)?(\[[^\]]+\]|[^:@[\]/]+)(?::(\d{1,5}))?\/?$/.exec(text.trim())
  if (match === null) return null
  const [, user, place = '', port] = match
  const host = place.replace(/^\[|\]$/g, '')
  if (
    host.startsWith('-') ||
    user?.startsWith('-') === true ||
    /[\s\u0000-\u001f]/.test(`${user ?? ''}${host}`)
  )
    return null
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return null
  return {
    host,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  }
}

function hostKeyCheck(value: string | undefined): Hop['hostKeyCheck'] {
  const word = value?.toLowerCase()
  if (word === 'accept-new') return 'accept-new'
  return word === 'no' || word === 'off' ? 'off' : 'strict'
}

function family(value: string | undefined): 4 | 6 | null {
  if (value?.toLowerCase() === 'inet') return 4
  return value?.toLowerCase() === 'inet6' ? 6 : null
}

function agentSocket(
  value: string | undefined,
  expand: (path: string) => string,
  around: Surroundings,
): string | null {
  if (value === undefined || value === 'SSH_AUTH_SOCK') return around.env['SSH_AUTH_SOCK'] ?? null
  if (value.toLowerCase() === 'none') return null
  return value.startsWith('$') && !value.startsWith('${')
    ? (around.env[value.slice(1)] ?? null)
    : expand(value)
}

interface TokenValues {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly alias: string
}

/** `~`, `%` tokens and `${VARIABLE}` in a path of the configuration; unknown tokens stay as they are. */
function expandPath(path: string, tokens: TokenValues, around: Surroundings): string {
  const values: { readonly [token: string]: string } = {
    '%%': '%',
    '%d': around.home,
    '%h': tokens.host,
    '%n': tokens.alias,
    '%p': String(tokens.port),
    '%r': tokens.user,
    '%u': around.localUser,
  }
  return path
    .replace(/^~(?=\/|$)/, () => around.home)
    .replace(/%[a-zA-Z%]/g, (token) => values[token] ?? token)
    .replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) => around.env[name] ?? whole)
}
