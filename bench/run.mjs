// Figures of one run, as ratios against baselines measured in the same run on the same machine.
// Usage: npm run bench [-- --nodes 10000] [--pods 1000,10000,100000] [--part cluster]
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { benchCluster } from './cluster.mjs'
import { benchEvaluation } from './evaluation.mjs'
import { benchNode } from './node.mjs'
import { benchStart } from './start.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
if (!existsSync(new URL('../dist/cli/main.js', import.meta.url))) {
  const built = spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' })
  if (built.status !== 0) process.exit(1)
}
function option(name, otherwise) {
  const asked = process.argv.indexOf(name)
  return asked < 0 ? otherwise : (process.argv[asked + 1] ?? otherwise)
}
const nodes = Number(option('--nodes', '10000'))
// 100,000 pods take kubectl many minutes: only when asked for.
const sizes = option('--pods', '1000,10000').split(',').map(Number)
const part = option('--part', 'all')

/** Prints a table: name, figure, baseline, ratio, and the ceiling where there is one. */
function print(title, rows) {
  process.stdout.write(`\n${title}\n`)
  const cells = rows.map(({ name, value, unit, baseline, ceiling }) => [
    name,
    `${round(value)} ${unit}`,
    baseline === undefined ? '' : `${round(value / baseline.value)} × ${baseline.name}`,
    ceiling === undefined ? '' : `${value <= ceiling ? 'within' : 'OVER'} ${ceiling} ${unit}`,
  ])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column].length)))
  for (const row of cells)
    process.stdout.write(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd()}\n`,
    )
}

function round(value) {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(2)
}

const parts = {
  node: () => print('On the node', benchNode()),
  start: () => print('Start and a whole run', benchStart(root)),
  evaluation: async () => print(`Evaluation of ${nodes} recorded nodes`, await benchEvaluation(nodes)),
  cluster: async () => print('A cluster through its API', await benchCluster(root, sizes)),
}
for (const [name, run] of Object.entries(parts)) if (part === 'all' || part === name) await run()
