import type { RawDirectory } from '../../model/node-evidence.ts'
import type { Parse } from './context.ts'
import { missing } from './context.ts'
import { oddPath, realPath } from './files.ts'

const listedClasses = ['directory', 'drop-in-directory', 'manifest-directory', 'tree']

/** The fixed directory of a pattern whose last part alone varies. */
function patternDirectory(pattern: string): string | null {
  const special = pattern.search(/[*?[]/)
  const cut = pattern.lastIndexOf('/')
  return special === -1 || special > cut ? pattern.slice(0, cut) || '/' : null
}

function entriesBelow(parse: Parse, directory: string): readonly string[] {
  const entries = parse.account.directories.get(directory)
  if (entries === undefined || typeof entries === 'string') return []
  const odd = parse.account.oddDirectories.has(directory) ? [oddPath(directory)] : []
  return [...entries, ...odd]
}

/** Names in a directory that was listed under another name of its own. */
function entriesUnder(parse: Parse, path: string, listed: string): readonly string[] {
  return entriesBelow(parse, listed)
    .map((entry) => `${path}${entry.slice(listed.length)}`)
    .sort()
}

/** Everything below a tree's root, or why some of it is not known. */
function treeState(
  parse: Parse,
  root: string,
): Pick<RawDirectory & { state: 'observed' }, 'state' | 'entries'> | ReturnType<typeof missing> {
  const entries: string[] = []
  for (const directory of parse.account.directories.keys()) {
    if (directory !== root && !directory.startsWith(`${root === '/' ? '' : root}/`)) continue
    const listed = parse.account.directories.get(directory)
    if (typeof listed === 'string') return missing(listed, directory)
    entries.push(...entriesBelow(parse, directory))
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
    const type = account.stats.get(account.real.get(path) ?? path)?.type
    if (type !== undefined && type !== 'directory')
      return { ...item, ...missing('unparsable', `a ${type}, not a directory`) }
    return { ...item, ...(account.pathLimit ? missing('truncated', 'too many paths') : parse.end) }
  }
  if (!account.trees.has(path))
    return { ...item, state: 'observed', entries: entriesUnder(parse, path, known) }
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
