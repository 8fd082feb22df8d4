/**
 * Shell text in a template: everything is literal, so that backslashes read as they run; only `\${` and
 * a backslash before a backquote are needed where TypeScript would start something of its own.
 */
export function sh(text: TemplateStringsArray): string {
  return text.raw.join('').replaceAll('\\${', '${').replaceAll('\\`', '`').replace(/^\n/, '')
}

/** The one place where a value becomes shell text: a single-quoted constant. */
export function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`
}

/** A list as one quoted constant, a line each; the node script splits at newlines only. */
export function quoteLines(values: readonly string[]): string {
  return quote(values.join('\n'))
}
