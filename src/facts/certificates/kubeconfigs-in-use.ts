import type { CollectFailure, Evidence } from '../../model/evidence.ts'
import { joinSources, observed } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import type { SettingFile } from '../files/setting-files.ts'
import { hostFile } from '../files/setting-files.ts'
import type { Kubeconfig, Material } from './kubeconfig.ts'
import { readKubeconfig } from './kubeconfig.ts'
import { usedText } from './trust.ts'
import { usedFiles } from './used-files.ts'
import type { SettingRef } from './uses.ts'
import { kubeconfigUses } from './uses.ts'

/** A kubeconfig a component was told to use. */
export interface KubeconfigInUse {
  readonly by: SettingRef
  readonly file: SettingFile
  readonly kubeconfig: Evidence<Kubeconfig>
}

/** Kubeconfigs named by settings; gaps are what could not be told. */
export interface KubeconfigsInUse {
  readonly used: readonly KubeconfigInUse[]
  readonly gaps: readonly {
    readonly component: string
    readonly gap: Extract<Evidence<never>, { kind: 'unavailable' }>
  }[]
}

/** A kube-proxy that an image does not show is one of a DaemonSet: its kubeconfig is no file of the node. */
function isInCluster({ component }: SettingRef, reason: CollectFailure): boolean {
  return component === 'kube-proxy' && reason === 'offline'
}

/** Every kubeconfig in use on the node. */
export function kubeconfigsInUse(node: NodeContext): KubeconfigsInUse {
  return node.memo('certificates:kubeconfigs', () => {
    const found = kubeconfigUses
      .filter((by) => node.components.get(by.component)?.settings.some((one) => one.name === by.setting))
      .flatMap((by) => usedFiles(node, by.component, by.setting).map((file) => ({ by, file })))
    return {
      used: found.flatMap(({ by, file }) => {
        if (file.kind !== 'observed') return []
        const text = usedText(node, file.fact)
        return [{ by, file: file.fact, kubeconfig: readKubeconfig(text, file.fact.given ?? file.fact.path) }]
      }),
      gaps: found.flatMap(({ by, file }) =>
        file.kind === 'unavailable' && !isInCluster(by, file.reason)
          ? [{ component: by.component, gap: file }]
          : [],
      ),
    }
  })
}

/** The host's file for material a kubeconfig names by path. */
export function materialFile(
  node: NodeContext,
  used: KubeconfigInUse,
  material: Extract<Material, { kind: 'path' }>,
): Evidence<SettingFile> {
  const { source } = used.kubeconfig
  const file = hostFile(node, used.by.component, { path: material.path, source })
  return file.kind === 'observed' ? observed(file.fact, joinSources(file.source, source)) : file
}
