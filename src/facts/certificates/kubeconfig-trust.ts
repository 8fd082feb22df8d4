import type { X509Certificate } from 'node:crypto'
import type { Evidence } from '../../model/evidence.ts'
import { mapEvidence, observed } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { trustBundle } from './bundle.ts'
import type { Material } from './kubeconfig.ts'
import { type KubeconfigInUse, kubeconfigsInUse, materialFile } from './kubeconfigs-in-use.ts'
import { usedText } from './trust.ts'
import type { SettingRef } from './uses.ts'

function bundleIn(
  node: NodeContext,
  used: KubeconfigInUse,
  material: Material,
): Evidence<readonly X509Certificate[]> {
  if (material.kind === 'embedded')
    return trustBundle(observed(material.text, used.kubeconfig.source), used.file.path)
  return mapEvidence(materialFile(node, used, material), (file) =>
    trustBundle(usedText(node, file), file.path),
  )
}

/** Authorities of the kubeconfig a setting names: what the component trusts the API server by. */
export function trustedByKubeconfig(
  node: NodeContext,
  { component, setting }: SettingRef,
): readonly Evidence<readonly X509Certificate[]>[] {
  return kubeconfigsInUse(node)
    .used.filter(({ by }) => by.component === component && by.setting === setting)
    .flatMap((used) => {
      const { kubeconfig } = used
      if (kubeconfig.kind !== 'observed') return []
      return kubeconfig.fact.authorities.map((material) => bundleIn(node, used, material))
    })
}
