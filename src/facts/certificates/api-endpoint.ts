/** Names that a node is told by its own hosts file or that mean something else in every cluster. */
const ofEverySite = /(^|\.)(localhost|local|localdomain|svc)$/

/** Addresses every node has for itself; Node.js writes IPv4 addresses in full and IPv6 ones short. */
const ofEveryNode = /^(127\.|0\.0\.0\.0$|\[::1?\]$)/

/**
 * `host:port` of an API server's URL; null where it says nothing beyond the node or its site: loopback, the local
 * balancers of distributions, names without a dot and those under `.local`, which installation guides put into
 * every node's hosts file in the same words.
 */
export function apiEndpoint(url: string): string | null {
  if (!URL.canParse(url)) return null
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return null
  const host = hostname.replace(/\.$/, '')
  const isAddress = host.startsWith('[') || /^[\d.]+$/.test(host)
  if (isAddress ? ofEveryNode.test(host) : !host.includes('.') || ofEverySite.test(host)) return null
  return `${host}:${port || (protocol === 'https:' ? '443' : '80')}`
}
