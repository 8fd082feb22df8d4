import type { Command } from 'commander'
import { KhardError } from '../model/errors.ts'
import { nearest } from '../model/nearest.ts'
import { SettableOption } from './options.ts'

type Environment = { readonly [name: string]: string | undefined }

/** Sets what `KHARD_*` says and the command line does not. An empty variable is one that is not set. */
export function applyEnvironment(command: Command, env: Environment): void {
  for (const option of settable(command)) {
    const text = (env[option.variable] ?? '').trim()
    const name = option.attributeName()
    if (text === '' || command.getOptionValueSource(name) === 'cli') continue
    command.setOptionValueWithSource(name, readValue(option, text), 'env')
  }
}

function settable(command: Command): readonly SettableOption[] {
  return command.options.filter((option) => option instanceof SettableOption)
}

function readValue(option: SettableOption, text: string): unknown {
  if (!option.required && !option.optional) return truthOf(option, text)
  const { parseArg } = option
  if (parseArg === undefined) return text
  try {
    // File names may hold commas: what takes one value a use is told apart by lines or semicolons.
    const parts = option.isRepeatable() ? text.split(/[;\n]/).map((part) => part.trim()) : [text]
    return parts
      .filter((part) => part !== '')
      .reduce((earlier: unknown, part) => parseArg(part, earlier), undefined)
  } catch (cause) {
    throw new KhardError({
      code: 'usage',
      message: `${option.variable} is "${text}": ${cause instanceof Error ? cause.message : String(cause)}`,
      next: `Correct the variable or unset it; it stands for ${option.long ?? option.flags}.`,
      cause,
    })
  }
}

const truths: { readonly [word: string]: boolean } = {
  true: true,
  yes: true,
  1: true,
  false: false,
  no: false,
  0: false,
}

function truthOf({ variable }: SettableOption, text: string): boolean {
  const word = text.toLowerCase()
  const truth = Object.hasOwn(truths, word) ? truths[word] : undefined
  if (truth !== undefined) return truth
  throw new KhardError({
    code: 'usage',
    message: `${variable} is "${text}", which is neither true nor false`,
    next: 'Write true, yes or 1, or false, no or 0; an empty variable counts as not set.',
  })
}

/** Read where a password is asked for; never an option. */
const password = 'KHARD_SUDO_PASSWORD'

/** One line for each `KHARD_*` variable that no command reads. Other tools may use the prefix: it is no error. */
export function strayVariables(program: Command, env: Environment): readonly string[] {
  const known = [
    password,
    ...program.commands.flatMap((command) => settable(command).map(({ variable }) => variable)),
  ]
  return Object.keys(env)
    .filter((name) => name.startsWith('KHARD_') && !known.includes(name))
    .toSorted()
    .map((name) => {
      const [near] = nearest(name, known)
      const hint = near === undefined ? 'it has no effect' : `did you mean ${near}?`
      return `${name} is no variable of khard; ${hint}`
    })
}
