import type { ConfigQuery, HostSettings } from './config.ts'
import {
  createHop,
  type Hop,
  type HopAddress,
  type HopFault,
  parseProxyJump,
  type Surroundings,
} from './hop.ts'

/** The way to a target: every server on it, the target last. */
export type Route =
  | { readonly kind: 'route'; readonly hops: readonly Hop[]; readonly warnings: readonly string[] }
  | ({ readonly kind: 'fault' } & HopFault)

const maximumHops = 8

/** Plans the way to an address. As with ssh, only the first jump host's own ProxyJump counts. */
export function planRoute(
  address: HopAddress,
  lookUp: (query: ConfigQuery) => HostSettings,
  around: Surroundings,
): Route {
  const hops: Hop[] = []
  const warnings = new Set<string>()
  let addresses: readonly HopAddress[] = [address]
  let isFirst = true
  while (addresses.length > 0) {
    if (hops.length + addresses.length > maximumHops) return loop(address)
    const jumps: Hop[] = []
    let next: readonly HopAddress[] = []
    for (const [index, one] of addresses.entries()) {
      const settings = lookUp({ host: one.host, ...(one.user === undefined ? {} : { user: one.user }) })
      for (const warning of settings.warnings) warnings.add(warning)
      const hop = createHop(one, settings, around)
      if ('detail' in hop) return { kind: 'fault', ...hop }
      jumps.push(hop)
      if (index > 0) continue
      const value = settings.values.get('proxyjump')?.[0] ?? 'none'
      const parsed = parseProxyJump(value)
      if (parsed === null)
        return {
          kind: 'fault',
          detail: `ProxyJump "${value}" is not a list of hosts`,
          next: 'Correct ProxyJump in the SSH configuration.',
        }
      // `Host *` with ProxyJump covers the jump host as well; it is not reached through itself.
      next = parsed.length === 1 && !isFirst && parsed[0]?.host === one.host ? [] : parsed
    }
    hops.unshift(...jumps)
    addresses = next
    isFirst = false
  }
  return { kind: 'route', hops, warnings: [...warnings] }
}

function loop(address: HopAddress): Route {
  return {
    kind: 'fault',
    detail: `ProxyJump leads in a circle, or over more than ${maximumHops} hosts, on the way to ${address.host}`,
    next: 'Correct ProxyJump in the SSH configuration.',
  }
}
