import { access, constants, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { KhardError } from '../model/errors.ts'
import type { Result } from '../model/finding.ts'
import { formats, pieceRendererFor } from '../report/index.ts'
import type { PieceRenderer } from '../report/reporter.ts'
import { fileTrouble } from './file-trouble.ts'
import type { Io } from './io.ts'
import type { ReportingOptions } from './options.ts'
import { isDirectory } from './read-file.ts'

/** One `-o FORMAT[=FILE]`. */
export interface Output<T> {
  readonly format: string
  readonly render: PieceRenderer<T>
  /** Absolute; absent for standard output. */
  readonly file?: string
}

/** Outputs as a person asked for them, and the formats they may have. */
interface Wanted<T> {
  readonly wanted: readonly string[] | undefined
  readonly formats: readonly string[]
  readonly rendererFor: (format: string) => PieceRenderer<T>
}

/** Parses and checks every output before anything is collected, so that no run ends with nowhere to write. */
export function parseOutputs(options: ReportingOptions, io: Io): Promise<readonly Output<Result>[]> {
  return parseOutputsAs({ wanted: options.output, formats, rendererFor: pieceRendererFor }, io)
}

/** The same for what is written in formats of its own. */
export async function parseOutputsAs<T>(
  { wanted = ['text'], formats: known, rendererFor }: Wanted<T>,
  io: Io,
): Promise<readonly Output<T>[]> {
  const outputs: Output<T>[] = []
  for (const text of wanted) {
    refuseList(text, known)
    const split = text.indexOf('=')
    const format = split < 0 ? text : text.slice(0, split)
    const render = rendererFor(format)
    if (split < 0) {
      outputs.push({ format, render })
      continue
    }
    const file = resolve(io.cwd, text.slice(split + 1))
    await claimWritable(file, text)
    outputs.push({ format, render, file })
  }
  refuseClashes(outputs)
  return outputs
}

/** `json=a.json,text` would be a file of an odd name, and no text. */
function refuseList(text: string, known: readonly string[]): void {
  const [, first = '', second = ''] = /^(.+?),([a-z]+)(=.*)?$/s.exec(text) ?? []
  if (!known.includes(second)) return
  throw new KhardError({
    code: 'usage',
    message: `"${text}" names several outputs at once`,
    next: `Write -o ${first} -o ${text.slice(first.length + 1)}; in KHARD_OUTPUT, put a semicolon between them.`,
  })
}

function refuseClashes(outputs: readonly Output<never>[]): void {
  const places = outputs.map((output) => output.file ?? 'standard output')
  const twice = places.find((place, index) => places.indexOf(place) !== index)
  if (twice === undefined) return
  throw new KhardError({
    code: 'usage',
    message: `two outputs go to ${twice}`,
    next: 'Give each its own file: -o text -o json=result.json',
  })
}

/** Claims that `file` can be created: its directory is there and may be written. */
export async function claimWritable(file: string, asked: string): Promise<void> {
  const directory = dirname(file)
  try {
    if (file.endsWith('/')) throw new Error('no file name is given')
    await access(directory, constants.W_OK)
    if (await isDirectory(file)) throw new Error('it is a directory')
  } catch (cause) {
    throw new KhardError({
      code: 'usage',
      message: `cannot write ${asked}: ${fileTrouble(cause)}`,
      next: 'Name a file in an existing directory that you may write to.',
      cause,
    })
  }
}

/** The same for a file that is put in its place by renaming: a device or a pipe would be replaced by it. */
export async function claimReplaceable(file: string, asked: string): Promise<void> {
  await claimWritable(file, asked)
  if (!(await isSpecial(file))) return
  throw new KhardError({
    code: 'usage',
    message: `cannot write ${asked}: it is not a regular file`,
    next: 'Name a file; a bundle appears under its name only when it is whole.',
  })
}

async function isSpecial(file: string): Promise<boolean> {
  const there = await stat(file).catch(() => null) // Writing it says what is wrong.
  return there !== null && !there.isFile()
}

/** Writes beside the file and renames, so that a reader never sees half a report; devices are written to. */
export async function writeWhole(file: string, text: string | Iterable<string>): Promise<void> {
  const partial = `${file}.${process.pid}.khard.tmp`
  try {
    if (await isSpecial(file)) return await writeFile(file, text)
    await writeFile(partial, text, { mode: 0o644 })
    await rename(partial, file)
  } catch (cause) {
    await rm(partial, { force: true })
    throw new KhardError({
      code: 'output-unwritable',
      message: `could not write ${file}: ${fileTrouble(cause)}`,
      next: 'Make room or choose another place; nothing was left half written.',
      cause,
    })
  }
}

/**
 * Renders a value to every output. A file that cannot be written does not cost the others: all are tried, then
 * the first fault is thrown.
 */
export async function writeOutputs<T>(
  value: T,
  outputs: readonly Output<T>[],
  options: { readonly io: Io; readonly color: boolean; readonly show: 'failures' | 'all' },
): Promise<void> {
  let firstFault: unknown
  for (const output of outputs) {
    const toTerminal = output.file === undefined && options.io.stdout.isTerminal
    const pieces = output.render(value, {
      color: toTerminal && options.color,
      width: toTerminal ? options.io.stdout.columns : 100,
      show: options.show,
    })
    try {
      if (output.file !== undefined) await writeWhole(output.file, pieces)
      else for (const piece of pieces) await options.io.stdout.write(piece)
    } catch (fault) {
      firstFault ??= fault
    }
  }
  if (firstFault !== undefined) throw firstFault
}
