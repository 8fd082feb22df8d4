import type { Evidence, Fact } from '../../model/evidence.ts'
import { joinSources } from '../../model/evidence.ts'
import { bundleGaps, readBundle } from './bundle.ts'
import { isPrivateKeyLabel } from './pem.ts'
import type { Moment } from './record.ts'
import { certificateRecord } from './record.ts'
import type { Use } from './use.ts'
import type { CertificateInUse } from './used-certificate.ts'

/**
 * One file with everything it is used for. What starts a kubelet that rotates stands apart: as that it is renewed, and
 * where the kubelet serves with the same file, not.
 */
interface UsedFile {
  readonly path: string
  readonly text: Evidence<string>
  readonly uses: readonly Use[]
  readonly writtenMs?: number
}

function byPath(certificates: readonly CertificateInUse[]): readonly UsedFile[] {
  const files = new Map<string, UsedFile>()
  for (const { path, text, use, writtenMs } of certificates) {
    const key = use.startsKubelet === undefined ? path : `${path} ${use.startsKubelet}`
    const known = files.get(key)
    const written = writtenMs === undefined ? {} : { writtenMs }
    files.set(key, { path, text: known?.text ?? text, uses: [...(known?.uses ?? []), use], ...written })
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file)
}

/** Service account tokens are usually checked with a bare public key, which is no certificate and has no end. */
function isBareKey(file: UsedFile, labels: readonly string[]): boolean {
  const isKeyFile = file.uses.every((use) => use.purpose === 'service-account')
  return (
    isKeyFile &&
    labels.length > 0 &&
    labels.every((label) => label.endsWith('PUBLIC KEY') || isPrivateKeyLabel(label))
  )
}

/** The leaf of a file, or every certificate of a trust bundle; what cannot be read stays as a gap. */
function fileRecords(file: UsedFile, moment: Moment): readonly Fact[] {
  const { text, path, uses, writtenMs } = file
  const written = writtenMs === undefined ? {} : { writtenMs }
  if (text.kind === 'absent') return []
  if (text.kind === 'unavailable') return [text]
  const bundle = readBundle(text.fact)
  if (isBareKey(file, bundle.labels)) return []
  const isAnchor = uses.some((use) => use.purpose === 'ca')
  const sound = bundle.certificates.filter((one) => one !== undefined)
  const source = joinSources(text.source)
  const records = bundle.certificates.flatMap((certificate, index) => {
    if (certificate === undefined || (index > 0 && !isAnchor)) return []
    // Behind the first block of a file stand intermediates: only the use as an anchor is theirs.
    const own = index === 0 ? uses : uses.filter((use) => use.purpose === 'ca')
    const others = sound.filter((one) => one !== certificate)
    return [
      certificateRecord(
        { path, position: index + 1, certificate, others, uses: own, source, ...written },
        moment,
      ),
    ]
  })
  return [...records, ...bundleGaps(bundle, text, path)]
}

/** Records of all certificates in use, by path. */
export function certificateRecords(
  certificates: readonly CertificateInUse[],
  moment: Moment,
): readonly Fact[] {
  return byPath(certificates).flatMap((file) => fileRecords(file, moment))
}
