// Records evidence of lab nodes: examples/three-nodes.khard (a hardened and a default kubeadm control plane, and one of
// systemd units whose values carry trailing comments) and test/recorded/hardened.khard (a hardened server of each of six
// distributions). Needs root, Debian and `.ci/install-lab`; run it after `npm run build` when the collector asks for more
// than it did, and review the pinned verdicts and test/mutations with it. The nodes and their keys are made up.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const lab = join(root, 'test', 'lab', 'node-lab')
const env = { ...process.env, NODE_LAB_NAME: `khrec${process.pid % 1000}`, NODE_LAB_PORT: '32500' }
const run = (file, ...args) =>
  execFileSync(file, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

/** Everything any profile asks: the recordings serve them all. */
const everyProfile = readdirSync(join(root, 'profiles')).flatMap((name) => [
  '--profile',
  name.replace('.yaml', ''),
])
const hardened = ['kubeadm', 'rke2', 'k3s', 'hardway', 'kubespray', 'kops'].map((name) => `${name}-hardened`)
const recordings = [
  { bundle: 'examples/three-nodes.khard', profiles: ['kubeadm-hardened', 'kubeadm', 'hardway-commented'] },
  { bundle: 'test/recorded/hardened.khard', profiles: hardened },
]

for (const { bundle, profiles } of recordings) {
  run(lab, 'down')
  try {
    run(lab, 'up', String(profiles.length), '--profile', profiles.join(','))
    const sshConfig = join(run(lab, 'path').trim(), 'ssh_config')
    const file = join(root, bundle)
    mkdirSync(dirname(file), { recursive: true })
    const targets = profiles.map((_, index) => `ssh://khnode-${index + 1}`)
    const khard = join(root, 'bin', 'khard.js')
    run(
      process.execPath,
      khard,
      'collect',
      ...targets,
      '--ssh-config',
      sshConfig,
      '-o',
      file,
      ...everyProfile,
    )
    chmodSync(file, 0o644)
    process.stdout.write(run(process.execPath, khard, 'validate', file))
  } finally {
    run(lab, 'down')
  }
}
