import { redactedText } from '../redact.ts'
import type { Frame } from '../stream.ts'

/** What one process printed of one file, or null where its end could not be told. */
export type Segments = ReadonlyMap<string, Uint8Array | null>

/** A batch of files as the node's `pour` prints them, and whether it was printed to its end. */
export interface Pour {
  readonly segments: Segments
  readonly finished: boolean
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => bytes[index] === byte)
}

function endsWith(bytes: Buffer, suffix: Buffer): boolean {
  return bytes.length >= suffix.length && bytes.subarray(bytes.length - suffix.length).equals(suffix)
}

/**
 * Cuts off the separator's own first bytes, which follow a file's last line. When the filter replaced the end
 * of that line it may have taken a piece of them along; then what is left of them stands behind `<redacted>`.
 */
function cutTail(bytes: Buffer, tail: Buffer): Buffer | null {
  if (endsWith(bytes, tail)) return bytes.subarray(0, bytes.length - tail.length)
  for (let from = 1; from <= tail.length; from += 1) {
    const left = tail.subarray(from)
    const marked = Buffer.concat([Buffer.from(redactedText), left])
    if (endsWith(bytes, marked)) return bytes.subarray(0, bytes.length - left.length)
  }
  return null
}

/**
 * Takes the batch apart. The separator is the environment of the printing process: some fixed bytes, the
 * mark, some more. An empty first part shows both, so nothing about the node's shell is assumed.
 */
export function readPour(list: Frame, frames: readonly Frame[]): Pour {
  const names = Buffer.from(list.payload)
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '')
  const segments = new Map<string, Uint8Array | null>()
  const [opening, first, ...parts] = frames
  if (opening === undefined || first === undefined) return { segments, finished: false }
  const tail = Buffer.from(opening.payload)
  const head = cutTail(Buffer.from(first.payload), tail)
  if (head === null) return { segments, finished: false }
  names.forEach((name, index) => {
    const part = parts[index]
    if (part === undefined) return
    const bytes = Buffer.from(part.payload)
    segments.set(name, startsWith(bytes, head) ? cutTail(bytes.subarray(head.length), tail) : null)
  })
  return { segments, finished: parts.length === names.length + 1 }
}
