import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import type { Carrier, RunOptions } from '../carrier.ts'
import type { connectHop as connect } from '../ssh/connect.ts'
import { openSshConfig } from '../ssh/files.ts'
import type { Hop, Surroundings } from '../ssh/hop.ts'
import { planRoute } from '../ssh/route.ts'
import type { Exit } from './child.ts'
import { oneLine } from './one-line.ts'
import { remoteCommand, type SshAddress } from './openssh.ts'
import { type Ending, type Run, startRun } from './run.ts'
import { createFeed, endingOfExit, type Sudo, shellCommand } from './sudo.ts'

export interface Ssh2Options {
  readonly target: string
  readonly address: SshAddress
  readonly sudo: Sudo | null
  readonly around: Surroundings
  /** Used in place of the person's and the system's configuration. */
  readonly configFile?: string
  /** Told once for each setting of the configuration that was set aside. */
  warn(message: string): void
}

/** Runs the script over SSH with the built-in client: one connection a hop, one session, one command. */
export function createSsh2Carrier(options: Ssh2Options): Carrier {
  return {
    kind: 'ssh2',
    target: options.target,
    offline: false,
    run(script: string, runOptions: RunOptions) {
      const run = startRun(runOptions)
      if (!run.isFinished()) {
        carry(run, options, { script, sudoTimeoutMs: runOptions.connectTimeoutMs }).catch((error: unknown) =>
          run.finish(unexpected(error)),
        )
      }
      return run.outcome
    },
  }
}

async function carry(
  run: Run,
  options: Ssh2Options,
  errand: Pick<Execution, 'script' | 'sudoTimeoutMs'>,
): Promise<void> {
  const route = planRoute(options.address, openSshConfig(options.around, options.configFile), options.around)
  if (route.kind === 'fault')
    return run.finish({ end: 'tool-failed', detail: oneLine(route.detail), next: route.next })
  route.warnings.forEach(options.warn)
  // Loaded on first use: a run on this machine needs no SSH client.
  const { connectHop } = await import('../ssh/connect.ts')
  const sendsPassword = options.sudo?.password != null
  const client = await connectRoute({ run, hops: route.hops, sendsPassword, connectHop })
  if (client === null || run.isFinished()) return
  run.connected()
  await execute({ run, client, sudo: options.sudo, ...errand })
}

interface RouteToConnect {
  readonly run: Run
  readonly hops: readonly Hop[]
  readonly sendsPassword: boolean
  readonly connectHop: typeof connect
}

/** Connects hop after hop, each through the one before; null when that failed and the run knows why. */
async function connectRoute({
  run,
  hops,
  sendsPassword,
  connectHop,
}: RouteToConnect): Promise<Client | null> {
  let client: Client | null = null
  for (const hop of hops) {
    const through = client === null ? undefined : await openTunnel(client, hop)
    if (through instanceof Error) {
      run.finish(tunnelTrouble(hop, through))
      return null
    }
    const connected = await connectHop({
      hop,
      ...(through === undefined ? {} : { through }),
      sendsPassword,
      opened: (opened) => run.release(() => close(opened)),
    })
    if (connected.kind === 'failed') {
      run.finish(connected.ending)
      return null
    }
    client = connected.client
    client.on('error', (error) =>
      run.finish(lost(`connection to ${hop.host}:${hop.port} lost: ${oneLine(error.message)}`)),
    )
    client.on('close', () => run.finish(lost(`connection to ${hop.host}:${hop.port} closed`)))
  }
  return client
}

function openTunnel(client: Client, hop: Hop): Promise<Duplex | Error> {
  return new Promise((resolve) => {
    client.forwardOut('127.0.0.1', 0, hop.host, hop.port, (error, stream) => resolve(error ?? stream))
  })
}

/** Says goodbye; a peer that does not take leave within a second is left. */
function close(client: Client): void {
  client.end()
  setTimeout(() => client.destroy(), 1000).unref()
}

interface Execution {
  readonly run: Run
  readonly client: Client
  readonly script: string
  readonly sudo: Sudo | null
  readonly sudoTimeoutMs: number
}

function execute(execution: Execution): Promise<void> {
  const { run, client, sudo } = execution
  const command = shellCommand(sudo, randomBytes(8).toString('hex'))
  return new Promise((resolve) => {
    client.exec(remoteCommand(command.argv), (error, channel) => {
      if (error) run.finish(noCommand(error))
      else follow(channel, { ...execution, command })
      resolve()
    })
  })
}

function follow(
  channel: ClientChannel,
  execution: Execution & { command: ReturnType<typeof shellCommand> },
): void {
  const { run } = execution
  let exit: Exit | null = null
  const feed = createFeed({
    run,
    command: execution.command,
    sudo: execution.sudo,
    script: execution.script,
    sudoTimeoutMs: execution.sudoTimeoutMs,
    write: (text) => channel.write(text),
    end: (text) => channel.end(text),
  })
  channel.on('data', (chunk: Uint8Array) => run.takeOut(chunk))
  channel.stderr.on('data', (chunk: Uint8Array) => feed.takeErr(chunk))
  channel.on('error', (error: Error) => run.finish(lost(oneLine(error.message))))
  channel.on('exit', (code: number | null, signal?: string) => {
    exit = { code, signal: signal ?? null }
  })
  channel.on('close', () => {
    feed.flush()
    run.finish(endingOf(exit, run, execution.sudo))
  })
  feed.start()
}

function endingOf(exit: Exit | null, run: Run, sudo: Sudo | null): Ending {
  if (exit === null) return lost('the connection ended before the node script did')
  if (exit.code === null)
    return lost(`the shell on the node was stopped by ${oneLine(exit.signal ?? 'a signal')}`)
  return endingOfExit(exit.code, run.stderr(), sudo)
}

function lost(detail: string): Ending {
  return {
    end: 'disconnected',
    detail,
    next: 'Run again; if it happens each time, look at the log of sshd on the node.',
  }
}

function tunnelTrouble(hop: Hop, error: Error): Ending {
  return {
    end: 'unreachable',
    detail: `the jump host could not reach ${hop.host}:${hop.port}: ${oneLine(error.message)}`,
    next: 'Check the address as seen from the jump host, and AllowTcpForwarding there.',
  }
}

function noCommand(error: Error): Ending {
  return {
    end: 'permission-denied',
    detail: `the node refused to run a command: ${oneLine(error.message)}`,
    next: 'Check ForceCommand, MaxSessions and the login shell of the account.',
  }
}

function unexpected(error: unknown): Ending {
  return {
    end: 'tool-failed',
    detail: `the SSH client failed: ${oneLine(error instanceof Error ? error.message : String(error))}`,
    next: 'Try --ssh-client openssh, and report this.',
  }
}
