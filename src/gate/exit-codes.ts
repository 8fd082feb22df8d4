import { KhardError } from '../model/errors.ts'

/** Every exit code there is and what it says. Never a count: 256 failures must not read as success. */
export const exitMeaning = {
  0: 'gate met',
  1: 'gate not met',
  2: 'usage or content error',
  3: 'could not complete, no claim made',
  130: 'interrupted',
} as const

export type ExitCode = keyof typeof exitMeaning

/** The exit code of a run that ended with an error. What nobody foresaw is 3, never success. */
export function exitCodeFor(error: unknown): 2 | 3 | 130 {
  if (error instanceof KhardError) return error.code === 'internal' ? 3 : 2
  return error instanceof Error && error.name === 'AbortError' ? 130 : 3
}
