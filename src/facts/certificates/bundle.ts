import type { X509Certificate } from 'node:crypto'
import type { Evidence, Fact } from '../../model/evidence.ts'
import { observed, unavailable } from '../../model/evidence.ts'
import { parseCertificate } from './certificate.ts'
import { isCertificateLabel, pemBlocks } from './pem.ts'

/** Certificates of a file, in order; blocks that are none keep their place as undefined. */
export interface Bundle {
  readonly certificates: readonly (X509Certificate | undefined)[]
  /** Labels of everything in the file. */
  readonly labels: readonly string[]
  /** More blocks than are read. */
  readonly more: boolean
}

/** Reads the certificates of a PEM text. */
export function readBundle(text: string): Bundle {
  const { blocks, more } = pemBlocks(text)
  return {
    certificates: blocks
      .filter((block) => isCertificateLabel(block.label))
      .map((block) => parseCertificate(block.text)),
    labels: blocks.map((block) => block.label),
    more,
  }
}

/** A trust bundle as evidence: every certificate in it, or why that cannot be told. */
export function trustBundle(text: Evidence<string>, path: string): Evidence<readonly X509Certificate[]> {
  if (text.kind !== 'observed') return text
  const { certificates, more } = readBundle(text.fact)
  const sound = certificates.filter((one) => one !== undefined)
  if (more) return unavailable('truncated', text.source, `${path} holds more certificates than are read`)
  if (sound.length === 0 || sound.length < certificates.length) {
    return unavailable('unparsable', text.source, `${path} holds no certificate, or one that cannot be read`)
  }
  return observed(sound, text.source)
}

/** Gaps of a bundle as items of their own, so that none hides behind its neighbours. */
export function bundleGaps(
  bundle: Bundle,
  text: Extract<Evidence<string>, { kind: 'observed' }>,
  path: string,
): readonly Fact[] {
  const gaps: Fact[] = []
  if (bundle.certificates.length === 0) {
    gaps.push(unavailable('unparsable', text.source, `${path} holds no certificate`))
  }
  for (const [index, one] of bundle.certificates.entries()) {
    if (one === undefined) {
      gaps.push(unavailable('unparsable', text.source, `${path}: certificate ${index + 1} cannot be read`))
    }
  }
  if (bundle.more)
    gaps.push(unavailable('truncated', text.source, `${path} holds more certificates than are read`))
  return gaps
}
