import { access, constants, open, readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { KhardError, type KhardErrorCode } from '../model/errors.ts'
import { fileTrouble } from './file-trouble.ts'
import type { Io } from './io.ts'

/** Reads a file a person named as text, or says why not. */
export async function readNamedFile(file: string, io: Io, code: KhardErrorCode = 'usage'): Promise<string> {
  const path = resolve(io.cwd, file)
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw unreadable(file, code, cause)
  }
}

/** The first bytes of a file a person named, which may be too large to read whole. */
export async function readNamedHead(file: string, io: Io): Promise<Uint8Array> {
  const source = await open(resolve(io.cwd, file)).catch((cause: unknown) => {
    throw unreadable(file, 'usage', cause)
  })
  try {
    const { buffer, bytesRead } = await source.read({ buffer: new Uint8Array(16), position: 0 })
    return buffer.subarray(0, bytesRead)
  } finally {
    await source.close()
  }
}

function unreadable(file: string, code: KhardErrorCode, cause: unknown): KhardError {
  return new KhardError({
    code,
    message: `cannot read ${file}: ${fileTrouble(cause)}`,
    next: 'Name a file that exists and that you may read.',
    cause,
  })
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

/** Claims that a bundle is there and may be read. */
export async function claimBundle(file: string, io: Io): Promise<void> {
  try {
    await access(resolve(io.cwd, file), constants.R_OK)
    if (await isDirectory(resolve(io.cwd, file))) throw new Error('it is a directory')
  } catch (cause) {
    throw new KhardError({
      code: 'bundle-invalid',
      message: `cannot read bundle:${file}: ${fileTrouble(cause)}`,
      next: 'Name a file that `khard collect -o` or `khard audit --save-evidence` wrote.',
      cause,
    })
  }
}
