import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** One file of a content directory, or why it could not be read. Paths are relative to the root, with `/`. */
export type TreeFile =
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly problem: string; readonly next: string }

/** Lists and reads the files of a content directory. */
export type ReadTree = (root: string) => readonly TreeFile[]

const places = ['benchmarks', 'profiles']
// Read one byte more than the loader takes, so that it says "too large" without reading a disk image.
const mostBytes = 1024 * 1024 + 1

/** Reads `benchmarks/` and `profiles/` below a root, in name order, following links once. */
export const readTree: ReadTree = (root) => places.flatMap((place) => walk({ root, path: place, above: [] }))

interface Step {
  readonly root: string
  readonly path: string
  /** Real paths of the directories above: a link back to one of them is a loop. */
  readonly above: readonly string[]
}

function walk(step: Step): readonly TreeFile[] {
  const { root, path, above } = step
  const full = join(root, path)
  try {
    const real = realpathSync(full)
    if (above.includes(real))
      return [
        { path, problem: 'a symbolic link leads back to a directory above it', next: 'Remove the link.' },
      ]
    const stat = statSync(real)
    if (stat.isDirectory()) {
      return readdirSync(real)
        .toSorted()
        .filter(isContent)
        .flatMap((name) => walk({ root, path: `${path}/${name}`, above: [...above, real] }))
    }
    if (!stat.isFile()) return [{ path, problem: 'this is not a regular file', next: 'Remove it.' }]
    if (stat.size >= mostBytes)
      return [{ path, problem: `the file is larger than 1 MiB (${stat.size} bytes)`, next: 'Split it.' }]
    return [{ path, bytes: readFileSync(real) }]
  } catch (fault) {
    // A root may lack one of the two directories; the loader refuses a root that has neither.
    if (isMissing(fault) && above.length === 0) return []
    return [
      { path, problem: `it cannot be read (${codeOf(fault)})`, next: 'Make it readable, or remove it.' },
    ]
  }
}

/** Editors' leftovers and prose may lie beside content. */
function isContent(name: string): boolean {
  return !name.startsWith('.') && !/(?:~|\.md)$/.test(name)
}

function codeOf(fault: unknown): string {
  return String(Reflect.get(Object(fault), 'code'))
}

function isMissing(fault: unknown): boolean {
  return codeOf(fault) === 'ENOENT'
}
