import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Wall seconds, CPU seconds (user and system, children included) and processes of one command. */
export function measure(program, argv, { input, cwd } = {}) {
  // The shell's `times` counts the children it waited for; the last line is theirs.
  const script = 'exec 3>&1; "$@" >/dev/null 3>&-; status=$?; times >&3; exit "$status"'
  const began = performance.now()
  const before = forks()
  const run = spawnSync('sh', ['-c', script, 'sh', program, ...argv], {
    input,
    cwd,
    encoding: 'utf8',
    maxBuffer: 256e6,
  })
  const after = forks()
  const wall = (performance.now() - began) / 1000
  const children = run.stdout.trim().split('\n').at(-1) ?? ''
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  )
  return { wall, cpu, processes: after - before - 2, status: run.status }
}

/** Processes started on this machine since boot; other programs count too, so take the least of several runs. */
function forks() {
  return Number(/^processes (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0)
}

/** The least of several measurements, figure by figure: what the work costs when nothing disturbs it. */
export function least(times, take) {
  const runs = Array.from({ length: times }, take)
  const keys = Object.keys(runs[0])
  return Object.fromEntries(keys.map((key) => [key, Math.min(...runs.map((run) => run[key]))]))
}
