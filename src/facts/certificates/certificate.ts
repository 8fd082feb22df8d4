import type { KeyObject } from 'node:crypto'
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { remember } from '../text/remember.ts'
import { nameAttributes } from './name-attributes.ts'
import { signatureAlgorithm } from './signature-algorithm.ts'

/** What a certificate is used for. */
export type Purpose = 'serving' | 'client' | 'peer' | 'ca' | 'service-account'

export const purposes: readonly Purpose[] = ['serving', 'client', 'peer', 'ca', 'service-account']

/** What a certificate says of itself, as plain data. */
export interface CertificateDetails {
  readonly subject: string
  readonly issuer: string
  readonly commonName: string | undefined
  readonly organizations: readonly string[]
  readonly names: readonly string[]
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly isCa: boolean
  readonly selfSigned: boolean
  readonly keyAlgorithm: string
  readonly keyBits: number | undefined
  readonly signatureAlgorithm: string | undefined
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly keyFingerprint: string
  /** Extended key usages as object identifiers; absent when the extension is. */
  readonly extendedUsages?: readonly string[]
}

const curveBits: ReadonlyMap<string, number> = new Map([
  ['prime256v1', 256],
  ['secp256k1', 256],
  ['secp224r1', 224],
  ['secp384r1', 384],
  ['secp521r1', 521],
])
const fixedBits: ReadonlyMap<string, number> = new Map([
  ['ed25519', 256],
  ['ed448', 456],
])

/** Parses one PEM block; undefined when it is not a certificate this runtime can read. */
export function parseCertificate(pem: string): X509Certificate | undefined {
  return certificateOf(pem).certificate
}

const certificateOf = remember((pem) => ({ certificate: readCertificate(pem) }))

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem)
    // Reading the key may be what fails (unknown curve), and everything here needs it.
    return certificate.publicKey && certificate
  } catch {
    return undefined
  }
}

/** `sha256:…` over the SubjectPublicKeyInfo: the same key gives the same text in any certificate. */
export function keyFingerprint(key: KeyObject): string {
  return `sha256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`
}

/** Reads a PEM public key; undefined when it is not one. */
export function parsePublicKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}

/** Fingerprint of a PEM public key; undefined when it is not one. */
export function publicKeyFingerprint(pem: string): string | undefined {
  const key = parsePublicKey(pem)
  return key && keyFingerprint(key)
}

/** The subject on one line. */
export function subjectText(certificate: X509Certificate): string {
  return oneLine(nameOf(certificate.subject))
}

/** Node says undefined for a name without parts, which a certificate with alternative names may have. */
function nameOf(name: string | undefined): string {
  return name ?? ''
}

function oneLine(name: string): string {
  return name.split('\n').join(', ')
}

/** Bits of a key as people count them: of the modulus, or of the curve. */
export function keySize(key: KeyObject): number | undefined {
  const details = key.asymmetricKeyDetails
  return (
    details?.modulusLength ??
    curveBits.get(details?.namedCurve ?? '') ??
    fixedBits.get(String(key.asymmetricKeyType))
  )
}

/** Alternative names, quoted ones (which hold commas) taken whole. */
function alternativeNames(text: string | undefined): readonly string[] {
  return [...(text ?? '').matchAll(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g)].map(([name]) => name.trim())
}

/** True when the certificate's own key signed it. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && signedBy(certificate, certificate)
}

/** True when `issuer` is named as the issuer, may sign certificates, and its key made the signature. */
export function signedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  const verified = signatures.get(certificate) ?? new WeakMap<X509Certificate, boolean>()
  signatures.set(certificate, verified)
  const known = verified.get(issuer)
  if (known !== undefined) return known
  const signed = verifies(certificate, issuer)
  verified.set(issuer, signed)
  return signed
}

// Signatures are the dearest arithmetic here, and the same pair is asked about by several uses.
const signatures = new WeakMap<X509Certificate, WeakMap<X509Certificate, boolean>>()

function verifies(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey)
  } catch {
    return false // a key type that cannot have made this signature
  }
}

/** Reads the fields of a certificate; undefined when its dates cannot be read. */
export function describeCertificate(certificate: X509Certificate): CertificateDetails | undefined {
  const known = descriptions.get(certificate)
  if (known !== undefined) return known
  const details = detailsOf(certificate)
  if (details !== undefined) descriptions.set(certificate, details)
  return details
}

const descriptions = new WeakMap<X509Certificate, CertificateDetails>()

function detailsOf(certificate: X509Certificate): CertificateDetails | undefined {
  const key = certificate.publicKey
  const subject = nameOf(certificate.subject)
  const notBeforeMs = Date.parse(certificate.validFrom)
  const notAfterMs = Date.parse(certificate.validTo)
  if (Number.isNaN(notBeforeMs) || Number.isNaN(notAfterMs)) return undefined
  // keyUsage is node's name for the extended key usages.
  const usages: readonly string[] | undefined = certificate.keyUsage
  return {
    subject: subjectText(certificate),
    issuer: oneLine(nameOf(certificate.issuer)),
    commonName: nameAttributes(subject, 'CN').at(-1),
    organizations: nameAttributes(subject, 'O'),
    names: alternativeNames(certificate.subjectAltName),
    notBeforeMs,
    notAfterMs,
    isCa: certificate.ca,
    selfSigned: isSelfSigned(certificate),
    keyAlgorithm: String(key.asymmetricKeyType),
    keyBits: keySize(key),
    signatureAlgorithm: signatureAlgorithm(certificate.raw),
    keyFingerprint: keyFingerprint(key),
    ...(usages === undefined ? {} : { extendedUsages: usages }),
  }
}

/** Milliseconds of a day. */
export const dayMs = 86_400_000

/** Whole days until the end of validity: 0 on the last day, negative from the first moment after it. */
export function daysLeft(details: CertificateDetails, atMs: number): number {
  return Math.floor((details.notAfterMs - atMs) / dayMs)
}

/** Whole days from a start, that of its validity unless another is known, to the end of validity. */
export function lifetimeDays(details: CertificateDetails, startMs = details.notBeforeMs): number {
  return Math.floor((details.notAfterMs - startMs) / dayMs)
}
