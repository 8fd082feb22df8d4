import type { X509Certificate } from 'node:crypto'
import type { Evidence, Fact, FactRecord, Source } from '../../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { CertificateDetails, Purpose } from './certificate.ts'
import { daysLeft, describeCertificate, fitsUse, lifetimeDays } from './certificate.ts'
import { chainsTo, endsInOwnRoot } from './chain.ts'

/** Fields of a certificate record. */
export const certificateFields = [
  'path',
  'position',
  'used-by',
  'purposes',
  'subject',
  'issuer',
  'common-name',
  'organizations',
  'names',
  'days-left',
  'not-before',
  'not-after',
  'valid-now',
  'lifetime-days',
  'is-ca',
  'self-signed',
  'key-algorithm',
  'key-bits',
  'signature-algorithm',
  'key-fingerprint',
  'key-matches',
  'chain-verifies',
  'fits-use',
] as const

/** One way a certificate is used on the node, with what decides whether it is right. */
export interface Use {
  /** `kube-apiserver tls-cert-file`. */
  readonly usedBy: string
  readonly purpose: Purpose
  /** Fingerprint of the public half of the key that goes with it; absent key: none belongs to the use. */
  readonly key?: Evidence<string>
  /** CA certificates of the side that checks; they prove and disprove. */
  readonly trustedBy: readonly Evidence<readonly X509Certificate[]>[]
  /** CA certificates that are usually the same; they only prove. */
  readonly likely: readonly Evidence<readonly X509Certificate[]>[]
}

/** A certificate with its place and its uses. */
export interface UsedCertificate {
  readonly path: string
  readonly position: number
  readonly certificate: X509Certificate
  /** The other certificates of the same file. */
  readonly others: readonly X509Certificate[]
  readonly uses: readonly Use[]
  readonly source: Source
}

/** One false decides; otherwise one gap leaves it open; nothing at all is absent. */
function everyUse(parts: readonly Evidence<boolean>[], source: Source): Evidence<boolean> {
  const told = parts.filter((part) => part.kind !== 'absent')
  const decisive =
    told.find((part) => part.kind === 'observed' && !part.fact) ??
    told.find((part) => part.kind === 'unavailable')
  if (decisive !== undefined) return decisive
  if (told.length === 0) return parts[0] ?? absent(source)
  return observed(true, joinSources(...told.map((part) => part.source)))
}

/** Whether the key of a use is the key of the certificate. */
function keyMatches(use: Use, details: CertificateDetails, source: Source): Evidence<boolean> {
  const { key } = use
  if (key === undefined) return absent(source, `no private key belongs to ${use.usedBy}`)
  const both = joinSources(source, key.source)
  if (key.kind === 'absent') return unavailable('ambiguous', both, key.detail ?? 'its key does not exist')
  if (key.kind === 'unavailable') return unavailable(key.reason, both, key.detail)
  return observed(key.fact === details.keyFingerprint, both)
}

/** Whether the certificate leads to a CA that the checking side trusts. */
function chainVerifies(used: UsedCertificate, use: Use): Evidence<boolean> {
  const { certificate, others, source } = used
  if (use.purpose === 'ca') return observed(true, source) // trusted as it stands
  if (use.purpose === 'service-account') return absent(source, 'nobody verifies it: only its key is used')
  const gap = use.trustedBy.find((one) => one.kind === 'unavailable')
  if (gap?.kind === 'unavailable') return unavailable(gap.reason, joinSources(source, gap.source), gap.detail)
  const strong = bundlesOf(use.trustedBy)
  const proves = (one: { readonly fact: readonly X509Certificate[] }): boolean =>
    chainsTo(certificate, others, one.fact)
  const asked = strong.length > 0 ? strong : bundlesOf(use.likely)
  const all = joinSources(source, ...asked.map((one) => one.source))
  if (strong.length > 0 || asked.some(proves)) return observed(asked.some(proves), all)
  if (endsInOwnRoot(certificate, others)) return observed(false, all)
  return unavailable('not-collected', all, 'the CA that has to trust it is not on this node')
}

function bundlesOf(
  bundles: readonly Evidence<readonly X509Certificate[]>[],
): readonly Extract<Evidence<readonly X509Certificate[]>, { kind: 'observed' }>[] {
  return bundles.filter((one) => one.kind === 'observed')
}

function strings(values: readonly string[], source: Source): Fact {
  return observed(
    values.map((value) => observed(value, source)),
    source,
  )
}

/** Fields that the certificate alone decides. */
function ownFields(details: CertificateDetails, atMs: number, source: Source): FactRecord {
  const known = <T extends string | number>(value: T | undefined): Fact =>
    value === undefined ? unavailable('unparsable', source) : observed(value, source)
  return {
    subject: observed(details.subject, source),
    issuer: observed(details.issuer, source),
    'common-name': details.commonName === undefined ? absent(source) : observed(details.commonName, source),
    organizations: strings(details.organizations, source),
    names: strings(details.names, source),
    'days-left': observed(daysLeft(details, atMs), source),
    'not-before': observed(new Date(details.notBeforeMs).toISOString(), source),
    'not-after': observed(new Date(details.notAfterMs).toISOString(), source),
    'valid-now': observed(details.notBeforeMs <= atMs && atMs <= details.notAfterMs, source),
    'lifetime-days': observed(lifetimeDays(details), source),
    'is-ca': observed(details.isCa, source),
    'self-signed': observed(details.selfSigned, source),
    'key-algorithm': observed(details.keyAlgorithm, source),
    'key-bits': known(details.keyBits),
    'signature-algorithm': known(details.signatureAlgorithm),
    'key-fingerprint': observed(details.keyFingerprint, source),
  }
}

/** The record of one certificate at a moment. */
export function certificateRecord(used: UsedCertificate, atMs: number): Fact {
  const { source } = used
  const details = describeCertificate(used.certificate)
  if (details === undefined) return unavailable('unparsable', source, `${used.path}: dates cannot be read`)
  const uses = [...used.uses]
  return observed(
    {
      path: observed(used.path, source),
      position: observed(used.position, source),
      'used-by': observed([...new Set(uses.map((use) => use.usedBy))].join(', '), source),
      purposes: strings([...new Set(uses.map((use) => use.purpose))], source),
      ...ownFields(details, atMs, source),
      'key-matches': everyUse(
        uses.map((use) => keyMatches(use, details, source)),
        source,
      ),
      'chain-verifies': everyUse(
        uses.map((use) => chainVerifies(used, use)),
        source,
      ),
      'fits-use': observed(
        uses.every((use) => fitsUse(details, use.purpose)),
        source,
      ),
    },
    source,
  )
}
