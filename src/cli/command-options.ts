import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { KhardError } from '../model/errors.ts'
import type { Io } from './io.ts'
import type { GlobalOptions } from './options.ts'

/** Options of a command with what khard.yaml adds: command line, then environment, then file, then default. */
export async function commandOptions<T extends object>(command: Command, io: Io): Promise<T & GlobalOptions> {
  const given = command.opts<T & GlobalOptions>()
  const file = await configFile(given.config, io)
  if (file === null) return given
  const { loadConfig } = await import('../content/config.ts')
  const settings = loadConfig(file.text, file.path)
  for (const option of command.options) {
    const name = option.attributeName()
    const value = settings[option.long?.replace(/^--(no-)?/, '') ?? name]
    const source = command.getOptionValueSource(name)
    if (value === undefined || source === 'cli' || source === 'env') continue
    command.setOptionValueWithSource(name, parsedBy(option, value, file.path), 'config')
  }
  return command.opts<T & GlobalOptions>()
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
    message: `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: 'Name a file that exists and that you may read.',
    cause,
  })
}

/** True when colour is wanted and nobody said no. */
export function wantsColor(options: GlobalOptions, io: Io): boolean {
  return options.color !== false && (io.env.NO_COLOR ?? '') === ''
}
