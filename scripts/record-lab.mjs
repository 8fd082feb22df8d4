// Records examples/three-nodes.khard: the evidence of three lab nodes, a kubeadm control plane hardened, one as
// kubeadm leaves it, and one of systemd units whose values carry trailing comments. Needs root, Debian and
// `.ci/install-lab`; run it after `npm run build` when the collector asks for more than it did, and review
// test/golden/lab-verdicts.txt with it. Nothing in the evidence is secret: the nodes and their keys are made up.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const lab = join(root, 'test', 'lab', 'node-lab')
const bundle = join(root, 'examples', 'three-nodes.khard')
const env = { ...process.env, NODE_LAB_NAME: `khrec${process.pid % 1000}`, NODE_LAB_PORT: '32500' }
const run = (file, ...args) =>
  execFileSync(file, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

run(lab, 'down')
try {
  run(lab, 'up', '3', '--profile', 'kubeadm-hardened,kubeadm,hardway-commented')
  const sshConfig = join(run(lab, 'path').trim(), 'ssh_config')
  mkdirSync(dirname(bundle), { recursive: true })
  const targets = ['ssh://khnode-1', 'ssh://khnode-2', 'ssh://khnode-3']
  run(
    process.execPath,
    join(root, 'bin', 'khard.js'),
    'collect',
    ...targets,
    '--ssh-config',
    sshConfig,
    '-o',
    bundle,
  )
  process.stdout.write(run(process.execPath, join(root, 'bin', 'khard.js'), 'validate', bundle))
} finally {
  run(lab, 'down')
}
