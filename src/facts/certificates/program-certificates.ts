import type { Evidence } from '../../model/evidence.ts'
import { observed } from '../../model/evidence.ts'
import type { Probe } from '../../model/probe.ts'
import type { NodeContext } from '../fact-kind.ts'
import { type RancherProgram, rancherPrograms } from '../rancher/program.ts'
import { type IssuingProgram, issuingPrograms } from './issuing-programs.ts'
import { keyOf, trustedBySetting, usedText } from './trust.ts'
import { type CertificateInUse, type CertificatesInUse, writtenAt } from './used-certificate.ts'
import { kubeconfigTrust } from './uses.ts'

/** Client certificates it uses itself, or hands to its agents; no setting of a component names them. */
function ownNames(program: RancherProgram): readonly string[] {
  return [
    'server/tls/client-admin.crt',
    'server/tls/client-supervisor.crt',
    'server/tls/client-kube-proxy.crt',
    `server/tls/client-${program}-controller.crt`,
    `server/tls/client-${program}-cloud-controller.crt`,
    `agent/client-${program}-controller.crt`,
  ]
}

function keyPath(path: string): string {
  return path.replace(/\.crt$/, '.key')
}

/** Their keys, which nothing names either. */
export const programKeyProbes: readonly Probe[] = (
  ['rke2', 'k3s'] satisfies readonly RancherProgram[]
).flatMap((program) =>
  ownNames(program).map((name) => {
    const path = keyPath(`${rancherPrograms[program].dataDirectory}/${name}`)
    return { kind: 'path' as const, path, holds: 'private-key' as const }
  }),
)

function ownCertificates(
  node: NodeContext,
  { service, directory }: IssuingProgram,
): readonly CertificateInUse[] {
  const { program, source } = service
  return ownNames(program).flatMap((name) => {
    const path = `${directory}/${name}`
    if (node.view.file(path).state !== 'observed') return []
    const use = {
      usedBy: program,
      purpose: 'client' as const,
      key: keyOf(node, observed({ path: keyPath(path), source }, source)),
      trustedBy: kubeconfigTrust.trustedBy.map((ref) => trustedBySetting(node, ref)),
      likely: kubeconfigTrust.likely.map((ref) => trustedBySetting(node, ref)),
    }
    const text: Evidence<string> = usedText(node, { path, source })
    return [{ component: program, path, stored: 'file' as const, text, use, ...writtenAt(node, path) }]
  })
}

/** Certificates in use by K3s or RKE2 themselves. */
export function programCertificates(node: NodeContext): CertificatesInUse {
  return {
    certificates: issuingPrograms(node).flatMap((program) => ownCertificates(node, program)),
    gaps: [],
  }
}
