import { KhardError } from '../model/errors.ts'
import { escapeText } from '../model/escape.ts'
import type { Io } from './io.ts'

/** Diagnostics for people: standard error, one thing a line, hostile text escaped. */
export interface Say {
  /** Something went wrong; what it does and what to do next. */
  error(message: string, next?: string): Promise<void>
  /** Worth knowing in every run. Silent with --quiet. */
  note(message: string): Promise<void>
  /** Only with --verbose. */
  detail(message: string): Promise<void>
  /** A line that is replaced by the next one on a terminal, and left out elsewhere. */
  progress(message: string): Promise<void>
}

const clearLine = '\r\u001b[2K'

export function createSay(io: Io, options: { quiet: boolean; verbose: boolean; color: boolean }): Say {
  let progressShown = false
  const line = async (text: string): Promise<void> => {
    await io.stderr.write(`${progressShown ? clearLine : ''}${text}\n`)
    progressShown = false
  }
  const paint = (text: string): string =>
    options.color && io.stderr.isTerminal ? `\u001b[1;31m${text}\u001b[0m` : text
  return {
    async error(message, next) {
      await line(`${paint('error:')} ${escapeLines(message)}`)
      if (next !== undefined && next !== '') await line(`next: ${escapeLines(next)}`)
    },
    async note(message) {
      if (!options.quiet) await line(escapeLines(message))
    },
    async detail(message) {
      if (options.verbose && !options.quiet) await line(escapeLines(message))
    },
    async progress(message) {
      if (options.quiet || !io.stderr.isTerminal) return
      await io.stderr.write(
        `${clearLine}${escapeText(message, { max: Math.max(20, io.stderr.columns - 1) })}`,
      )
      progressShown = true
    },
  }
}

function escapeLines(text: string): string {
  return text
    .split('\n')
    .map((part) => escapeText(part, { max: 4000 }))
    .join('\n')
}

/** One error for anything thrown: ours with its next step, anything else as a fault of khard itself. */
export async function sayFault(say: Say, fault: unknown, verbose: boolean): Promise<void> {
  if (fault instanceof KhardError) {
    await say.error(fault.message, fault.next)
    return
  }
  const message = fault instanceof Error ? fault.message : String(fault)
  await say.error(
    `khard failed: ${message}`,
    'This is a fault of khard, and no claim is made. Please report it with the output of --verbose.',
  )
  if (verbose && fault instanceof Error && fault.stack !== undefined) await say.error(fault.stack)
}
