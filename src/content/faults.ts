import { KhardError, type KhardErrorCode } from '../model/errors.ts'

/** One thing wrong with a file: where, what, and what to do about it. */
export interface Fault {
  readonly file: string
  /** 1-based. */
  readonly line: number
  readonly column: number
  readonly message: string
  /** One sentence. */
  readonly next: string
}

const shown = 20

/** `file:line:column: message. Next step.` */
export function faultText(fault: Fault): string {
  return `${fault.file}:${fault.line}:${fault.column}: ${fault.message}. ${fault.next}`
}

function inFileOrder(a: Fault, b: Fault): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

/** Throws one error that lists every fault, when there is one. */
export function throwFaults(faults: readonly Fault[], code: KhardErrorCode): void {
  if (faults.length > 0) throw faultsError(faults, code)
}

/** One error that lists every fault. */
export function faultsError(faults: readonly Fault[], code: KhardErrorCode): KhardError {
  const lines = [...new Set(faults.toSorted(inFileOrder).map(faultText))]
  const rest = lines.length - shown
  const more = rest > 0 ? [`… and ${rest} more`] : []
  const count = lines.length === 1 ? '1 fault' : `${lines.length} faults`
  return new KhardError({
    code,
    message: [`${count} in what was read:`, ...lines.slice(0, shown), ...more].join('\n'),
    next: 'Correct the lines named above and run the command again; khard validate checks files without a run.',
  })
}
