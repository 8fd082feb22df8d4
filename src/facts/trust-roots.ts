import type { X509Certificate } from 'node:crypto'
import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed } from '../model/evidence.ts'
import { trustBundle } from './certificates/bundle.ts'
import { keyFingerprint, parseCertificate } from './certificates/certificate.ts'
import { fingerprints, kubeletMaterial, listed } from './certificates/kubelet-trust.ts'
import { pemBlocks } from './certificates/pem.ts'
import { trustedBySetting } from './certificates/trust.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { clusterComponents, probesFor } from './files/probes-for.ts'
import { verifyingKeysOf } from './service-account-keys.ts'

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
