import type { Environment } from './environment.ts'
import { splitWords } from './words.ts'

/** An ExecStart line: which program, with which arguments. */
export interface ExecLine {
  /** Absolute path of the program. */
  readonly program: string
  /** argv as the program sees it; argv[0] is the program unless `@` names another. */
  readonly argv: readonly string[]
  /** Variables the line uses that nothing on disk sets; systemd makes them empty. */
  readonly unset: readonly string[]
}

/** Splits an ExecStart value and fills in variables. Specifiers (`%n`) stay as text. */
export function expandExec(value: string, environment: Environment): ExecLine | undefined {
  const prefix = value.slice(0, value.search(/[^@\-:+!|]|$/))
  const words = splitWords(value.slice(prefix.length))
  const end = words.indexOf(';')
  const [program, ...rest] = end < 0 ? words : words.slice(0, end)
  if (program === undefined) return undefined
  const unset: string[] = []
  const named = prefix.includes('@')
  const given = prefix.includes(':') ? rest : rest.flatMap((word) => expandWord(word, environment, unset))
  return { program, argv: named ? given : [program, ...given], unset: [...new Set(unset)] }
}

/** `$NAME` as a word of its own becomes any number of words; `${NAME}` stays inside its word. */
function expandWord(word: string, environment: Environment, unset: string[]): readonly string[] {
  const alone = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(word)?.[1]
  if (alone !== undefined) return splitWords(filledIn(alone, environment, unset))
  const filled = word.replace(/\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string | undefined) =>
    name === undefined ? '$' : filledIn(name, environment, unset),
  )
  return [filled]
}

function filledIn(name: string, environment: Environment, unset: string[]): string {
  const found = environment.get(name)
  if (found === undefined) unset.push(name)
  return found?.value ?? ''
}
