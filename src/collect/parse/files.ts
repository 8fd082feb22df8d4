import type { RawFile } from '../../model/node-evidence.ts'
import type { Parse } from './context.ts'
import { missing } from './context.ts'

/** Every path that was asked for or listed in a tree, in no order. */
export function knownPaths({ account, plan }: Parse): ReadonlySet<string> {
  const known = new Set([
    ...account.paths.keys(),
    ...plan.paths.map(({ path }) => path),
    ...plan.trees.map(({ path }) => path),
  ])
  for (const [directory, entries] of account.directories) {
    if (typeof entries === 'string' || !isWalked(account.trees, directory)) continue
    for (const entry of entries) known.add(entry)
  }
  return known
}

/** True for a directory at or below the root of a tree. */
export function isWalked(trees: ReadonlySet<string>, directory: string): boolean {
  for (let at = directory; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if (trees.has(at)) return true
  return false
}

/** Where a path was found on the node. */
export function realPath({ account }: Parse, path: string): string {
  return account.real.get(path) ?? path
}

function linkTarget({ account, offline }: Parse, path: string): string | undefined {
  const target = account.links.get(path)
  return offline || target === undefined || target === '' ? undefined : target
}

function withoutStat(parse: Parse): RawState {
  const { account, end } = parse
  switch (account.statDone) {
    case 'no':
      return end
    case 'no-tool':
      return missing('tool-missing', 'stat is not on the node')
    case 'yes':
      if (account.stats.size === 0) return missing('tool-failed', 'stat gave no answer')
      return missing('changed-while-reading', 'gone between two looks')
    default:
      return account.statDone satisfies never
  }
}

type RawState = ReturnType<typeof missing>

/** The file item of one path. */
export function fileItem(
  parse: Parse,
  path: string,
  holds: readonly ('certificate' | 'private-key')[],
): RawFile {
  const item = { kind: 'file', id: `file:${path}`, path } as const
  const asked = parse.account.paths.get(path)
  if (asked?.state === 'absent') return { ...item, state: 'absent' }
  if (asked?.state === 'denied') return { ...item, ...missing('permission-denied') }
  const stat = parse.account.stats.get(realPath(parse, path))
  if (stat === undefined) return { ...item, ...withoutStat(parse) }
  const target = linkTarget(parse, path)
  return {
    ...item,
    state: 'observed',
    stat: target === undefined ? stat : { ...stat, target },
    ...(holds.length === 0 && !wasSearched(parse, path) ? {} : { holds }),
  }
}

/** True when grep looked into it to the end, and has shown in this run that it finds what is there. */
function wasSearched(parse: Parse, path: string): boolean {
  const { pemDone, scanned, processes, pem } = parse.account
  return pemDone === 'yes' && scanned.has(realPath(parse, path)) && (processes === 'ok' || pem.size > 0)
}

/** What grep saw in a file, keys and certificates only. */
export function pemKinds(parse: Parse, path: string): readonly ('certificate' | 'private-key')[] {
  const kinds = parse.account.pem.get(realPath(parse, path))
  return (['certificate', 'private-key'] as const).filter((kind) => kinds?.has(kind) === true)
}

/** A name the node would not print. It stays in the evidence, so that its neighbours do not hide it. */
export function oddItem(directory: string): RawFile {
  const path = oddPath(directory)
  return { kind: 'file', id: `file:${path}`, path, ...missing('odd-name', 'a name with control characters') }
}

export function oddPath(directory: string): string {
  return `${directory === '/' ? '' : directory}/<odd name>`
}
