/** One element of DER: its tag, and where its content lies. */
export interface DerElement {
  readonly tag: number
  readonly content: Uint8Array
}

/** The elements that follow each other in `bytes`; null where they are not DER. */
export function derElements(bytes: Uint8Array): readonly DerElement[] | null {
  const found: DerElement[] = []
  let at = 0
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0
    const size = sizeAt(bytes, at + 1)
    // Tags of several bytes have no place in a certificate request.
    if (size === null || (tag & 0x1f) === 0x1f) return null
    const end = size.from + size.length
    if (end > bytes.length) return null
    found.push({ tag, content: bytes.subarray(size.from, end) })
    at = end
  }
  return found
}

// Enough for anything that fits into an object of the API.
const mostSizeBytes = 3

function sizeAt(bytes: Uint8Array, at: number): { readonly from: number; readonly length: number } | null {
  const first = bytes[at]
  if (first === undefined) return null
  if (first < 0x80) return { from: at + 1, length: first }
  const count = first - 0x80
  if (count === 0 || count > mostSizeBytes || at + count >= bytes.length) return null
  const length = bytes.subarray(at + 1, at + 1 + count).reduce((sum, byte) => sum * 256 + byte, 0)
  return { from: at + 1 + count, length }
}
