/** A decimal number as all its digits and how many of them stand behind the point; the text must be one. */
export function readDecimal(text: string): { readonly digits: bigint; readonly places: number } {
  const point = text.indexOf('.')
  return { digits: BigInt(text.replace('.', '')), places: point === -1 ? 0 : text.length - point - 1 }
}
