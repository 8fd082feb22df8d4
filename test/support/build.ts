import { spawnSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** Builds dist/ when anything it is made of is newer, so that the command under test is the one in the sources. */
export function setup(): void {
  const built = statSync(join(root, 'dist', 'content.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = globSync('{src,benchmarks,profiles,scripts}/**/*.{ts,yaml,mjs}', { cwd: root })
  const isStale = sources.some((file) => statSync(join(root, file)).mtimeMs > built)
  if (!isStale) return
  const build = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], {
    cwd: root,
    encoding: 'utf8',
  })
  if (build.status !== 0) throw new Error(`dist/ could not be built:\n${build.stdout}${build.stderr}`)
}
