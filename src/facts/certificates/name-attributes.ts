/**
 * Values of one attribute (`CN`, `O`) of a certificate's name, in order. Node writes a name as lines of
 * `TYPE=value`, parts of one line joined by ` + `, values escaped as in RFC 2253; a plus or a line end inside
 * a value is escaped, so that neither can be mistaken. Its toLegacyObject, which has the values apart, takes the
 * whole process down on a key on a curve it has no name for (node 24.21).
 */
export function nameAttributes(name: string, type: string): readonly string[] {
  return name
    .split(/\n| \+ /)
    .filter((part) => part.startsWith(`${type}=`))
    .map((part) => unescaped(part.slice(type.length + 1)))
}

function unescaped(value: string): string {
  return value.replace(/\\([0-9A-F]{2}|[\s\S])/g, (_, what: string) =>
    what.length === 2 ? String.fromCharCode(Number.parseInt(what, 16)) : what,
  )
}
