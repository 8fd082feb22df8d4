import type { Json } from '../../model/finding.ts'
import { readDecimal } from './decimal.ts'

/** An exact amount as a fraction. */
export interface Quantity {
  readonly above: bigint
  readonly below: bigint
}

// Kubernetes resource.Quantity (apimachinery pkg/api/resource/suffix.go). `1E` is exa, `1E3` an exponent.
const form = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][-+]?\d{1,2})?$/
const powerOfTen: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
])
const binaryLetters = 'KMGTPE'

function scale(above: bigint, power: number): Quantity {
  const factor = 10n ** BigInt(Math.abs(power))
  return power < 0 ? { above, below: factor } : { above: above * factor, below: 1n }
}

/** Reads `100Mi`, `1.5Gi`, `500m`, `1e3`, or a number; null for anything Kubernetes would refuse. */
export function readQuantity(value: Json): Quantity | null {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || text.length > 64 || !form.test(text)) return null
  const suffix = text.replace(/^[-+\d.]+/, '')
  const { digits, places } = readDecimal(text.slice(0, text.length - suffix.length))
  if (suffix.endsWith('i')) {
    return scale(digits * 1024n ** BigInt(binaryLetters.indexOf(suffix.slice(0, 1)) + 1), -places)
  }
  return scale(digits, (powerOfTen.get(suffix) ?? Number(suffix.slice(1))) - places)
}

/** Below, at or above zero as the first amount is smaller than, equal to or larger than the second. */
export function compareQuantities(first: Quantity, second: Quantity): number {
  return Number(first.above * second.below - second.above * first.below)
}
