/** Host part of a registry or endpoint: without scheme, port and path. */
function hostOf(endpoint: string): string {
  const bare = endpoint.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, '')
  return bare.startsWith('[') ? bare.slice(1, bare.indexOf(']')) : bare.replace(/:\d+$/, '')
}

/** True for an address of the node itself (a range of them for Docker): nobody on the network sees that traffic. */
function isLoopback(endpoint: string): boolean {
  const host = hostOf(endpoint)
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** Says that an endpoint is reached without TLS; undefined for one that is not, or that is this node. */
export function plainHttp(endpoint: string, registry?: string): string | undefined {
  if (!/^http:\/\//i.test(endpoint) || isLoopback(endpoint)) return undefined
  return registry === undefined || hostOf(endpoint) === hostOf(registry)
    ? `${endpoint} (plain HTTP)`
    : `${endpoint} for ${registry} (plain HTTP)`
}

/** Says that nobody looks at the certificate of a registry; undefined for one on this node. */
export function unverified(registry: string): string | undefined {
  return isLoopback(registry) ? undefined : `${registry} (certificate not verified)`
}

/** Says that a registry may be reached in either way. */
export function insecure(registry: string): string | undefined {
  return isLoopback(registry) || registry === '::1/128'
    ? undefined
    : `${registry} (plain HTTP, or certificate not verified)`
}
