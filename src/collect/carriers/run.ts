import type { CarrierOutcome, RunOptions } from '../carrier.ts'
import { createOutput } from './output.ts'

/** What the lines of the node script begin with; whatever a session prints before them is not its word. */
const scriptMark = '\nkhard:'

/** How a run ended, without what it wrote. */
export interface Ending {
  readonly end: CarrierOutcome['end']
  readonly detail?: string
  readonly next?: string
  readonly exitCode?: number | null
}

/** One run under way: output so far, its time limits, and the first reason it ended. Later reasons are ignored. */
export interface Run {
  /** The connection is up and authenticated: the connect limit no longer counts. */
  connected(): void
  takeOut(chunk: Uint8Array): void
  takeErr(chunk: Uint8Array): void
  stderr(): string
  hasOutput(): boolean
  finish(ending: Ending): void
  isFinished(): boolean
  /** Called once when the run ends, however it ends: closes what is open, the last opened first. */
  release(step: () => void): void
  readonly outcome: Promise<CarrierOutcome>
}

/** Starts the clocks of a run and listens for the person's interrupt. */
export function startRun(options: RunOptions): Run {
  const output = createOutput(options.maxBytes)
  const releases: (() => void)[] = []
  const startedAt = performance.now()
  let settle: (outcome: CarrierOutcome) => void
  const outcome = new Promise<CarrierOutcome>((resolve) => {
    settle = resolve
  })
  let connectedAt: number | null = null
  let begunAt: number | null = null
  let isFinished = false

  const finish = (ending: Ending): void => {
    if (isFinished) return
    isFinished = true
    clearTimeout(connectTimer)
    clearTimeout(runTimer)
    options.signal?.removeEventListener('abort', interrupt)
    settle(describe(ending, output, timings({ startedAt, connectedAt, begunAt })))
    for (const release of releases.reverse()) release()
  }
  const interrupt = (): void => finish({ end: 'interrupted', detail: 'the run was interrupted' })
  const connectTimer = setTimeout(() => finish(noAnswer(options.connectTimeoutMs)), options.connectTimeoutMs)
  const runTimer = setTimeout(
    () => finish(connectedAt === null ? noAnswer(options.timeoutMs) : tooSlow(options.timeoutMs)),
    options.timeoutMs,
  )
  options.signal?.addEventListener('abort', interrupt, { once: true })
  if (options.signal?.aborted) interrupt()

  return {
    connected() {
      connectedAt ??= performance.now()
      clearTimeout(connectTimer)
    },
    takeOut(chunk) {
      if (
        begunAt === null &&
        Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).includes(scriptMark)
      )
        begunAt = performance.now()
      if (!isFinished && !output.takeOut(chunk)) finish(tooLarge(options.maxBytes))
    },
    takeErr(chunk) {
      if (!isFinished) output.takeErr(chunk)
    },
    stderr: output.stderr,
    hasOutput: () => output.stdout().length > 0,
    finish,
    isFinished: () => isFinished,
    release(step) {
      if (isFinished) step()
      else releases.push(step)
    },
    outcome,
  }
}

function describe(
  ending: Ending,
  output: ReturnType<typeof createOutput>,
  timingsMs: CarrierOutcome['timingsMs'],
): CarrierOutcome {
  return {
    end: ending.end,
    ...(ending.detail === undefined ? {} : { detail: ending.detail }),
    ...(ending.next === undefined ? {} : { next: ending.next }),
    stdout: output.stdout(),
    stderr: output.stderr(),
    exitCode: ending.exitCode ?? null,
    timingsMs,
  }
}

interface Moments {
  readonly startedAt: number
  readonly connectedAt: number | null
  readonly begunAt: number | null
}

function timings({ startedAt, connectedAt, begunAt }: Moments): CarrierOutcome['timingsMs'] {
  const now = performance.now()
  const upTo = connectedAt ?? now
  return {
    connect: Math.round(upTo - startedAt),
    run: Math.round(now - upTo),
    ...(begunAt === null ? {} : { begun: Math.max(0, Math.round(begunAt - upTo)) }),
  }
}

function noAnswer(limitMs: number): Ending {
  return {
    end: 'unreachable',
    detail: `no connection within ${seconds(limitMs)}`,
    next: 'Check the address, the network and the firewall, or raise --connect-timeout.',
  }
}

function tooSlow(limitMs: number): Ending {
  return {
    end: 'timed-out',
    detail: `the node script did not end within ${seconds(limitMs)}`,
    next: 'Raise --timeout, or look for a hung command or file system on the node.',
  }
}

function tooLarge(maxBytes: number): Ending {
  return {
    end: 'truncated',
    detail: `more than ${maxBytes} bytes of output`,
    next: 'Narrow the profile, or look for the file on the node that is this large.',
  }
}

function seconds(limitMs: number): string {
  return `${limitMs / 1000} s`
}
