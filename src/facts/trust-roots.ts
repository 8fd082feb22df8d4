import type { X509Certificate } from 'node:crypto'
import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed } from '../model/evidence.ts'
import { trustBundle } from './certificates/bundle.ts'
import { keyFingerprint, parseCertificate } from './certificates/certificate.ts'
import type { Material } from './certificates/kubeconfig.ts'
import { type KubeconfigInUse, kubeconfigsInUse, materialFile } from './certificates/kubeconfigs-in-use.ts'
import { pemBlocks } from './certificates/pem.ts'
import { trustedBySetting, usedText } from './certificates/trust.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { clusterComponents, probesFor } from './files/probes-for.ts'
import { verifyingKeysOf } from './service-account-keys.ts'

function listed(values: readonly string[], source: Fact['source']): Fact {
  return observed(
    [...new Set(values)].sort().map((value) => observed(value, source)),
    source,
  )
}

/** Authorities by public key: one that was renewed with its key is the same to those who trust it. */
function fingerprints(authorities: Evidence<readonly X509Certificate[]>): Fact {
  return mapEvidence(authorities, (certificates, source): Fact => {
    return listed(
      certificates.map(({ publicKey }) => keyFingerprint(publicKey)),
      source,
    )
  })
}

/** The kubeconfig the kubelet talks to the API server with. */
function kubeletKubeconfig(node: NodeContext): KubeconfigInUse | undefined {
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
function kubeletMaterial(node: NodeContext, what: 'authorities' | 'certificates'): Evidence<string> {
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

/** Said of an authority that is none of those the kubelet accepts; no fingerprint reads like it. */
const stranger = 'an authority the kubelet does not accept'

/** The authority among those the kubelet accepts clients of that signed its own client certificate. */
function kubeletIssuer(node: NodeContext, authorities: Evidence<readonly X509Certificate[]>): Fact {
  const text = kubeletMaterial(node, 'certificates')
  if (text.kind !== 'observed') return text
  const source = joinSources(text.source, authorities.source)
  const [block] = pemBlocks(text.fact).blocks.filter(({ label }) => label === 'CERTIFICATE')
  const own = block && parseCertificate(block.text)
  if (own === undefined) return absent(source, 'the kubelet has no client certificate')
  return mapEvidence(authorities, (known): Fact => {
    const issuer = known.find(({ publicKey }) => own.verify(publicKey))
    return observed(issuer === undefined ? stranger : keyFingerprint(issuer.publicKey), source)
  })
}

/** Fingerprints of the keys a node's trust rests on; nodes of one cluster have the same. */
export const trustRoots: FactKind = {
  kind: 'trust-roots',
  title: 'Fingerprints of the authorities and keys that nodes of one cluster have in common',
  parameters: {},
  fields: () => ['client-ca', 'server-ca', 'etcd-ca', 'kubelet-issuer', 'service-account-keys'],
  probes: (_, knowledge) => probesFor(knowledge, clusterComponents),
  derive: (_, node) => {
    const clients = trustedBySetting(node, { component: 'kubelet', setting: 'client-ca-file' })
    const record = {
      'client-ca': fingerprints(clients),
      'server-ca': fingerprints(
        trustBundle(kubeletMaterial(node, 'authorities'), 'the kubelet’s kubeconfig'),
      ),
      'etcd-ca': fingerprints(
        trustedBySetting(node, { component: 'kube-apiserver', setting: 'etcd-cafile' }),
      ),
      'kubelet-issuer': kubeletIssuer(node, clients),
      'service-account-keys': mapEvidence(
        verifyingKeysOf(node),
        (keys, source): Fact => listed(keys, source),
      ),
    }
    return observed(record, joinSources(...Object.values(record).map(({ source }) => source)))
  },
}
