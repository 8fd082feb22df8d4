import type { RawDirectory } from '../../model/node-evidence.ts'
import type { Parse } from './context.ts'
import { missing, notA } from './context.ts'
import { oddPath, realPath } from './files.ts'

const listedClasses = ['directory', 'data-directory', 'drop-in-directory', 'manifest-directory', 'tree']

/** The fixed directory of a pattern whose last part alone varies. */
function patternDirectory(pattern: string): string | null {
  const special = pattern.search(/[*?[]/)
  const cut = pattern.lastIndexOf('/')
  return special === -1 || special > cut ? pattern.slice(0, cut) || '/' : null
}

/** What was listed in a directory, and one more where a name of it cannot be printed. */
function withOdd(parse: Parse, directory: string, entries: readonly string[]): readonly string[] {
  return parse.account.oddDirectories.has(directory) ? [...entries, oddPath(directory)] : entries
}

/** Names in a directory that was listed under another name of its own. */
function entriesUnder(path: string, entries: readonly string[]): readonly string[] {
  return entries.map((entry) => `${path === '/' ? '' : path}${entry.slice(entry.lastIndexOf('/'))}`).sort()
}

/** Everything below a tree's root, or why some of it is not known. */
function treeState(
  parse: Parse,
  root: string,
): Pick<RawDirectory & { state: 'observed' }, 'state' | 'entries'> | ReturnType<typeof missing> {
  const entries: string[] = []
  for (const [directory, listed] of parse.account.directories) {
    if (directory !== root && !directory.startsWith(`${root === '/' ? '' : root}/`)) continue
    if (typeof listed === 'string') return missing(listed, directory)
    entries.push(...withOdd(parse, directory, listed))
  }
  return { state: 'observed', entries: entries.sort() }
}

function directoryItem(parse: Parse, path: string): RawDirectory {
  const item = { kind: 'directory', id: `directory:${path}`, path } as const
  const { account } = parse
  const asked = account.paths.get(path)
  if (asked?.state === 'absent') return { ...item, state: 'absent' }
  if (asked?.state === 'denied') return { ...item, ...missing('permission-denied') }
  const known = account.directories.has(path) ? path : realPath(parse, path)
  const listed = account.directories.get(known)
  if (typeof listed === 'string') return { ...item, ...missing(listed) }
  if (listed === undefined) {
    const type = account.stats.get(realPath(parse, path))?.type
    if (type !== undefined && type !== 'directory') return { ...item, ...notA('directory', type) }
    return { ...item, ...(account.pathLimit ? missing('truncated', 'too many paths') : parse.end) }
  }
  if (!account.trees.has(path))
    return { ...item, state: 'observed', entries: entriesUnder(path, withOdd(parse, known, listed)) }
  if (account.pathLimit) return { ...item, ...missing('truncated', 'too many paths') }
  // The walk is known to be over when the next step was reached.
  if (account.statDone === 'no') return { ...item, ...parse.end }
  const tree = treeState(parse, path)
  return tree.state === 'observed' ? { ...item, ...tree, recursive: true } : { ...item, ...tree }
}

/** A directory item for every directory that was to be listed. */
export function directoryItems(parse: Parse): readonly RawDirectory[] {
  const { account, plan } = parse
  const wanted = new Set<string>([...account.directories.keys(), ...plan.trees.map(({ path }) => path)])
  for (const [path, { classes }] of account.paths)
    if (listedClasses.some((name) => classes.has(name))) wanted.add(path)
  for (const { path, holds } of plan.paths) if (listedClasses.includes(holds)) wanted.add(path)
  for (const { pattern } of plan.globs) {
    const directory = patternDirectory(pattern)
    if (directory !== null) wanted.add(directory)
  }
  return [...wanted].map((path) => directoryItem(parse, path))
}
