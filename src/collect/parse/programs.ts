import type { Derived } from './account.ts'
import { wholeNumber } from './whole-number.ts'

const programMark = Buffer.from('\nkhard:program ')

/** Answers by name; one without an end of its own was the last, or was cut off with all that follow. */
export function readPrograms(payload: Uint8Array, end: number): ReadonlyMap<string, Derived> {
  const bytes = Buffer.concat([Buffer.from('\n'), payload])
  const programs = new Map<string, Derived>()
  for (let at = bytes.indexOf(programMark); at !== -1; ) {
    const next = bytes.indexOf(programMark, at + 1)
    const part = bytes.subarray(at + programMark.length, next === -1 ? undefined : next)
    const cut = part.indexOf(10)
    const name = part.subarray(0, cut === -1 ? undefined : cut).toString('latin1')
    const after = next === -1 ? '' : bytes.subarray(next + programMark.length).toString('latin1')
    const status = wholeNumber(/^status (\d+)(?:\n|$)/.exec(after)?.[1]) ?? end
    if (!name.startsWith('status ')) {
      programs.set(name, { payload: cut === -1 ? new Uint8Array() : part.subarray(cut + 1), status })
    }
    at = next
  }
  return programs
}
