import { randomBytes } from 'node:crypto'
import type { Carrier, RunOptions } from '../carrier.ts'
import { type Exit, runChild } from './child.ts'
import { noImage } from './image.ts'
import { oneLine } from './one-line.ts'
import type { Ending, Run } from './run.ts'
import { endingOfExit, type Sudo, shellCommand } from './sudo.ts'

export interface LocalOptions {
  readonly kind: 'local' | 'root'
  readonly target: string
  /** Directory of the image, for the kind `root`: one that holds no image is never asked. */
  readonly root?: string
  readonly sudo: Sudo | null
  readonly env: NodeJS.ProcessEnv
}

/** Runs the script by a shell on this machine: for the machine itself, or for an image mounted on it. */
export function createLocalCarrier(options: LocalOptions): Carrier {
  const { kind, target, sudo, root } = options
  return {
    kind,
    target,
    offline: kind === 'root',
    run(script: string, runOptions: RunOptions) {
      const missing = root === undefined ? undefined : noImage(root)
      if (missing !== undefined) return Promise.resolve(missing)
      const command = shellCommand(sudo, randomBytes(8).toString('hex'))
      const [program = 'sh', ...argv] = command.argv
      return runChild(
        {
          program,
          argv,
          env: options.env,
          command,
          sudo,
          ownGroup: sudo === null,
          connectedAtStart: true,
          endingOf: (exit, run) => endingOf(exit, run, sudo),
          notStarted,
        },
        script,
        runOptions,
      )
    },
  }
}

function endingOf(exit: Exit, run: Run, sudo: Sudo | null): Ending {
  if (exit.code !== null) return endingOfExit(exit.code, run.stderr(), sudo)
  return {
    end: 'disconnected',
    detail: `the shell was stopped by ${exit.signal ?? 'a signal'}`,
    next: 'Look for what ended it (out of memory, a limit), then run again.',
  }
}

function notStarted(error: NodeJS.ErrnoException): Ending {
  return {
    end: 'tool-missing',
    detail: `could not start a shell: ${oneLine(error.message)}`,
    next: 'khard needs a POSIX sh in PATH on this machine.',
  }
}
