import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCompiledContent, serializeContent } from '../content/compiled.ts'
import { loadWholeContent } from './content-language.ts'

/** Compiles the content below `root` (khard's own directory) into the JSON file that runs load. Answers what it holds. */
export function buildContent(root: string, file: string): string {
  const content = loadWholeContent([root])
  const text = serializeContent(content)
  parseCompiledContent(text)
  writeFileSync(join(root, file), text)
  return `${content.checks.size} checks, ${content.benchmarks.length} benchmarks, ${content.profiles.length} profiles, ${content.components.size} components`
}
