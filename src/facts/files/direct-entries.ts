import type { RawDirectory } from '../../model/node-evidence.ts'

/** What lies in a directory itself: the listing of one that was walked down names everything below it. */
export function directEntries({
  path,
  entries,
}: Extract<RawDirectory, { state: 'observed' }>): readonly string[] {
  return entries.filter((entry) => !entry.slice(path.length + 1).includes('/'))
}
