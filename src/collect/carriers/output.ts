import { escapeLines } from './one-line.ts'

const stderrBytes = 4096

/** Collects what a script writes: standard output up to a cap, the tail of standard error. */
export interface Output {
  /** False once the cap is reached; what fits is kept. */
  takeOut(chunk: Uint8Array): boolean
  takeErr(chunk: Uint8Array): void
  stdout(): Uint8Array
  stderr(): string
}

/** An empty output that keeps at most `maxBytes` of standard output. */
export function createOutput(maxBytes: number): Output {
  const chunks: Uint8Array[] = []
  let size = 0
  let tail = Buffer.alloc(0)
  return {
    takeOut(chunk) {
      const fits = chunk.subarray(0, maxBytes - size)
      if (fits.length > 0) chunks.push(fits)
      size += fits.length
      return fits.length === chunk.length
    },
    takeErr(chunk) {
      tail = Buffer.concat([tail, chunk]).subarray(-stderrBytes)
    },
    stdout: () => Buffer.concat(chunks, size),
    stderr: () => escapeLines(tail.toString('utf8')),
  }
}
