import { randomBytes } from 'node:crypto'
import type { Carrier, RunOptions } from '../carrier.ts'
import { type Exit, runChild } from './child.ts'
import { oneLine } from './one-line.ts'
import { opensshTrouble } from './openssh-trouble.ts'
import type { Ending, Run } from './run.ts'
import { endingOfExit, type Sudo, shellCommand } from './sudo.ts'

/** Where an SSH target is; anything not given comes from the SSH configuration. */
export interface SshAddress {
  readonly host: string
  readonly user?: string
  readonly port?: number
  readonly identityFile?: string
}

export interface OpensshOptions {
  readonly target: string
  readonly address: SshAddress
  readonly sudo: Sudo | null
  readonly env: NodeJS.ProcessEnv
  /** The client program; `ssh` in PATH unless told otherwise. */
  readonly program?: string
  /** Used in place of the person's and the system's configuration. */
  readonly configFile?: string
}

/** Runs the script by the system's `ssh`: its certificates, hardware keys and crypto come with it. */
export function createOpensshCarrier(options: OpensshOptions): Carrier {
  const { target, sudo } = options
  return {
    kind: 'openssh',
    target,
    offline: false,
    run(script: string, runOptions: RunOptions) {
      const command = shellCommand(sudo, randomBytes(8).toString('hex'))
      return runChild(
        {
          program: options.program ?? 'ssh',
          argv: [...clientArguments(options, runOptions), remoteCommand(command.argv)],
          env: options.env,
          command,
          sudo,
          ownGroup: true,
          connectedAtStart: false,
          endingOf: (exit, run) => endingOf(exit, run, options),
          notStarted,
        },
        script,
        runOptions,
      )
    },
  }
}

/**
 * The arguments up to the remote command. No terminal, no prompt, no forwarding and no command of the
 * configuration's; a master connection kept open by ControlPersist would hold our pipes, so none is started.
 */
export function clientArguments(options: OpensshOptions, limits: RunOptions): readonly string[] {
  const { address } = options
  const settings = [
    'BatchMode=yes',
    `ConnectTimeout=${Math.max(1, Math.ceil(limits.connectTimeoutMs / 1000))}`,
    'ConnectionAttempts=1',
    'ServerAliveInterval=10',
    'ServerAliveCountMax=3',
    'ControlMaster=no',
    'ClearAllForwardings=yes',
    'ForwardAgent=no',
    'ForwardX11=no',
    'PermitLocalCommand=no',
    'RemoteCommand=none',
    'LogLevel=INFO',
  ]
  return [
    ...(options.configFile === undefined ? [] : ['-F', options.configFile]),
    '-T',
    ...settings.flatMap((setting) => ['-o', setting]),
    ...(address.port === undefined ? [] : ['-p', String(address.port)]),
    ...(address.user === undefined ? [] : ['-l', address.user]),
    ...(address.identityFile === undefined ? [] : ['-i', address.identityFile]),
    '--',
    address.host,
  ]
}

/** One command line for the login shell of the node, every word quoted. */
export function remoteCommand(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[A-Za-z0-9_=:./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ')
}

function endingOf(exit: Exit, run: Run, options: OpensshOptions): Ending {
  if (exit.code === null) {
    return {
      end: 'disconnected',
      detail: `ssh was stopped by ${exit.signal ?? 'a signal'}`,
      next: 'Run again.',
    }
  }
  // 255 is ssh speaking for itself; the node script does not use it.
  if (exit.code === 255) return opensshTrouble(run.stderr(), run.hasOutput(), options.address.host)
  return endingOfExit(exit.code, run.stderr(), options.sudo)
}

function notStarted(error: NodeJS.ErrnoException): Ending {
  return {
    end: 'tool-missing',
    detail: `could not start ssh: ${oneLine(error.message)}`,
    next: 'Install the OpenSSH client, or use --ssh-client ssh2.',
  }
}
