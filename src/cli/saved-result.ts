import { createHash } from 'node:crypto'
import type { NamedResult } from '../model/diff.ts'
import { KhardError } from '../model/errors.ts'
import { escapeText } from '../model/escape.ts'
import type { Io } from './io.ts'
import { readNamedFile } from './read-file.ts'

/** How a packed bundle begins when it is read as text. */
const packed = '\u001f\ufffd'

/** Reads a saved result a person named; throws `result-invalid` when it is anything else. */
export async function readSavedResult(file: string, io: Io): Promise<NamedResult> {
  const text = await readNamedFile(file, io, 'result-invalid')
  if (text.startsWith(packed)) throw bundleGiven(file)
  const { parseResult } = await import('../report/parse-result.ts')
  const result = await parseResult(text, file)
  return { file, digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, result }
}

function bundleGiven(file: string): KhardError {
  const name = escapeText(file)
  return new KhardError({
    code: 'result-invalid',
    message: `${name} is an evidence bundle (or packed), not a result`,
    next: `Evaluate it first: khard audit bundle:${name} -o json=result.json`,
  })
}
