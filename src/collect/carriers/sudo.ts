import { oneLine } from './one-line.ts'
import type { Ending, Run } from './run.ts'

/** Whether and how root is asked for. `password: null` means sudo must not need one. */
export type Sudo = { readonly password: string | null }

/** The command that runs `sh -s` as asked, and how its standard input is to be fed. */
export interface ShellCommand {
  readonly argv: readonly string[]
  /** Texts sudo and the shell announce themselves with, when a password may be asked for. */
  readonly prompts: Prompts | null
}

interface Prompts {
  /** Our first words on the target: from here on, silence is sudo's. */
  readonly connected: string
  readonly password: string
  readonly ready: string
}

/**
 * The argv of the node's shell. With a password, nothing is written to standard input before sudo has asked for
 * it or the shell has said that it runs: where sudo needs none, `sh` would read the password as its first command.
 * `env LC_ALL=C` keeps sudo's messages in English, whatever the login shell is.
 */
export function shellCommand(sudo: Sudo | null, nonce: string): ShellCommand {
  if (sudo === null) return { argv: ['sh', '-s'], prompts: null }
  if (sudo.password === null) return { argv: ['env', 'LC_ALL=C', 'sudo', '-n', 'sh', '-s'], prompts: null }
  const prompts = {
    connected: `khard-${nonce}-connected\n`,
    password: `khard-${nonce}-password:`,
    ready: `khard-${nonce}-ready\n`,
  }
  const sudoArgv = ['env', 'LC_ALL=C', 'sudo', '-S', '-p', prompts.password]
  const announce = (what: string): string => `echo ${what.trim()} >&2`
  return {
    argv: [
      'sh',
      '-c',
      `${announce(prompts.connected)}; exec "$@"`,
      'sh',
      ...sudoArgv,
      'sh',
      '-c',
      `${announce(prompts.ready)}; exec sh -s`,
    ],
    prompts,
  }
}

/** Feeds the script to the shell at the right moment, and keeps sudo's prompts out of standard error. */
export interface Feed {
  /** The process or channel is open. */
  start(): void
  /** One chunk of standard error. */
  takeErr(chunk: Uint8Array): void
  /** The process or channel has ended: what was held back belongs to standard error after all. */
  flush(): void
}

export interface FeedOptions {
  readonly run: Run
  readonly command: ShellCommand
  readonly sudo: Sudo | null
  readonly script: string
  /** How long sudo may take to answer. */
  readonly sudoTimeoutMs: number
  write(text: string): void
  end(text: string): void
}

/** A feed for one run. */
export function createFeed(options: FeedOptions): Feed {
  const { run, command, script } = options
  const { prompts } = command
  const password = options.sudo?.password ?? null
  if (prompts === null || password === null) {
    return {
      start: () => options.end(script),
      takeErr: (chunk) => run.takeErr(chunk),
      flush: () => undefined,
    }
  }
  let state: 'waiting' | 'asked' | 'ready' = 'waiting'
  let pending = ''
  let timer: NodeJS.Timeout | undefined
  run.release(() => clearTimeout(timer))
  const take = (text: string): boolean => {
    const isThere = pending.includes(text)
    pending = pending.replace(text, '')
    return isThere
  }
  return {
    start: () => undefined, // not before sudo or the shell has spoken
    takeErr(chunk) {
      if (state === 'ready') return run.takeErr(chunk)
      pending += Buffer.from(chunk).toString('utf8')
      if (take(prompts.connected)) {
        run.connected()
        timer = setTimeout(() => run.finish(silentSudo), options.sudoTimeoutMs)
      }
      while (take(prompts.password)) {
        if (state === 'asked') return run.finish(wrongPassword)
        state = 'asked'
        options.write(`${password}\n`)
      }
      if (!take(prompts.ready)) return
      clearTimeout(timer)
      run.takeErr(Buffer.from(pending))
      pending = ''
      state = 'ready'
      options.end(script)
    },
    flush() {
      run.takeErr(Buffer.from(pending))
      pending = ''
    },
  }
}

const wrongPassword: Ending = {
  end: 'sudo-missing',
  detail: 'sudo refused the password',
  next: 'Give the right password (KHARD_SUDO_PASSWORD or the prompt), and check that the account may use sudo.',
}

const silentSudo: Ending = {
  end: 'sudo-missing',
  detail: 'sudo neither asked for the password nor started a shell',
  next: 'Run `sudo -S sh -c true` on the node by hand to see what it waits for.',
}

// What sudo says when it will not run the command; "unable to resolve host" is only a warning.
const refusal =
  /^sudo: (?!unable to resolve host).*|^Sorry, user .*|^.* is not in the sudoers file.*|^.*may not run sudo.*/m

/** How a shell's exit code reads: most are the script's own affair, some mean that it never ran. */
export function endingOfExit(exitCode: number, stderr: string, sudo: Sudo | null): Ending {
  const lastLine = oneLine(stderr.trimEnd().split('\n').at(-1) ?? '')
  if (sudo !== null && exitCode === 127 && /sudo/.test(stderr))
    return sudoMissing(exitCode, `sudo is not there: ${lastLine}`)
  if (sudo !== null && exitCode === 1) {
    const said = refusal.exec(stderr)?.[0]
    if (said !== undefined) return sudoMissing(exitCode, oneLine(said))
  }
  if (exitCode === 127 || exitCode === 126) {
    return {
      end: 'tool-missing',
      detail: lastLine === '' ? 'the target has no usable sh' : `the target has no usable sh: ${lastLine}`,
      next: 'Check the login shell of the account; khard needs a POSIX sh on the node.',
      exitCode,
    }
  }
  return { end: 'complete', exitCode }
}

function sudoMissing(exitCode: number, detail: string): Ending {
  const next = /password is required|terminal is required/.test(detail)
    ? 'Set KHARD_SUDO_PASSWORD or answer the prompt of --sudo, or allow the account sudo without a password.'
    : 'Give the account a sudo rule on the node, or run without --sudo and accept what cannot be read.'
  return { end: 'sudo-missing', detail, next, exitCode }
}
