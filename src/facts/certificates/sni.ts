import type { Evidence } from '../../model/evidence.ts'
import { joinSources, mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { sniSetting } from '../settings/sni.ts'
import { readBundle } from './bundle.ts'
import { describeCertificate } from './certificate.ts'
import { keyOf, trustedBySetting, usedText } from './trust.ts'
import { type CertificatesInUse, gapsOf, writtenAt } from './used-certificate.ts'
import { usedFiles } from './used-files.ts'

const component = 'kube-apiserver'
const authorities = [
  { component: 'kube-controller-manager', setting: 'root-ca-file' },
  { component, setting: 'client-ca-file' },
]

/** Certificates the API server serves to clients that ask for a name of their own. */
export function sniCertificates(node: NodeContext): CertificatesInUse {
  const files = usedFiles(node, component, sniSetting)
  const pairs = files.flatMap((certificate, index) =>
    index % 2 === 0 ? [{ certificate, key: files[index + 1] }] : [],
  )
  return {
    certificates: pairs.flatMap(({ certificate, key }) => {
      if (certificate.kind !== 'observed') return []
      const { path } = certificate.fact
      const missing = unavailable(
        'ambiguous',
        joinSources(certificate.source),
        `${path} has no key in ${sniSetting}`,
      )
      const use = {
        usedBy: `${component} ${sniSetting}`,
        purpose: 'serving' as const,
        key: key === undefined ? missing : keyOf(node, key),
        // Clients outside the cluster may trust another authority, which is not on the node.
        isPublic: true as const,
        trustedBy: [],
        likely: authorities.map((ref) => trustedBySetting(node, ref)),
      }
      const text = usedText(node, certificate.fact)
      return [{ component, path, stored: 'file' as const, text, use, ...writtenAt(node, path) }]
    }),
    gaps: pairs.flatMap(({ certificate: gap }) => gapsOf(component, gap, ['serving'])),
  }
}

/** Names each of them stands for. One that a gap of the setting may name is a gap here. */
export function sniNames(node: NodeContext): readonly Evidence<readonly string[]>[] {
  const { certificates, gaps } = sniCertificates(node)
  const named = certificates.map(({ text }) =>
    mapEvidence(text, (pem, source) => {
      const [leaf] = readBundle(pem).certificates
      return observed((leaf && describeCertificate(leaf)?.names) ?? [], source)
    }),
  )
  return [...named, ...gaps.map(({ gap }) => gap)]
}
