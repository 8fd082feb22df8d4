/** An IPv4 network as its first address and the number of bits that are fixed. */
interface Network {
  readonly base: number
  readonly bits: number
}

/** Reads `10.0.0.1` or `10.96.0.0/12`; null for anything else. */
function networkOf(text: string): Network | null {
  const [, address = '', length = '32'] = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/.exec(text) ?? []
  const bytes = address.split('.').map(Number)
  const bits = Number(length)
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255) || bits > 32) return null
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return { base: value - (value % 2 ** (32 - bits)), bits }
}

/** True when some entry of NO_PROXY takes in a whole address or network. IPv6 must be written alike. */
export function coversNetwork(entries: readonly string[], wanted: string): boolean {
  const target = networkOf(wanted)
  return entries.some((entry) => {
    if (entry === '*' || entry === wanted) return true
    const network = networkOf(entry)
    if (network === null || target === null || network.bits > target.bits) return false
    return target.base - (target.base % 2 ** (32 - network.bits)) === network.base
  })
}

/** True when a domain and everything below it is taken in (golang.org/x/net/http/httpproxy: the dot may be left out). */
export function coversDomain(entries: readonly string[], domain: string): boolean {
  return entries.some((entry) => entry === '*' || entry.replace(/^\./, '') === domain)
}

/** Entries of NO_PROXY. */
export function noProxyEntries(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
}
