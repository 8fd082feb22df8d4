import type { Evidence } from '../../model/evidence.ts'
import type { Use } from './record.ts'

/** How a certificate is kept: in a file of its own, or inside a kubeconfig. */
export type Stored = 'file' | 'embedded'

/** One certificate file (or embedded certificate) with one of its uses. */
export interface CertificateInUse {
  readonly component: string
  /** Path, or path and user of a kubeconfig that holds the certificate itself. */
  readonly path: string
  readonly stored: Stored
  readonly text: Evidence<string>
  readonly use: Use
}

/** What could not be told: a component, setting or kubeconfig that may name further certificates. */
export interface Gap {
  readonly component: string
  readonly gap: Extract<Evidence<never>, { kind: 'unavailable' }>
}

export interface CertificatesInUse {
  readonly certificates: readonly CertificateInUse[]
  readonly gaps: readonly Gap[]
}

/** One gap where the evidence is missing, else none. */
export function gapsOf(component: string, evidence: Evidence<unknown>): readonly Gap[] {
  return evidence.kind === 'unavailable' ? [{ component, gap: evidence }] : []
}
