import type { CollectFailure } from '../model/evidence.ts'
import type { CarrierKind } from '../model/node-evidence.ts'

/** How running the node script ended. Output so far is kept whatever happens. */
export interface CarrierOutcome {
  readonly end: 'complete' | CollectFailure
  /** What happened, for a person: one line, already escaped. */
  readonly detail?: string
  /** What to do about it. */
  readonly next?: string
  /** Everything the script wrote, at most `maxBytes`. */
  readonly stdout: Uint8Array
  /** Last lines of standard error, at most 4 KiB, escaped. */
  readonly stderr: string
  readonly exitCode: number | null
  /** Until the connection is up; from then on until the end, and until the first word of the script came. */
  readonly timingsMs: { readonly connect: number; readonly run: number; readonly begun?: number }
}

export interface RunOptions {
  /** Whole run, connection included, milliseconds. */
  readonly timeoutMs: number
  /** Until the connection is up and authenticated, milliseconds. */
  readonly connectTimeoutMs: number
  readonly maxBytes: number
  readonly signal?: AbortSignal
}

/** Runs one script on one target by `sh -s`. Never throws for what may happen to a healthy day's fleet. */
export interface Carrier {
  readonly kind: CarrierKind
  /** What the person called the target. */
  readonly target: string
  readonly offline: boolean
  run(script: string, options: RunOptions): Promise<CarrierOutcome>
}
