import type { X509Certificate } from 'node:crypto'
import type { Evidence, Fact } from '../../model/evidence.ts'
import { absent, mapEvidence, observed } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { keyFingerprint } from './certificate.ts'
import type { Material } from './kubeconfig.ts'
import { type KubeconfigInUse, kubeconfigsInUse, materialFile } from './kubeconfigs-in-use.ts'
import { usedText } from './trust.ts'

/** Texts as one fact: each once, sorted. */
export function listed(values: readonly string[], source: Fact['source']): Fact {
  return observed(
    [...new Set(values)].sort().map((value) => observed(value, source)),
    source,
  )
}

/** Authorities by public key: one that was renewed with its key is the same to those who trust it. */
export function fingerprintsOf(
  authorities: Evidence<readonly X509Certificate[]>,
): Evidence<readonly string[]> {
  return mapEvidence(authorities, (certificates, source) =>
    observed(
      certificates.map(({ publicKey }) => keyFingerprint(publicKey)),
      source,
    ),
  )
}

/** The same as a fact. */
export function fingerprints(authorities: Evidence<readonly X509Certificate[]>): Fact {
  return mapEvidence(fingerprintsOf(authorities), (texts, source): Fact => listed(texts, source))
}

/** The kubeconfig the kubelet talks to the API server with. */
export function kubeletKubeconfig(node: NodeContext): KubeconfigInUse | undefined {
  return kubeconfigsInUse(node).used.find(
    ({ by }) => by.component === 'kubelet' && by.setting === 'kubeconfig',
  )
}

function materialText(node: NodeContext, used: KubeconfigInUse, material: Material): Evidence<string> {
  const { source } = used.kubeconfig
  if (material.kind === 'embedded') return observed(material.text, source)
  return mapEvidence(materialFile(node, used, material), (file) => usedText(node, file))
}

/** What the kubelet's kubeconfig holds of one kind; absent when there is no kubelet, or it holds none. */
export function kubeletMaterial(node: NodeContext, what: 'authorities' | 'certificates'): Evidence<string> {
  const used = kubeletKubeconfig(node)
  if (used === undefined) {
    const gap = kubeconfigsInUse(node).gaps.find(({ component }) => component === 'kubelet')
    return gap?.gap ?? absent({ items: [], at: [] }, 'the kubelet has no kubeconfig')
  }
  const { kubeconfig } = used
  if (kubeconfig.kind !== 'observed') return kubeconfig
  const { authorities, users } = kubeconfig.fact
  const [material] = what === 'authorities' ? authorities : users.map(({ certificate }) => certificate)
  return material === undefined ? absent(kubeconfig.source) : materialText(node, used, material)
}
