import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { CarrierOutcome } from '../carrier.ts'
import { oneLine } from './one-line.ts'

/** What every root file system of a Linux machine has one of (os-release(5), hier(7)). */
const marks = ['etc', 'usr/lib/os-release'] as const

function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined
  } catch {
    // Closed to this account: whoever may look will see.
    return false
  }
}

/** The outcome for a directory that is no image; undefined when it may be one. */
export function noImage(directory: string): CarrierOutcome | undefined {
  if (!marks.every((mark) => isMissing(join(directory, mark)))) return undefined
  return {
    end: 'unreachable',
    detail: `${oneLine(directory)} does not look like a root file system: it has neither ${marks.join(' nor ')}`,
    next: 'Mount the image there first, or name the directory it is mounted on.',
    stdout: new Uint8Array(),
    stderr: '',
    exitCode: null,
    timingsMs: { connect: 0, run: 0 },
  }
}
