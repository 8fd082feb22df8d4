// Builds dist/: compiled JavaScript, khard's own content as one validated JSON file, and the version.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
// Built beside dist/ and moved there when it is whole: a build that fails leaves the last good one.
const fresh = join(root, 'dist.khard.tmp')
const started = performance.now()

/** The compiler by way of its package, so that the build needs no PATH. */
function compilerPath() {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
  return join(dirname(manifest), 'bin', 'tsc')
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`)
  process.exit(1)
}

if (!existsSync(join(root, 'node_modules', 'typescript'))) {
  // An installed package (npm install khard) brings dist/ and no compiler; there is nothing to build.
  if (existsSync(dist)) process.exit(0)
  fail('the compiler is not installed; run npm ci first')
}

rmSync(fresh, { recursive: true, force: true })
const compiled = spawnSync(process.execPath, [compilerPath(), '-p', root, '--outDir', fresh], {
  cwd: root,
  stdio: 'inherit',
})
if (compiled.status !== 0) fail('the sources do not compile; see the lines above')

process.chdir(root)
const { buildContent } = await import(pathToFileURL(join(fresh, 'cli', 'build-content.js')).href)
try {
  const held = buildContent('.', relative(root, join(fresh, 'content.json')))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  writeFileSync(join(fresh, 'version'), `${version}\n`)
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
  process.stdout.write(`built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s: ${held}\n`)
} catch (fault) {
  fail(`${fault.message}\nnext: ${fault.next ?? 'This is a fault of the build; please report it.'}`)
}
