/** Splits what `systemctl show` prints for a list: blanks part words, quotes and $'…' keep them together. */
export function splitShown(text: string): readonly string[] {
  const words: string[] = []
  for (const match of text.matchAll(/\$'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(\S+)/gs)) {
    const [word, plain] = match
    words.push(plain ?? word.replace(/^\$?['"]|['"]$/g, '').replace(/\\(.)/gs, '$1'))
  }
  return words
}

/** The fragment and every drop-in of a unit, from its properties. Generated units have no fragment. */
export function unitFiles(properties: { readonly [name: string]: string }): readonly string[] {
  const fragment = properties['FragmentPath'] ?? ''
  const dropIns = splitShown(properties['DropInPaths'] ?? '')
  return [...new Set([fragment, ...dropIns].filter((path) => path.startsWith('/') && path !== '/dev/null'))]
}

/** One EnvironmentFile= of a unit; optional ones (`-/path`) may be missing. */
export interface EnvironmentFile {
  readonly path: string
  readonly optional: boolean
}

/** Environment files of a unit: `/path (ignore_errors=yes)`, one a line or one after another. */
export function environmentFiles(properties: {
  readonly [name: string]: string
}): readonly EnvironmentFile[] {
  const shown = properties['EnvironmentFiles'] ?? ''
  return [...shown.matchAll(/(\/.*?) \(ignore_errors=(yes|no)\)(?=\s|$)/g)].map(([, path = '', ignore]) => ({
    path,
    optional: ignore === 'yes',
  }))
}
