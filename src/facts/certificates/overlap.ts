import type { X509Certificate } from 'node:crypto'
import { keyFingerprint, subjectText } from './certificate.ts'

/** Subjects in the first bundle whose public key is also in the second: a re-issued CA with the same key counts. */
export function sharedSubjects(
  first: readonly X509Certificate[],
  second: readonly X509Certificate[],
): readonly string[] {
  const keys = new Set(second.map((one) => keyFingerprint(one.publicKey)))
  const shared = first.filter((one) => keys.has(keyFingerprint(one.publicKey)))
  return [...new Set(shared.map(subjectText))]
}
