/**
 * The host of `host:port`, `[v6]:port`, a bare host or a URL, lower case; empty when only a port is given.
 * Null when the text has none of these forms.
 */
export function readHost(text: string): string | null {
  const authority = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#\\].*$/s, '')
  const address = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  const bracketed = /^\[([0-9a-f:.%]+)\](?::\d*)?$/.exec(address)?.[1]
  if (bracketed !== undefined) return bracketed
  if (/^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/.test(address)) return address
  return /^([a-z0-9._-]*)(?::\d*)?$/.exec(address)?.[1] ?? null
}
