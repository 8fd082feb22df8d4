import { spawnSync } from 'node:child_process'
import { chooseSelections } from '../dist/cli/choose.js'
import { planFor } from '../dist/cli/gather.js'
import { renderScript } from '../dist/collect/script/render.js'
import { loadCompiledContent } from '../dist/content/compiled.js'
import { least, measure } from './measure.mjs'

const content = loadCompiledContent()
const choice = await chooseSelections({ profile: ['kubeadm-cis-l2'] }, content, {})
const script = renderScript(planFor(choice.selections, content).node, { nonce: '0'.repeat(32) })

/** What the script costs where it runs (here), against a shell that starts `true` forty times. */
export function benchNode() {
  const loop = 'i=0; while [ $i -lt 40 ]; do /bin/true; i=$((i+1)); done'
  const fortyTrue = least(5, () => measure('sh', ['-c', loop]))
  const run = least(5, () => measure('sh', ['-s'], { input: script }))
  const crowded = withProcesses(1000, () => least(3, () => measure('sh', ['-s'], { input: script })))
  const sent = spawnSync('sh', ['-s'], { input: script, maxBuffer: 256e6 }).stdout.length
  const baseline = { name: '40 × /bin/true', value: fortyTrue.cpu || 0.001 }
  return [
    { name: 'processes', value: run.processes, unit: 'processes', ceiling: 40 },
    { name: 'CPU', value: run.cpu, unit: 's CPU', baseline, ceiling: 0.2 },
    { name: 'processes, 1000 more on the node', value: crowded.processes, unit: 'processes', ceiling: 40 },
    { name: 'CPU, 1000 more on the node', value: crowded.cpu, unit: 's CPU', baseline },
    { name: 'wall', value: run.wall, unit: 's wall' },
    { name: 'script sent', value: script.length / 1024, unit: 'KiB' },
    { name: 'evidence sent back', value: sent / 1024, unit: 'KiB' },
  ]
}

/** Does something while `count` idle processes are there; they end with their standard input. */
function withProcesses(count, work) {
  const started = spawnSync(
    'sh',
    ['-c', `i=0; while [ $i -lt ${count} ]; do sleep 120 >/dev/null 2>&1 & i=$((i+1)); echo $!; done`],
    { encoding: 'utf8' },
  )
  const pids = started.stdout.trim().split('\n').map(Number)
  try {
    return work()
  } finally {
    for (const pid of pids) process.kill(pid)
  }
}
