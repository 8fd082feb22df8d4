import type { PathClass } from '../../model/component.ts'
import type { Evidence } from '../../model/evidence.ts'
import { kubeconfigsInUse, materialFile } from '../certificates/kubeconfigs-in-use.ts'
import { usedFiles } from '../certificates/used-files.ts'
import type { NodeContext } from '../fact-kind.ts'
import { clusterComponents } from './probes-for.ts'
import type { SettingFile } from './setting-files.ts'

const pemClasses: readonly PathClass[] = ['certificate', 'private-key', 'public-key']

/** Every certificate and key file the components of the node use: by settings and by their kubeconfigs. */
export function pkiFilesInUse(node: NodeContext): readonly Evidence<SettingFile>[] {
  const bySetting = clusterComponents.flatMap((component) => {
    const settings = node.components.get(component)?.settings ?? []
    const pem = settings.filter(({ holds }) => holds !== undefined && pemClasses.includes(holds))
    return pem.flatMap((setting) => usedFiles(node, component, setting.name))
  })
  const { used, gaps } = kubeconfigsInUse(node)
  const byKubeconfig = used.flatMap((one): readonly Evidence<SettingFile>[] => {
    const { kubeconfig } = one
    if (kubeconfig.kind !== 'observed') return [kubeconfig]
    const { users, authorities } = kubeconfig.fact
    const material = [...users.flatMap((user) => [user.certificate, user.key]), ...authorities]
    return material.flatMap((named) => (named?.kind === 'path' ? [materialFile(node, one, named)] : []))
  })
  return [...bySetting, ...byKubeconfig, ...gaps.map(({ gap }) => gap)]
}
