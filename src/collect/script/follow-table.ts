import type { ComponentSpec, PathClass } from '../../model/component.ts'

/** What a setting's value may be used for, by the name it has on the node: `--flag`, `key`, `env:NAME`. */
export type FollowTable = readonly { readonly name: string; readonly holds: PathClass }[]

/** When two settings share a name, the class that reads least wins. */
const caution: readonly PathClass[] = [
  'private-key',
  'file',
  'directory',
  'data-directory',
  'public-key',
  'certificate',
  'kubeconfig',
  'drop-in-directory',
  'manifest-directory',
  'configuration',
]

/** Names every Kubernetes node has, whatever the component: kubeconfigs, admission and containerd files. */
const fixed: FollowTable = [
  { name: 'certificate-authority', holds: 'certificate' },
  { name: 'client-certificate', holds: 'certificate' },
  { name: 'client-key', holds: 'private-key' },
  { name: 'tokenFile', holds: 'file' },
  { name: 'kubeConfigFile', holds: 'kubeconfig' },
  { name: 'kubeconfig', holds: 'kubeconfig' },
  // K3s and RKE2: where the administrator's goes.
  { name: 'write-kubeconfig', holds: 'kubeconfig' },
  { name: 'path', holds: 'configuration' },
  { name: 'imports', holds: 'configuration' },
  { name: 'conf_dir', holds: 'directory' },
  { name: 'config_path', holds: 'directory' },
]

function lastSegment(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1)
}

/** The table for all components: every path-valued setting under each of its names, sorted, one class a name. */
export function followTable(components: ReadonlyMap<string, ComponentSpec>): FollowTable {
  const classes = new Map<string, PathClass>(fixed.map(({ name, holds }) => [name, holds]))
  const own = new Map<string, PathClass>()
  for (const component of components.values()) {
    for (const setting of component.settings) {
      if (setting.holds === undefined) continue
      const names = setting.flags.map((flag) => `--${flag}`)
      if (setting.key !== undefined) names.push(lastSegment(setting.key))
      if (setting.env !== undefined) names.push(`env:${setting.env}`)
      for (const name of names) {
        const known = own.get(name)
        const wins = known === undefined || caution.indexOf(setting.holds) < caution.indexOf(known)
        if (wins) own.set(name, setting.holds)
      }
    }
  }
  for (const [name, holds] of own) if (!classes.has(name)) classes.set(name, holds)
  return [...classes].map(([name, holds]) => ({ name, holds })).sort((a, b) => (a.name < b.name ? -1 : 1))
}
