import type { CollectFailure } from '../../model/evidence.ts'
import type { CarrierKind, FileType } from '../../model/node-evidence.ts'
import type { CollectionPlan } from '../plan.ts'
import type { Account } from './account.ts'

/** What is known of a run besides its stream. */
export interface RunMeta {
  readonly target: string
  readonly carrier: CarrierKind
  readonly offline: boolean
  /** UTC, ISO 8601. */
  readonly collectedAt: string
  readonly scriptDigest: string
  readonly nonce: string
  /** How the carrier says the run ended. */
  readonly end: 'complete' | CollectFailure
  readonly endDetail?: string
  /** When the script ran, milliseconds after `collectedAt`. */
  readonly clockRead?: { readonly fromMs: number; readonly toMs: number }
}

/** Why something is missing. */
export interface Missing {
  readonly state: 'unavailable'
  readonly reason: CollectFailure
  readonly detail?: string
}

/** What the item builders share. */
export interface Parse {
  readonly plan: CollectionPlan
  readonly account: Account
  readonly offline: boolean
  /** The reason for everything the stream does not hold. */
  readonly end: Missing
}

export function missing(reason: CollectFailure, detail?: string): Missing {
  return detail === undefined ? { state: 'unavailable', reason } : { state: 'unavailable', reason, detail }
}

/** What stands where something else was looked for. */
export function notA(wanted: 'file' | 'directory', type: FileType): Missing {
  const found = type === 'unknown' ? 'something' : `a ${type}`
  return missing('unparsable', `${found}, not a ${wanted}`)
}

/** Largest content of one file, bytes; the script reads one more to tell. */
export const contentLimit = 524288
/** Largest argument list of one process, bytes. */
export const argumentLimit = 131072
