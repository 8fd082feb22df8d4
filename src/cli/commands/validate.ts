import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { Content } from '../../content/content.ts'
import { runExample } from '../../evaluate/example.ts'
import type { Check } from '../../model/check.ts'
import { KhardError } from '../../model/errors.ts'
import { isSingle } from '../../model/finding.ts'
import { chooseSelections } from '../choose.ts'
import { commandOptions, wantsColor } from '../command-options.ts'
import type { Io } from '../io.ts'
import { openLibrary } from '../library.ts'
import type { GlobalOptions } from '../options.ts'
import { isDirectory, readNamedFile, readNamedHead } from '../read-file.ts'
import { recognise } from '../recognise.ts'
import { createSay } from '../say.ts'

/** `khard validate`: everything khard reads. All files are tried. */
export async function runValidate(files: readonly string[], command: Command, io: Io): Promise<number> {
  const options = await commandOptions(command, io)
  const say = createSay(io, {
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    color: wantsColor(options, io),
  })
  let faulty = 0
  for (const file of files) {
    try {
      await io.stdout.write(`${file}: ${await validateOne(file, options, io)}\n`)
    } catch (fault) {
      if (!(fault instanceof KhardError)) throw fault
      faulty += 1
      const saysWhich = fault.message.includes(file)
      await say.error(saysWhich ? fault.message : `${file}: ${fault.message}`, fault.next)
    }
  }
  return faulty === 0 ? 0 : 2
}

async function validateOne(file: string, options: GlobalOptions, io: Io): Promise<string> {
  const path = resolve(io.cwd, file)
  if (await isDirectory(path)) return validateDirectory(path)
  const kind = await recognise(path, {
    head: () => readNamedHead(file, io),
    text: () => readNamedFile(file, io),
  })
  switch (kind) {
    case 'bundle':
      return validateBundle(path)
    case 'check':
      return validateCheck(path)
    case 'configuration':
      return validateConfiguration(file, io)
    case 'content':
      return validateDirectory(rootOf(path))
    case 'inventory':
      return validateInventory(file, io)
    case 'profile':
      return validateProfile(file, options, io)
    case 'result':
      return validateResult(file, io)
    case 'stray-check':
      throw strayCheck(file)
    case 'tailoring':
      return validateTailoring(file, options, io)
    case 'waivers':
      return validateWaivers(file, io)
    case null:
      throw unrecognised(file)
    default:
      return kind satisfies never
  }
}

function strayCheck(file: string): KhardError {
  return new KhardError({
    code: 'usage',
    message: `${file} is a check outside a content directory`,
    next: 'Move it to benchmarks/checks/<component>/<name>.yaml below a directory of yours, and give that to --content.',
  })
}

function unrecognised(file: string): KhardError {
  return new KhardError({
    code: 'usage',
    message: `${file} is no file that khard validates`,
    next: 'It validates content directories and the files in them, profiles, tailorings, waivers, inventories, khard.yaml, evidence bundles and saved results (JSON).',
  })
}

async function validateConfiguration(file: string, io: Io): Promise<string> {
  const { loadConfig } = await import('../../content/config.ts')
  loadConfig(await readNamedFile(file, io), file)
  return 'a valid configuration'
}

async function validateInventory(file: string, io: Io): Promise<string> {
  const { parseInventory } = await import('../inventory/inventory.ts')
  return `a valid inventory of ${counted(parseInventory(await readNamedFile(file, io), file).length, 'target')}`
}

async function validateProfile(file: string, options: GlobalOptions, io: Io): Promise<string> {
  const content = await openLibrary(options, io)
  // A name with a slash is never an id.
  const { selections } = await chooseSelections({ profile: [resolve(io.cwd, file)] }, content, io)
  const controls = Math.max(...selections.map((one) => one.controls.length))
  return `a valid profile: ${counted(controls, 'control')}`
}

/** As a run would take it: what it leaves out has to be something that some profile selects. */
async function validateTailoring(file: string, options: GlobalOptions, io: Io): Promise<string> {
  const { tailorings } = await chooseSelections({ tailoring: [file] }, await openLibrary(options, io), io)
  return tailorings.map(({ id, version }) => `a valid tailoring: ${id} ${version}`).join('')
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** The content root a file stands in: what is above `benchmarks` or `profiles`. */
function rootOf(path: string): string {
  return path.replace(/\/(benchmarks|profiles)\/.*$/, '') || '/'
}

/** Content of a directory, on top of khard's own unless it is that, and the part that is the directory's. */
interface Loaded {
  readonly content: Content
  readonly own: Pick<Content, 'benchmarks' | 'profiles'> & { readonly checks: readonly Check[] }
}

async function loadRoot(root: string): Promise<Loaded> {
  const { loadWholeContent } = await import('../content-language.ts')
  const { loadCompiledContent } = await import('../../content/compiled.ts')
  const ownRoot = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')
  const base = root === ownRoot ? undefined : loadCompiledContent()
  const content = loadWholeContent([root], base)
  const own = {
    checks: [...content.checks.values()].filter(({ id }) => base?.checks.has(id) !== true),
    benchmarks: content.benchmarks.filter((one) => base?.benchmarks.includes(one) !== true),
    profiles: content.profiles.filter((one) => base?.profiles.includes(one) !== true),
  }
  return { content, own }
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
  const { content, own } = await loadRoot(root)
  const rows = await runExamples(own.checks, content)
  const checks = `${counted(own.checks.length, 'check')} with ${counted(rows, 'example')}`
  return `valid: ${checks}, ${counted(own.benchmarks.length, 'benchmark')}, ${counted(own.profiles.length, 'profile')}`
}

async function validateCheck(path: string): Promise<string> {
  const { content, own } = await loadRoot(rootOf(path))
  const rows = await runExamples(
    own.checks.filter((check) => path.endsWith(`/${check.file}`)),
    content,
  )
  return `a valid check; ${counted(rows, 'example')} ${rows === 1 ? 'holds' : 'hold'}`
}

async function validateWaivers(file: string, io: Io): Promise<string> {
  const { loadWaivers } = await import('../../content/waivers.ts')
  const waivers = loadWaivers(await readNamedFile(file, io, 'waiver-invalid'), file)
  return counted(waivers.length, 'valid waiver')
}

async function validateResult(file: string, io: Io): Promise<string> {
  const { parseResult } = await import('../../report/parse-result.ts')
  const result = await parseResult(await readNamedFile(file, io, 'result-invalid'), file)
  return `a valid result: ${result.findings.length} findings on ${result.targets.filter(isSingle).length} targets`
}

async function validateBundle(path: string): Promise<string> {
  const { readBundle } = await import('../../collect/bundle.ts')
  let nodes = 0
  let items = 0
  for await (const evidence of readBundle(path)) {
    nodes += 1
    items += evidence.items.length
  }
  return nodes === 0
    ? 'an intact bundle of 0 targets: nothing was collected, and nothing can be audited'
    : `an intact bundle: ${items} items of ${counted(nodes, 'target')}`
}
