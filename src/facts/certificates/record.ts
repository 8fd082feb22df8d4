import type { X509Certificate } from 'node:crypto'
import type { Evidence, Fact, FactRecord, Source } from '../../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../../model/evidence.ts'
import type { CertificateDetails } from './certificate.ts'
import { daysLeft, describeCertificate, isSelfSigned, lifetimeDays } from './certificate.ts'
import { chainsTo, endsInOwnRoot } from './chain.ts'
import { misfitFor } from './fitness.ts'
import { issuedMs } from './issued.ts'
import { missingNames } from './missing-names.ts'
import type { Renewable, RenewalOf } from './renewal.ts'
import { keyStrength } from './strength.ts'
import type { Use } from './use.ts'

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
  'key-strength',
  'signature-algorithm',
  'key-fingerprint',
  'key-matches',
  'chain-verifies',
  'fits-use',
  'misfit',
  'missing-names',
  'renewal',
  'renewal-state',
] as const

/** A certificate with its place and its uses. */
export interface UsedCertificate {
  readonly path: string
  readonly position: number
  readonly certificate: X509Certificate
  /** The other certificates of the same file. */
  readonly others: readonly X509Certificate[]
  readonly uses: readonly Use[]
  readonly source: Source
  /** When its file was written; undefined where that is not known. */
  readonly writtenMs?: number
}

/** When a certificate is looked at, and how it is renewed there. */
export interface Moment {
  readonly atMs: number
  renewalOf(one: Renewable): RenewalOf
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
  if (use.isPublic === true && !isSelfSigned(certificate))
    return absent(all, 'clients outside the cluster check it, by authorities of their own')
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
export function ownFields(
  { certificate, source }: Pick<UsedCertificate, 'certificate' | 'source'>,
  details: CertificateDetails,
  atMs: number,
): FactRecord {
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
    'key-strength': known(keyStrength(certificate.publicKey)),
    'signature-algorithm': known(details.signatureAlgorithm),
    'key-fingerprint': observed(details.keyFingerprint, source),
  }
}

/** What the certificate lacks for its uses; absent when it has all of it. */
function misfit(uses: readonly Use[], details: CertificateDetails, source: Source): Evidence<string> {
  const lacks = uses.map((use) => misfitFor(details, use.purpose)).find((one) => one !== undefined)
  if (lacks !== undefined) return observed(lacks, source)
  const asClient = misfitFor(details, 'client')
  const also = uses.flatMap(({ alsoClient }) => alsoClient ?? [])
  if (asClient === undefined || also.length === 0) return absent(source)
  if (also.some((one) => one.kind === 'observed' && one.fact)) return observed(asClient, source)
  return also.find((one) => one.kind === 'unavailable') ?? absent(source)
}

/** The record of one certificate at a moment. */
export function certificateRecord(used: UsedCertificate, moment: Moment): Fact {
  const { source, path } = used
  const details = describeCertificate(used.certificate)
  if (details === undefined) return unavailable('unparsable', source, `${path}: dates cannot be read`)
  const { uses } = used
  const lacking = misfit(uses, details, source)
  const renewal = moment.renewalOf({
    path,
    details,
    source,
    isAuthority: uses.some(({ purpose }) => purpose === 'ca'),
    startsKubelet: uses.find((use) => use.startsKubelet !== undefined)?.startsKubelet,
  })
  return observed(
    {
      path: observed(path, source),
      position: observed(used.position, source),
      'used-by': observed([...new Set(uses.map((use) => use.usedBy))].join(', '), source),
      purposes: strings([...new Set(uses.map((use) => use.purpose))], source),
      ...ownFields(used, details, moment.atMs),
      'lifetime-days': observed(lifetimeDays(details, issuedMs(used, details)), source),
      'key-matches': everyUse(
        uses.map((use) => keyMatches(use, details, source)),
        source,
      ),
      'chain-verifies': everyUse(
        uses.map((use) => chainVerifies(used, use)),
        source,
      ),
      'fits-use': lacking.kind === 'unavailable' ? lacking : observed(lacking.kind === 'absent', source),
      misfit: lacking,
      'missing-names': missingNames(uses, details.names, source),
      renewal: observed(renewal.by, source),
      'renewal-state': renewal.state,
    },
    source,
  )
}
