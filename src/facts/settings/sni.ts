/**
 * Paths of `--tls-sni-cert-key`: certificate and key in turn, the key followed by the names it is for
 * (`a.crt,a.key:a.example,*.a.example`; component-base cli/flag NamedCertKey). Names never begin with a slash.
 */
export function sniPaths(items: readonly string[]): readonly string[] {
  return items.filter((item) => item.startsWith('/')).map((item) => item.replace(/:.*$/, ''))
}

/** Setting whose items are pairs of files, not files. */
export const sniSetting = 'tls-sni-cert-key'
