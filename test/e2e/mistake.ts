import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { khard, type Ran, type RunSettings, root, workspace } from '../support/khard.ts'

/** Evidence of three nodes, as it lies in the repository. */
export const recorded = join(root, 'examples', 'three-nodes.khard')
export const nodes = [`bundle:${recorded}`, '--at', '2026-11-22']

/** Audits the three recorded nodes. */
export function audit(args: readonly string[], settings?: RunSettings): Promise<Ran> {
  return khard(['audit', ...nodes, ...args], settings)
}

/** Paths in a directory of the test file's own; written when there is a text. */
export function filesOf(directory = workspace()): (name: string, text?: string | Uint8Array) => string {
  return (name, text) => {
    const path = join(directory, name)
    mkdirSync(join(path, '..'), { recursive: true })
    if (text !== undefined) writeFileSync(path, text)
    return path
  }
}

/** A mistake: nothing on standard output, one error that says what and where, and one next step; exit code 2. */
export function expectMistake(ran: Ran, ...words: readonly (string | RegExp)[]): void {
  expect(ran.stdout).toBe('')
  expect(ran.stderr).toMatch(/^error: /)
  for (const word of words) expect(ran.stderr).toMatch(word)
  expect(ran.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/)
  expect(ran.stderr).not.toMatch(/\bE(NOENT|ISDIR|ACCES)\b/)
  expect(ran.code).toBe(2)
}
