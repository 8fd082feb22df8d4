import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Starts the made-up API server as a process of its own; answers its kubeconfig. */
async function startServer(root, pods, directory) {
  const child = spawn(
    process.execPath,
    [`${root}/test/support/api/serve-synthetic.ts`, String(pods), directory],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const [chunk] = await Promise.race([
    new Promise((resolve) => child.stdout.once('data', (data) => resolve([data]))),
    new Promise((_, reject) => child.once('exit', () => reject(new Error('the API server did not start')))),
  ])
  return { kubeconfig: String(chunk).trim(), stop: () => child.kill() }
}

/** Wall seconds of a command and the most memory it had, MiB. */
function watch(program, argv) {
  const began = performance.now()
  const child = spawn(program, argv, { stdio: 'ignore' })
  let peak = 0
  const look = () => {
    const file = `/proc/${child.pid}/status`
    const status = existsSync(file) ? readFileSync(file, 'utf8') : ''
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024)
  }
  const timer = setInterval(look, 10)
  return new Promise((resolve) =>
    child.on('close', (status) => {
      clearInterval(timer)
      resolve({ wall: (performance.now() - began) / 1000, peak, status })
    }),
  )
}

async function measureSize(root, pods, hasKubectl) {
  const directory = mkdtempSync(join(tmpdir(), 'khard-bench-'))
  const server = await startServer(root, pods, directory)
  const access = ['--kubeconfig', server.kubeconfig, '--context', 'admin']
  const bundle = join(directory, 'evidence.khard')
  const khard = (...argv) => watch(process.execPath, [`${root}/bin/khard.js`, ...argv])
  try {
    const collect = await khard('collect', '--cluster', ...access, '-o', bundle)
    const evaluate = await khard('audit', `bundle:${bundle}`, '-o', `json=${join(directory, 'result.json')}`)
    const get = ['get', 'pods', '-A', '-o', 'json', '--chunk-size=500']
    const kubectl = hasKubectl ? await watch('kubectl', [...access, ...get]) : undefined
    return { pods, collect, evaluate, kubectl, bytes: statSync(bundle).size }
  } finally {
    server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const count = (pods) => pods.toLocaleString('en')

function rowsOf({ pods, collect, evaluate, kubectl, bytes }) {
  const baseline = kubectl && { name: 'kubectl get pods -A -o json', value: kubectl.wall }
  return [
    ...(kubectl ? [{ name: `${count(pods)} pods: kubectl get`, value: kubectl.wall, unit: 's wall' }] : []),
    {
      name: `${count(pods)} pods: khard collect --cluster`,
      value: collect.wall,
      unit: 's wall',
      ...(baseline ? { baseline, ceiling: 1.5 * kubectl.wall } : {}),
    },
    { name: '  its memory at most', value: collect.peak, unit: 'MiB', ceiling: 250 },
    { name: '  audit of that bundle', value: evaluate.wall, unit: 's wall' },
    { name: '  its memory at most', value: evaluate.peak, unit: 'MiB', ceiling: 250 },
    { name: '  bundle, nodes included', value: bytes / pods, unit: 'bytes a pod', ceiling: 40 },
  ]
}

/** `khard collect --cluster` against clusters of several sizes, beside kubectl on the same server. */
export async function benchCluster(root, sizes) {
  const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0
  if (!hasKubectl)
    process.stdout.write('\nkubectl is not installed (Debian: kubernetes-client): no comparison with it\n')
  const rows = []
  let earlier
  for (const pods of sizes) {
    const one = await measureSize(root, pods, hasKubectl)
    rows.push(...rowsOf(one))
    if (earlier !== undefined) {
      const times = one.collect.wall / earlier.collect.wall
      rows.push({ name: `  against ${count(earlier.pods)} pods`, value: times, unit: '× the wall' })
    }
    earlier = one
  }
  return rows
}
