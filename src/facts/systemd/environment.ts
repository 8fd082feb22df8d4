import { listEntries, type UnitFile } from './unit-file.ts'
import { splitWords } from './words.ts'

/** A variable and where it was set. */
export interface SetVariable {
  readonly value: string
  readonly file: string
  readonly line: number
}

export type Environment = ReadonlyMap<string, SetVariable>

/** Name and value of `NAME=value`; undefined for anything else. */
function assignment(text: string): readonly [name: string, value: string] | undefined {
  const at = text.indexOf('=')
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(text) ? [text.slice(0, at), text.slice(at + 1)] : undefined
}

/** `Environment=` lines of a unit: words of the form NAME=value. */
export function unitEnvironment(files: readonly UnitFile[]): Environment {
  const found = new Map<string, SetVariable>()
  for (const entry of listEntries(files, 'Service', 'Environment')) {
    for (const word of splitWords(entry.value)) {
      const said = assignment(word)
      if (said !== undefined) found.set(said[0], { value: said[1], file: entry.file, line: entry.line })
    }
  }
  return found
}

/**
 * An environment file (systemd.exec(5), env-file.c): NAME=value a line, comments only at line start,
 * single quotes literal, double quotes with escapes, a trailing backslash joins lines.
 */
export function parseEnvironmentFile(text: string, path: string): Environment {
  const found = new Map<string, SetVariable>()
  let open: { text: string; line: number } | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (open === undefined && /^\s*([#;]|$)/.test(line)) continue
    const started: { text: string; line: number } = open ?? { text: '', line: index + 1 }
    const joins = (line.length - line.search(/\\*$/)) % 2 === 1
    started.text += joins ? line.slice(0, -1) : line
    open = joins ? started : undefined
    if (open === undefined) keep(found, started, path)
  }
  if (open !== undefined) keep(found, open, path)
  return found
}

function keep(found: Map<string, SetVariable>, line: { text: string; line: number }, path: string): void {
  const said = assignment(line.text.trim())
  if (said !== undefined) found.set(said[0], { value: unquoteValue(said[1]), file: path, line: line.line })
}

function unquoteValue(raw: string): string {
  const text = raw.trim()
  let value = ''
  let quote: string | undefined
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (quote === "'") {
      if (character === "'") quote = undefined
      else value += character
    } else if (character === '\\' && at + 1 < text.length) {
      const next = text.charAt(at + 1)
      value += quote === '"' && !'"\\`$'.includes(next) ? `\\${next}` : next
      at += 1
    } else if (quote === '"' && character === '"') quote = undefined
    else if (quote === undefined && (character === '"' || character === "'")) quote = character
    else value += character
  }
  return value
}
