import { joinSources, unavailable } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import { settingFiles } from '../files/setting-files.ts'
import { sniSetting } from '../settings/sni.ts'
import { keyOf, trustedBySetting, usedText } from './trust.ts'
import type { CertificatesInUse } from './used-certificate.ts'

const component = 'kube-apiserver'
const authorities = [
  { component: 'kube-controller-manager', setting: 'root-ca-file' },
  { component, setting: 'client-ca-file' },
]

/** Certificates the API server serves to clients that ask for a name of their own. */
export function sniCertificates(node: NodeContext): CertificatesInUse {
  const files = settingFiles(node, component, sniSetting)
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
        trustedBy: [],
        likely: authorities.map((ref) => trustedBySetting(node, ref)),
      }
      return [{ component, path, stored: 'file' as const, text: usedText(node, certificate.fact), use }]
    }),
    gaps: pairs.flatMap(({ certificate: gap }) => (gap.kind === 'unavailable' ? [{ component, gap }] : [])),
  }
}
