import { loadCompiledContent } from '../content/compiled.ts'
import type { Content } from '../content/content.ts'
import type { GlobalOptions } from './options.ts'

/** khard's own content, and on top the user's directories. YAML and schemas are loaded only when there are any. */
export async function openLibrary(options: GlobalOptions): Promise<Content> {
  const own = loadCompiledContent()
  if (options.content === undefined || options.content.length === 0) return own
  const { loadContent } = await import('../content/load-content.ts')
  const { factKinds } = await import('../facts/index.ts')
  const { operators } = await import('../evaluate/operators/index.ts')
  return loadContent({
    roots: options.content,
    base: own,
    factKinds: Object.values(factKinds),
    operators: Object.values(operators),
  })
}
