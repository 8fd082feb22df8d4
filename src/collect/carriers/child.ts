import { type ChildProcess, spawn } from 'node:child_process'
import type { RunOptions } from '../carrier.ts'
import { type Ending, type Run, startRun } from './run.ts'
import { createFeed, type ShellCommand, type Sudo } from './sudo.ts'

/** How a program ended: by an exit code or by a signal. */
export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

/** A program started here that runs the script: a shell, or a client that reaches one. */
export interface ChildPlan {
  readonly program: string
  readonly argv: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** What the shell was asked to be, for feeding it. */
  readonly command: ShellCommand
  readonly sudo: Sudo | null
  /** Its own process group, so that what it started can be stopped with it. sudo needs our session's terminal. */
  readonly ownGroup: boolean
  /** True when starting the program is being connected. */
  readonly connectedAtStart: boolean
  /** How an exit reads. */
  endingOf(exit: Exit, run: Run): Ending
  /** The program could not be started. */
  notStarted(error: NodeJS.ErrnoException): Ending
}

/** Runs the script by a child process, its standard input fed, both outputs bounded. */
export function runChild(
  plan: ChildPlan,
  script: string,
  options: RunOptions,
): ReturnType<typeof startRun>['outcome'] {
  const run = startRun(options)
  if (run.isFinished()) return run.outcome
  const child = spawn(plan.program, plan.argv, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: withoutPasswords(plan.env),
    detached: plan.ownGroup,
  })
  const feed = createFeed({
    run,
    command: plan.command,
    sudo: plan.sudo,
    script,
    sudoTimeoutMs: options.connectTimeoutMs,
    write: (text) => child.stdin.write(text),
    end: (text) => child.stdin.end(text),
  })
  run.release(() => stop(child, plan.ownGroup))
  child.on('spawn', () => {
    if (plan.connectedAtStart) run.connected()
    feed.start()
  })
  child.on('error', (error) => run.finish(plan.notStarted(error)))
  // A shell that ends early closes the pipe; its exit says more than EPIPE does.
  child.stdin.on('error', (error) => run.takeErr(Buffer.from(`standard input: ${error.message}\n`)))
  child.stdout.on('data', (chunk: Uint8Array) => {
    run.connected()
    run.takeOut(chunk)
  })
  child.stderr.on('data', (chunk: Uint8Array) => feed.takeErr(chunk))
  child.on('close', (code, signal) => {
    feed.flush()
    run.finish(plan.endingOf({ code, signal }, run))
  })
  return run.outcome
}

function stop(child: ChildProcess, ownGroup: boolean): void {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    if (!ownGroup || !killGroup(child.pid)) child.kill('SIGKILL')
  }
  child.stdin?.destroy()
  child.stdout?.destroy()
  child.stderr?.destroy()
  child.unref()
}

/** False when the group is gone already or may not be signalled. */
function killGroup(pid: number): boolean {
  try {
    return process.kill(-pid, 'SIGKILL')
  } catch {
    return false
  }
}

/** The environment for a child: a password meant for khard must not reach what runs on the node. */
function withoutPasswords(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'KHARD_SUDO_PASSWORD'))
}
