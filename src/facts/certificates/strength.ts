import type { KeyObject } from 'node:crypto'
import { keySize } from './certificate.ts'

/** Strength of a modulus by its length (NIST SP 800-57 part 1, table 2), longest first. */
const moduli: readonly (readonly [bits: number, strength: number])[] = [
  [15360, 256],
  [7680, 192],
  [3072, 128],
  [2048, 112],
  [1024, 80],
]

/** Bits of security a key gives, so that RSA and elliptic curves compare; undefined for a kind of key not known here. */
export function keyStrength(key: KeyObject): number | undefined {
  const bits = keySize(key)
  if (bits === undefined) return undefined
  switch (key.asymmetricKeyType) {
    case 'ec':
      return Math.floor(bits / 2)
    case 'ed25519':
      return 128
    case 'ed448':
      return 224
    default:
      return moduli.find(([least]) => bits >= least)?.[1] ?? 0
  }
}
