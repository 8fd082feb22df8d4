import { isUtf8 } from 'node:buffer'

/** One part of what the node script wrote: a line of its own, and the bytes up to the next such line. */
export interface Frame {
  /** `path there certificate /etc/…`: the words after the mark. */
  readonly head: string
  readonly payload: Uint8Array
}

export interface Stream {
  readonly frames: readonly Frame[]
  /** True when the script said it reached its end. */
  readonly complete: boolean
}

const newline = 10

/** Text of bytes that are UTF-8, or null. */
export function decodeText(bytes: Uint8Array): string | null {
  return isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : null
}

/** Lines of text; one that is not UTF-8 is left out, and said to be, so that it does not take the others along. */
export function decodeLines(bytes: Uint8Array): { readonly lines: readonly string[]; readonly odd: boolean } {
  const whole = decodeText(bytes)
  if (whole !== null) return { lines: whole.split('\n').filter((line) => line !== ''), odd: false }
  const raw = Buffer.from(bytes).toString('latin1').split('\n')
  const lines = raw.flatMap((line) => decodeText(Buffer.from(line, 'latin1')) || [])
  return { lines, odd: true }
}

/**
 * Splits the script's output at lines that begin with this run's mark. Whatever else the session printed
 * before the first is ignored; a last part that no other follows may be cut short and is dropped.
 */
export function splitStream(bytes: Uint8Array, nonce: string): Stream {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mark = Buffer.from(`\nkhard:${nonce} `)
  const frames: Frame[] = []
  let at = buffer.indexOf(mark)
  while (at !== -1) {
    const next = buffer.indexOf(mark, at + mark.length)
    if (next === -1) break
    const eol = buffer.indexOf(newline, at + mark.length)
    // The next mark begins with a newline, so the head always ends at or before it.
    const head = decodeText(buffer.subarray(at + mark.length, eol))
    frames.push({ head: head ?? '', payload: buffer.subarray(Math.min(eol + 1, next), next) })
    at = next
  }
  const last = at === -1 ? '' : buffer.subarray(at + mark.length).toString('latin1')
  return { frames, complete: last.startsWith('complete\n') }
}
