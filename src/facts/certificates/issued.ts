import type { X509Certificate } from 'node:crypto'
import type { Evidence } from '../../model/evidence.ts'
import { type CertificateDetails, signedBy } from './certificate.ts'

/** What tells when a certificate was issued. */
export interface Issued {
  readonly certificate: X509Certificate
  /** The other certificates of its file. */
  readonly others: readonly X509Certificate[]
  readonly uses: readonly {
    readonly trustedBy: readonly Evidence<readonly X509Certificate[]>[]
    readonly likely: readonly Evidence<readonly X509Certificate[]>[]
  }[]
  /** When its file was written; undefined where that is not known. */
  readonly writtenMs?: number
}

/** True when the certificate begins with its authority, to the second: then its start says nothing. */
function beginsWithAuthority({ certificate, others, uses }: Issued): boolean {
  const trusted = uses.flatMap(({ trustedBy, likely }) => [...trustedBy, ...likely])
  const authorities = [...others, ...trusted.flatMap((one) => (one.kind === 'observed' ? one.fact : []))]
  return authorities.some(
    (one) =>
      one.fingerprint256 !== certificate.fingerprint256 &&
      one.validFrom === certificate.validFrom &&
      signedBy(certificate, one),
  )
}

/**
 * When a certificate was issued. kubeadm, K3s, RKE2 and etcd-manager let what they sign begin with the authority,
 * however old that is; then the day its file was written counts.
 */
export function issuedMs(issued: Issued, { notBeforeMs }: CertificateDetails): number {
  const { writtenMs = notBeforeMs } = issued
  return writtenMs > notBeforeMs && beginsWithAuthority(issued) ? writtenMs : notBeforeMs
}
