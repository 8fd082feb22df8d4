import type { Evidence } from '../../model/evidence.ts'
import type { NodeContext } from '../fact-kind.ts'
import type { Purpose } from './certificate.ts'
import type { Use } from './use.ts'

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
  /** When the file it is in was written; undefined where that is not known. */
  readonly writtenMs?: number
}

/** What could not be told: a component, setting or kubeconfig that may name further certificates. */
export interface Gap {
  readonly component: string
  readonly gap: Extract<Evidence<never>, { kind: 'unavailable' }>
  /** What the certificates it may hide are used for. */
  readonly purposes: readonly Purpose[]
}

export interface CertificatesInUse {
  readonly certificates: readonly CertificateInUse[]
  readonly gaps: readonly Gap[]
}

/** When a file was written, as a part of what is known of a certificate in it. */
export function writtenAt({ view }: NodeContext, path: string): Pick<CertificateInUse, 'writtenMs'> {
  const file = view.file(path)
  return file.state === 'observed' ? { writtenMs: file.stat.mtime * 1000 } : {}
}

/** What a kubeconfig holds. */
export const inKubeconfigs: readonly Purpose[] = ['client', 'ca']

/** One gap where the evidence is missing, else none. */
export function gapsOf(
  component: string,
  evidence: Evidence<unknown>,
  purposes: readonly Purpose[],
): readonly Gap[] {
  return evidence.kind === 'unavailable' ? [{ component, gap: evidence, purposes }] : []
}
