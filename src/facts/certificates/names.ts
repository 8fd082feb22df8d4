import { parseIp } from './ip-address.ts'

/** An asterisk stands for one whole label at the very left (RFC 6125, Go crypto/x509 matchHostnames). */
function matchesHost(pattern: string, host: string): boolean {
  const wanted = host.toLowerCase().replace(/\.$/, '')
  const given = pattern.toLowerCase().replace(/\.$/, '')
  if (!given.startsWith('*.')) return given === wanted
  return wanted.includes('.') && wanted.slice(wanted.indexOf('.')) === given.slice(1)
}

/** True when one of a certificate's alternative names (`DNS:x`, `IP Address:10.0.0.1`) stands for a host or address. */
export function isNamed(names: readonly string[], wanted: string): boolean {
  const address = parseIp(wanted)
  return names.some((name) => {
    const value = name.slice(name.indexOf(':') + 1)
    if (address === undefined) return name.startsWith('DNS:') && matchesHost(value, wanted)
    const own = name.startsWith('IP Address:') ? parseIp(value) : undefined
    return own?.width === address.width && own.value === address.value
  })
}
