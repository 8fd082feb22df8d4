import type { X509Certificate } from 'node:crypto'
import { signedBy } from './certificate.ts'

const maxDepth = 8

/** True when `leaf` leads, over the certificates sent with it, to one of the anchors. */
export function chainsTo(
  leaf: X509Certificate,
  intermediates: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): boolean {
  let heads: readonly X509Certificate[] = [leaf]
  const left = new Set(intermediates.filter((one) => one.ca))
  for (let depth = 0; depth < maxDepth && heads.length > 0; depth += 1) {
    if (heads.some((head) => anchors.some((anchor) => isAnchored(head, anchor)))) return true
    const next = [...left].filter((one) => heads.some((head) => signedBy(head, one)))
    for (const one of next) left.delete(one)
    heads = next
  }
  return false
}

/** An anchor issues, or is the certificate itself (Go takes a certificate in the pool as trusted). */
function isAnchored(head: X509Certificate, anchor: X509Certificate): boolean {
  return head.fingerprint256 === anchor.fingerprint256 || (anchor.ca && signedBy(head, anchor))
}

/** True when the chain ends in a root of its own among what was sent: it cannot lead anywhere else. */
export function endsInOwnRoot(leaf: X509Certificate, intermediates: readonly X509Certificate[]): boolean {
  if (signedBy(leaf, leaf)) return true
  return intermediates.some((one) => signedBy(one, one) && chainsTo(leaf, intermediates, [one]))
}
