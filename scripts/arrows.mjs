// Checks the import arrows of .dependency-cruiser.mjs. dependency-cruiser 17 cannot read TypeScript by way of
// TypeScript 7, so it gets plain JavaScript: the sources with types stripped by Node and type imports kept.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import config from '../.dependency-cruiser.mjs'

/** Plain JavaScript with the same imports, `import type` included. */
export function keepImports(text) {
  // Type imports are arrows too: a type of another part is knowledge of that part.
  const imports = text
    .replaceAll(/^import type (?=[{*\w])/gm, 'import ')
    .replaceAll(/^export type (?=[{*])/gm, 'export ')
    .replaceAll(
      /^((?:import|export) \{)([^}]*)\}/gm,
      (_, open, names) => `${open}${names.replaceAll(/\btype (?=\w)/g, '')}}`,
    )
    // `export { Name }` of a type alone, without `from`, would name nothing once types are gone.
    .replaceAll(/^export (?:type )?\{[^}]*\}(?!\s*from)/gm, '')
  return stripTypeScriptTypes(imports, { mode: 'strip' }).replaceAll(
    /(from |import |import\()(['"])([^'"]+)\.ts\2/g,
    '$1$2$3.js$2',
  )
}

function copySources(from, to) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    if (entry.isDirectory()) copySources(source, join(to, entry.name))
    else if (entry.name.endsWith('.ts')) {
      mkdirSync(to, { recursive: true })
      writeFileSync(join(to, entry.name.replace(/\.ts$/, '.js')), keepImports(readFileSync(source, 'utf8')))
    }
  }
}

/**
 * Violations of the arrows in `<root>/src`, one text each. Packages are found from `root` upwards.
 * @param {string} root
 * @returns {Promise<string[]>}
 */
export async function arrowFaults(root) {
  // Inside the root, so that packages resolve as they do for the sources.
  const copy = mkdtempSync(join(root, 'arrows-'))
  const work = `${copy}.khard.tmp`
  mkdirSync(join(work, 'src'), { recursive: true })
  rmSync(copy, { recursive: true })
  try {
    copySources(join(root, 'src'), join(work, 'src'))
    copyFileSync(join(root, 'package.json'), join(work, 'package.json'))
    const { output } = await cruise(['src'], {
      baseDir: work,
      validate: true,
      ruleSet: { forbidden: config.forbidden },
      ...config.options,
      combinedDependencies: false,
    })
    if (output.summary.totalCruised === 0) return ['no module was looked at']
    const comments = new Map(config.forbidden.map(({ name, comment }) => [name, comment]))
    return output.summary.violations.map(({ rule, from, to }) => {
      const arrow = to === from ? source(from) : `${source(from)} → ${source(to)}`
      return `${rule.name}: ${arrow}\n    ${comments.get(rule.name)}`
    })
  } finally {
    rmSync(work, { recursive: true })
  }
}

function source(path) {
  return path.startsWith('src/') ? path.replace(/\.js$/, '.ts') : path
}

if (process.argv[1] === import.meta.filename) {
  const faults = await arrowFaults(join(dirname(import.meta.dirname)))
  for (const fault of faults) process.stdout.write(`${fault}\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
