import type { Json } from '../../model/finding.ts'
import { readDecimal } from './decimal.ts'

// Go time.ParseDuration (go1.23 src/time/format.go).
const form = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/
const nanosecondsIn: ReadonlyMap<string, bigint> = new Map([
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
])
const longest = 2n ** 63n - 1n

function nanoseconds(part: string): bigint {
  const unit = part.replace(/[\d.]+/, '')
  const { digits, places } = readDecimal(part.slice(0, -unit.length))
  return (digits * (nanosecondsIn.get(unit) ?? 1n)) / 10n ** BigInt(places)
}

/** Nanoseconds of a Go duration (`4h0m0s`, `1.5h`, `0`); null for anything Go would refuse. */
export function readDuration(value: Json): bigint | null {
  if (value === 0) return 0n
  if (typeof value !== 'string' || value.length > 64 || !form.test(value)) return null
  let sum = 0n
  for (const [part] of value.matchAll(/[\d.]+[a-zµμ]+/g)) sum += nanoseconds(part)
  if (sum > longest) return null
  return value.startsWith('-') ? -sum : sum
}
