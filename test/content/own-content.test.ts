import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCompiledContent, serializeContent } from '../../src/content/compiled.ts'
import { loadContent } from '../../src/content/load-content.ts'
import { operators } from '../../src/evaluate/operators/index.ts'
import { factKinds } from '../../src/facts/index.ts'

const root = dirname(dirname(import.meta.dirname))
const built = join(root, 'dist', 'content.json')
const load = () =>
  loadContent({ roots: [root], factKinds: Object.values(factKinds), operators: Object.values(operators) })

describe('khard’s own content', () => {
  it('loads without a fault, and is the same once compiled', () => {
    const content = load()

    expect(content.checks.size).toBeGreaterThan(0)
    expect(parseCompiledContent(serializeContent(content))).toStrictEqual(content)
  })

  // dist/ is there after npm ci; a checkout that was never built has nothing to compare.
  it.skipIf(!existsSync(built))('is what the last build compiled', () => {
    expect(parseCompiledContent(readFileSync(built, 'utf8')), 'run npm run build').toStrictEqual(load())
  })
})
