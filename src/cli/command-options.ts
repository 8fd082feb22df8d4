import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { KhardError } from '../model/errors.ts'
import { applyEnvironment, strayVariables } from './environment.ts'
import { fileTrouble } from './file-trouble.ts'
import type { Io } from './io.ts'
import { type GlobalOptions, SettableOption } from './options.ts'
import { createSay } from './say.ts'

/** Options of a command with what is set elsewhere: command line, then environment, then khard.yaml, then default. */
export async function commandOptions<T extends object>(command: Command, io: Io): Promise<T & GlobalOptions> {
  applyEnvironment(command, io.env)
  const options = command.opts<T & GlobalOptions>()
  const say = createSay(io, { quiet: options.quiet === true, verbose: false, color: wantsColor(options, io) })
  for (const stray of strayVariables(command.parent ?? command, io.env)) await say.note(`note: ${stray}`)
  const file = await configFile(options.config, io)
  if (file !== null) await applyConfig(command, file)
  return command.opts<T & GlobalOptions>()
}

async function applyConfig(command: Command, file: { path: string; text: string }): Promise<void> {
  const { loadConfig } = await import('../content/config.ts')
  const settings = loadConfig(file.text, file.path)
  for (const option of command.options) {
    if (!(option instanceof SettableOption)) continue
    const name = option.attributeName()
    const value = settings[option.long?.replace(/^--(no-)?/, '') ?? name]
    const source = command.getOptionValueSource(name)
    if (value === undefined || source === 'cli' || source === 'env') continue
    command.setOptionValueWithSource(name, parsedBy(option, value, file.path), 'config')
  }
}

function parsedBy(option: Command['options'][number], value: unknown, path: string): unknown {
  if (typeof value === 'boolean' || option.parseArg === undefined) return value
  const parse = option.parseArg
  try {
    if (Array.isArray(value))
      return value.reduce((earlier: unknown, one) => parse(String(one), earlier), undefined)
    return parse(String(value), undefined)
  } catch (cause) {
    throw new KhardError({
      code: 'content-invalid',
      message: `${path}: ${option.long ?? ''}: ${cause instanceof Error ? cause.message : String(cause)}`,
      next: 'Correct the value; khard --help says what the option takes.',
      cause,
    })
  }
}

/** `--config FILE`, or the nearest khard.yaml upwards from the current directory. */
async function configFile(asked: string | undefined, io: Io): Promise<{ path: string; text: string } | null> {
  if (asked !== undefined) {
    const path = resolve(io.cwd, asked)
    return { path, text: await readConfig(path) }
  }
  for (let directory = io.cwd; ; directory = dirname(directory)) {
    const path = join(directory, 'khard.yaml')
    const text = await readFile(path, 'utf8').catch((fault: unknown) => ifMissing(fault, path))
    if (text !== null) return { path, text }
    if (directory === dirname(directory)) return null
  }
}

async function readConfig(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => unreadable(path, cause))
}

function ifMissing(fault: unknown, path: string): null {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' ? null : unreadable(path, fault)
}

function unreadable(path: string, cause: unknown): never {
  throw new KhardError({
    code: 'content-unreadable',
    message: `cannot read ${path}: ${fileTrouble(cause)}`,
    next: 'Name a file that exists and that you may read.',
    cause,
  })
}

/** True when colour is wanted and nobody said no. */
export function wantsColor(options: GlobalOptions, io: Io): boolean {
  return options.color !== false && (io.env.NO_COLOR ?? '') === ''
}
