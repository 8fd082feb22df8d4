import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import config from '../../.dependency-cruiser.mjs'
import { arrowFaults, keepImports } from '../../scripts/arrows.mjs'

type Files = { readonly [path: string]: string }

const project = dirname(dirname(import.meta.dirname))
let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'khard-arrows-'))
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'))
  writeFileSync(
    join(root, 'package.json'),
    '{ "dependencies": { "ajv": "8", "yaml": "2" }, "devDependencies": { "vitest": "4" } }',
  )
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

async function rulesBroken(files: Files): Promise<readonly string[]> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const faults = await arrowFaults(root)
  return [...new Set(faults.map((fault: string) => fault.split(':')[0] ?? ''))].toSorted()
}

const imports = (path: string): string => `import { x } from '${path}'\nexport const y = x\n`
const importsType = (path: string): string => `import type { X } from '${path}'\nexport type Y = X\n`
const target = 'export const x = 1\nexport type X = number\n'
const main = (...paths: readonly string[]): Files => ({
  'src/cli/main.ts': paths.map((path) => `import '${path}'\n`).join(''),
})

const wrong: { readonly [rule: string]: Files } = {
  'model-imports-nothing': {
    'src/model/a.ts': "import { createHash } from 'node:crypto'\nexport const y = createHash\n",
    ...main('../model/a.ts'),
  },
  'facts-to-model': {
    'src/facts/a.ts': importsType('../evaluate/b.ts'),
    'src/evaluate/b.ts': target,
    ...main('../facts/a.ts'),
  },
  'evaluate-to-model-and-facts': {
    'src/evaluate/a.ts': importsType('../collect/b.ts'),
    'src/collect/b.ts': target,
    ...main('../evaluate/a.ts'),
  },
  'report-to-model': {
    'src/report/a.ts': imports('../evaluate/b.ts'),
    'src/evaluate/b.ts': target,
    ...main('../report/a.ts'),
  },
  'gate-to-model': {
    'src/gate/a.ts': imports('../evaluate/b.ts'),
    'src/evaluate/b.ts': target,
    ...main('../gate/a.ts'),
  },
  'compare-to-model': {
    'src/compare/a.ts': imports('../gate/b.ts'),
    'src/gate/b.ts': target,
    ...main('../compare/a.ts'),
  },
  'content-to-model-and-facts': {
    'src/content/a.ts': imports('../evaluate/b.ts'),
    'src/evaluate/b.ts': target,
    ...main('../content/a.ts'),
  },
  'collect-to-model-and-facts': {
    'src/collect/a.ts': imports('../report/b.ts'),
    'src/report/b.ts': target,
    ...main('../collect/a.ts'),
  },
  'nobody-imports-cli': {
    'src/remediate/a.ts': imports('../cli/b.ts'),
    'src/cli/b.ts': target,
    ...main('../remediate/a.ts'),
  },
  'files-at-the-edges': {
    'src/evaluate/a.ts': "import { readFileSync } from 'node:fs'\nexport const y = readFileSync\n",
    ...main('../evaluate/a.ts'),
  },
  'outside-world-at-the-edges': {
    'src/content/a.ts': "import { spawn } from 'node:child_process'\nexport const y = spawn\n",
    ...main('../content/a.ts'),
  },
  'ssh-in-collect': {
    'src/report/a.ts': "import { Client } from 'ssh2'\nexport const y = Client\n",
    ...main('../report/a.ts'),
  },
  'kubernetes-client-in-collect': {
    'src/report/a.ts': "import { KubeConfig } from '@kubernetes/client-node'\nexport const y = KubeConfig\n",
    ...main('../report/a.ts'),
  },
  'commander-in-cli': {
    'src/gate/a.ts': "import { Command } from 'commander'\nexport const y = Command\n",
    ...main('../gate/a.ts'),
  },
  'engine-in-evaluate-and-gate': {
    'src/report/a.ts': "import { Engine } from 'json-rules-engine'\nexport const y = Engine\n",
    ...main('../report/a.ts'),
  },
  'schemas-at-the-border': {
    'src/evaluate/a.ts': "import { Ajv } from 'ajv'\nexport const y = Ajv\n",
    ...main('../evaluate/a.ts'),
  },
  'compiled-content-is-light': {
    'src/content/compiled.ts': imports('./b.ts'),
    'src/content/b.ts': "import { parse } from 'yaml'\nexport const x = parse\n",
    ...main('../content/compiled.ts'),
  },
  'no-cycles': {
    'src/model/a.ts': importsType('./b.ts'),
    'src/model/b.ts': `${importsType('./a.ts')}export type X = Y\n`,
    ...main('../model/a.ts'),
  },
  'nothing-unreachable': { 'src/model/a.ts': target, ...main() },
  'declared-packages-only': {
    'src/cli/a.ts': "import { expect } from 'vitest'\nexport const y = expect\n",
    ...main('./a.ts'),
  },
  'imports-resolve': main('./gone.ts'),
}

describe('the import arrows', () => {
  it.each(Object.entries(wrong))('%s fires', async (rule, files) => {
    expect(await rulesBroken(files)).toContain(rule)
  })

  it('each have a case here and a comment that explains them', () => {
    expect(Object.keys(wrong).toSorted()).toEqual(config.forbidden.map(({ name }) => name).toSorted())
    for (const { comment } of config.forbidden) expect(comment.length).toBeGreaterThan(20)
  })

  it('let pass what follows them', async () => {
    const files: Files = {
      'src/model/a.ts': target,
      'src/facts/a.ts': imports('../model/a.ts'),
      'src/content/a.ts':
        "import { parse } from 'yaml'\nimport { readFileSync } from 'node:fs'\nexport const x = [parse, readFileSync]\n",
      'src/collect/a.ts': importsType('../facts/a.ts')
        .replace('{ X }', '{ y as X }')
        .replace('= X', '= typeof X'),
      ...main('../facts/a.ts', '../content/a.ts', '../collect/a.ts'),
    }

    expect(await rulesBroken(files)).toEqual([])
  })

  it('are not satisfied by looking at nothing', async () => {
    mkdirSync(join(root, 'src'))

    expect(await arrowFaults(root)).toEqual(['no module was looked at'])
  })
})

describe('sources as the arrows see them', () => {
  it.each([
    ["import type { A } from './a.ts'", "import { A } from './a.js'"],
    ["import { type A, b } from './a.ts'", "import { A, b } from './a.js'"],
    ["export type { A } from './a.ts'", "export { A } from './a.js'"],
    ['export type A = string', ''],
    ["const a = await import('./a.ts')", "const a = await import('./a.js')"],
  ])('keep the import of %s', (text, kept) => {
    expect(keepImports(text).trim()).toBe(kept)
  })
})
