import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { Content } from '../../content/content.ts'
import { runExample } from '../../evaluate/example.ts'
import type { Check } from '../../model/check.ts'
import { KhardError } from '../../model/errors.ts'
import { commandOptions } from '../command-options.ts'
import type { Io } from '../io.ts'
import { isDirectory, readNamedFile } from '../read-file.ts'
import { createSay } from '../say.ts'

/** `khard validate`: content directories, checks, waivers, configuration, bundles and results. All files are tried. */
export async function runValidate(files: readonly string[], command: Command, io: Io): Promise<number> {
  const options = await commandOptions(command, io)
  const say = createSay(io, {
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    color: options.color !== false,
  })
  let faulty = 0
  for (const file of files) {
    try {
      await io.stdout.write(`${file}: ${await validateOne(file, io)}\n`)
    } catch (fault) {
      if (!(fault instanceof KhardError)) throw fault
      faulty += 1
      await say.error(`${file}: ${fault.message}`, fault.next)
    }
  }
  return faulty === 0 ? 0 : 2
}

async function validateOne(file: string, io: Io): Promise<string> {
  const path = resolve(io.cwd, file)
  if (await isDirectory(path)) return validateDirectory(path)
  if (/(^|\/)benchmarks\/checks\/[^/]+\/[^/]+\.yaml$/.test(path)) return validateCheck(path)
  if (/(^|\/)khard\.yaml$/.test(path)) {
    const { loadConfig } = await import('../../content/config.ts')
    loadConfig(await readNamedFile(file, io), file)
    return 'a valid configuration'
  }
  if (/(^|\/)profiles\/[^/]+\.yaml$/.test(path) || /(^|\/)benchmarks\//.test(path))
    return validateDirectory(rootOf(path))
  if (file.endsWith('.json')) return validateResult(file, io)
  if (file.endsWith('.yaml')) return validateWaivers(file, io)
  return validateBundle(path)
}

/** The content root a file stands in: what is above `benchmarks` or `profiles`. */
function rootOf(path: string): string {
  return path.replace(/\/(benchmarks|profiles)\/.*$/, '') || '/'
}

async function loadRoot(root: string): Promise<Content> {
  const { loadWholeContent } = await import('../content-language.ts')
  const { loadCompiledContent } = await import('../../content/compiled.ts')
  const ownRoot = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')
  return root === ownRoot ? loadWholeContent([root]) : loadWholeContent([root], loadCompiledContent())
}

async function runExamples(checks: readonly Check[], content: Content): Promise<number> {
  const { factKinds } = await import('../../facts/index.ts')
  const kinds = new Map(Object.values(factKinds).map((kind) => [kind.kind, kind]))
  const known = { kinds, knowledge: { components: content.components } }
  let rows = 0
  for (const check of checks) {
    for (const example of check.examples) {
      const { verdict, reason } = runExample(check, example, known)
      rows += 1
      if (verdict === example.verdict) continue
      throw new KhardError({
        code: 'content-invalid',
        message: `${check.file}: example "${example.name}" gives ${verdict}, not ${example.verdict}: ${reason}`,
        next: 'Correct the example or the check.',
      })
    }
  }
  return rows
}

async function validateDirectory(root: string): Promise<string> {
  const content = await loadRoot(root)
  const rows = await runExamples([...content.checks.values()], content)
  return `valid: ${content.checks.size} checks with ${rows} examples, ${content.benchmarks.length} benchmarks, ${content.profiles.length} profiles`
}

async function validateCheck(path: string): Promise<string> {
  const root = rootOf(path)
  const content = await loadRoot(root)
  const checks = [...content.checks.values()].filter((check) => path.endsWith(`/${check.file}`))
  const rows = await runExamples(checks, content)
  return `a valid check; ${rows} examples hold`
}

async function validateWaivers(file: string, io: Io): Promise<string> {
  const { loadWaivers } = await import('../../content/waivers.ts')
  const waivers = loadWaivers(await readNamedFile(file, io, 'waiver-invalid'), file)
  return `${waivers.length} valid waivers`
}

async function validateResult(file: string, io: Io): Promise<string> {
  const { parseResult } = await import('../../report/parse-result.ts')
  const result = await parseResult(await readNamedFile(file, io, 'result-invalid'), file)
  return `a valid result: ${result.findings.length} findings on ${result.targets.length} targets`
}

async function validateBundle(path: string): Promise<string> {
  const { readBundle } = await import('../../collect/bundle.ts')
  let nodes = 0
  let items = 0
  for await (const evidence of readBundle(path)) {
    nodes += 1
    items += evidence.items.length
  }
  return `an intact bundle: ${items} items of ${nodes} targets`
}
