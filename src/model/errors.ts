/** Closed list of what can go wrong by misuse, bad content or a broken file. */
export type KhardErrorCode =
  | 'usage'
  | 'invalid-id'
  | 'content-invalid'
  | 'content-unreadable'
  | 'unknown-profile'
  | 'unknown-benchmark'
  | 'unknown-check'
  | 'unknown-format'
  | 'unknown-target'
  | 'waiver-invalid'
  | 'bundle-invalid'
  | 'result-invalid'
  | 'output-unwritable'
  | 'node-too-old'
  | 'internal'

/** A fault the person at the keyboard can act on. Exit code 2, or 3 for `internal`. */
export class KhardError extends Error {
  readonly code: KhardErrorCode
  /** What to do next, one sentence. */
  readonly next: string

  constructor(fault: { code: KhardErrorCode; message: string; next: string; cause?: unknown }) {
    super(fault.message, fault.cause === undefined ? undefined : { cause: fault.cause })
    this.name = 'KhardError'
    this.code = fault.code
    this.next = fault.next
  }
}
