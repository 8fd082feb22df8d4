import type { Io } from '../../src/cli/io.ts'

/** Streams that remember what was written, a still clock, and an environment of one's own. */
export function fakeIo(
  env: Readonly<Record<string, string>> = {},
  cwd = '/nonexistent',
): Io & { written: { stdout: string; stderr: string } } {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({
    isTerminal: false,
    columns: 100,
    write: async (text: string) => {
      written[name] += text
    },
  })
  return {
    env,
    cwd,
    home: '/nonexistent',
    now: () => Date.parse('2026-11-22T00:00:00Z'),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    askSecret: async () => null,
    signal: new AbortController().signal,
    written,
  }
}
