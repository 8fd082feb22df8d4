import { resolve } from 'node:path'
import { loadCompiledContent } from '../content/compiled.ts'
import type { Content } from '../content/content.ts'
import type { Io } from './io.ts'
import type { GlobalOptions } from './options.ts'

/** khard's own content, and on top the user's directories. YAML and schemas are loaded only when there are any. */
export async function openLibrary(options: GlobalOptions, io: Io): Promise<Content> {
  const own = loadCompiledContent()
  if (options.content === undefined || options.content.length === 0) return own
  const { loadWholeContent } = await import('./content-language.ts')
  return loadWholeContent(
    options.content.map((directory) => resolve(io.cwd, directory)),
    own,
  )
}
