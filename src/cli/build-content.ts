import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCompiledContent, serializeContent } from '../content/compiled.ts'
import { loadContent } from '../content/load-content.ts'
import { operators } from '../evaluate/operators/index.ts'
import { factKinds } from '../facts/index.ts'
import { signalRules } from '../facts/node/signals.ts'

/** Compiles the content below `root` (khard's own directory) into the JSON file that runs load. Answers what it holds. */
export function buildContent(root: string, file: string): string {
  const content = loadContent({
    roots: [root],
    factKinds: Object.values(factKinds),
    operators: Object.values(operators),
    distributions: knownDistributions(),
  })
  const text = serializeContent(content)
  parseCompiledContent(text)
  writeFileSync(join(root, file), text)
  return `${content.checks.size} checks, ${content.benchmarks.length} benchmarks, ${content.profiles.length} profiles, ${content.components.size} components`
}

/** What detection can answer: a name outside this list would never match a node. */
function knownDistributions(): readonly string[] {
  return [...new Set(signalRules.map(({ distribution }) => distribution)), 'none', 'unknown'].toSorted()
}
