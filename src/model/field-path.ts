/**
 * Segments of a path in a check: `settings.profiling`, or `settings."authentication.x509"` for a segment that holds
 * dots. Null when it is not a path.
 */
export function splitPath(text: string): readonly string[] | null {
  const segments: string[] = []
  const segment = /(?:"([^"]+)"|([^".]+))(\.|$)/y
  for (;;) {
    const match = segment.exec(text)
    if (match === null) return null
    const [, quoted = '', plain = '', end] = match
    segments.push(quoted + plain)
    if (end === '') return segments
  }
}

/** The reverse: segments with dots in quotes. */
export function joinPath(segments: readonly string[]): string {
  return segments.map((segment) => (segment.includes('.') ? `"${segment}"` : segment)).join('.')
}
