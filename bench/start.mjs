import { least, measure } from './measure.mjs'

const khard = (root, ...argv) => least(5, () => measure(process.execPath, [`${root}/bin/khard.js`, ...argv]))

/** `khard --version` and a whole local audit, against an empty Node.js program. */
export function benchStart(root) {
  const empty = least(5, () => measure(process.execPath, ['-e', '0']))
  const baseline = { name: 'node -e 0', value: empty.wall }
  const version = khard(root, '--version')
  const audit = khard(root, 'audit', '--profile', 'kubeadm-cis-l2')
  return [
    { name: 'node -e 0', value: empty.wall, unit: 's wall' },
    { name: 'khard --version', value: version.wall, unit: 's wall', baseline, ceiling: 0.15 },
    {
      name: 'khard audit --profile kubeadm-cis-l2, this machine',
      value: audit.wall,
      unit: 's wall',
      baseline,
      ceiling: 0.6,
    },
    { name: '  of it CPU, node script included', value: audit.cpu, unit: 's CPU' },
  ]
}
