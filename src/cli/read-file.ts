import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { KhardError, type KhardErrorCode } from '../model/errors.ts'
import type { Io } from './io.ts'

/** Reads a file a person named, or says why not. */
export async function readNamedFile(file: string, io: Io, code: KhardErrorCode = 'usage'): Promise<string> {
  const path = resolve(io.cwd, file)
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new KhardError({
      code,
      message: `cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      next: 'Name a file that exists and that you may read.',
      cause,
    })
  }
}

/** True when the path is a directory; false when it is something else or nothing. */
export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && (fault.code === 'ENOENT' || fault.code === 'ENOTDIR'))
      return false
    throw fault
  }
}
