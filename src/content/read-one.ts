import type { KhardErrorCode } from '../model/errors.ts'
import { type Fault, faultsError } from './faults.ts'
import type { Validate, Validated } from './schemas.ts'
import { readYamlSource } from './yaml-source.ts'

/** A file that is read by itself, outside a content directory. */
export interface SingleFile {
  readonly text: string
  /** For messages. */
  readonly file: string
  /** Of the error that lists what is wrong with its form. */
  readonly code: KhardErrorCode
}

/** Reads and validates one file; throws one error that lists everything wrong with its form. */
export function readOne<T>({ text, file, code }: SingleFile, check: Validate<T>): Validated<T> {
  const faults: Fault[] = []
  const source = readYamlSource(new TextEncoder().encode(text), file, faults)
  const read = source === null ? null : check(source, faults)
  if (read === null) throw faultsError(faults, code)
  return read
}
