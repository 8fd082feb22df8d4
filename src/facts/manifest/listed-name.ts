import type { NodeView } from '../../model/node-evidence.ts'

/** The name a directory was listed under: without the slashes at its end, or as somebody wrote it with them. */
export function listedName(view: NodeView, path: string): string {
  const bare = path.replace(/(?<=.)\/+$/, '')
  const isWritten = view.directory(bare).state !== 'observed' && view.directory(path).state === 'observed'
  return isWritten ? path : bare
}
