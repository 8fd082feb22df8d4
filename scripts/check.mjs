// Every gate in one command: npm run check. Says what failed and how to fix it.
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '..')
const bin = (name) => join(root, 'node_modules', '.bin', name)
const flags = ['--disable-warning=ExperimentalWarning']

// The gates run on the Node the repository pins, whatever the machine has.
if (process.env.KHARD_CHECK_RUNS !== 'yes') {
  const node = existsSync(bin('node')) ? bin('node') : process.execPath
  const env = { ...process.env, KHARD_CHECK_RUNS: 'yes' }
  const { status } = spawnSync(node, [...flags, import.meta.filename], { cwd: root, stdio: 'inherit', env })
  process.exit(status ?? 1)
}

/** Runs a program; its output is the fault when it fails. */
function program(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error) return [String(error.message)]
  return status === 0 ? [] : [`${stdout}${stderr}`.trim() || `it ended with status ${status}`]
}

/** Files that are, or are about to be, part of the repository. */
function projectFiles() {
  const { status, stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  const listed = status === 0 ? stdout.split('\0').filter((path) => path !== '') : walk('')
  return listed.filter((path) => existsSync(join(root, path)) && lstatSync(join(root, path)).isFile())
}

/** Without git (an unpacked archive): everything but what is made. */
function walk(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (['node_modules', 'dist', 'coverage', '.git'].includes(entry.name)) return []
    return entry.isDirectory() ? walk(path) : [path]
  })
}

async function houseLint() {
  const { houseFaults } = await import('./house-lint.mjs')
  return projectFiles().flatMap((path) => {
    const bytes = readFileSync(join(root, path))
    return bytes.includes(0) ? [] : houseFaults(path, bytes.toString('utf8'))
  })
}

async function arrows() {
  const { arrowFaults } = await import('./arrows.mjs')
  return arrowFaults(root)
}

/** Every published schema is valid draft 2020-12 and names itself. */
async function schemas() {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const folder = join(root, 'reports', 'schemas')
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  if (names.length === 0) return ['reports/schemas holds no schema']
  return names.flatMap((name) => {
    try {
      const schema = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema)
      return typeof schema.$id === 'string' && schema.$id !== '' ? [] : [`${name}: it has no "$id"`]
    } catch (fault) {
      return [`${name}: ${fault.message}`]
    }
  })
}

/** khard's own content, read from YAML by the sources themselves. */
async function content() {
  const from = (path) => import(pathToFileURL(join(root, 'src', path)).href)
  const { loadContent } = await from('content/load-content.ts')
  const { operators } = await from('evaluate/operators/index.ts')
  const { factKinds } = await from('facts/index.ts')
  try {
    process.chdir(root)
    const found = loadContent({
      roots: ['.'],
      factKinds: Object.values(factKinds),
      operators: Object.values(operators),
    })
    const { coverageFaults } = await import('./coverage.mjs')
    return coverageFaults(found)
  } catch (fault) {
    return [fault.message]
  }
}

const gates = [
  {
    name: 'format and lint',
    run: () => program(bin('biome'), ['check', '--colors=off', '--max-diagnostics=100', '.']),
    fix: 'npm run format settles layout; the rest is named above.',
  },
  {
    name: 'types',
    run: () => [...program(bin('tsc'), ['--noEmit', '-p', '.']), ...program(bin('tsc'), ['-p', 'test'])],
    fix: 'Correct the types.',
  },
  {
    name: 'import arrows',
    run: arrows,
    fix: 'Each line says why the rule is there; .dependency-cruiser.mjs holds them.',
  },
  {
    name: 'house rules',
    run: houseLint,
    fix: 'Each line says what to do instead; scripts/house-lint.mjs holds them.',
  },
  { name: 'schemas', run: schemas, fix: 'Correct the schema under reports/schemas.' },
  {
    name: 'content',
    run: content,
    fix: 'Correct the lines named above; npm run coverage renews docs/coverage.md.',
  },
]

let failed = 0
for (const { name, run, fix } of gates) {
  const started = performance.now()
  const faults = await run()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`)
  if (faults.length === 0) continue
  failed += 1
  process.stdout.write(`${faults.map((fault) => fault.replaceAll(/^/gm, '  ')).join('\n')}\n  next: ${fix}\n`)
}
process.exitCode = failed === 0 ? 0 : 1
