import { KhardError } from './errors.ts'

/** A version as its numeric parts and what comes before the release (`rc.1`), build marks left out. */
export interface Version {
  readonly parts: readonly number[]
  readonly preRelease: string | null
}

// `-0ubuntu2`, `-eks-7a1` and `+rke2r1` are builds of a release; only these words come before one.
const preReleaseWords = /^-((?:alpha|beta|rc|pre|dev)[.0-9a-z-]*)/i
const versionPattern = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})(?:[-+~_ ].*)?$/s
const boundPattern = /^v?\d{1,9}(?:\.\d{1,9}){0,3}(?:-(?:alpha|beta|rc|pre|dev)[.0-9a-z-]*)?$/

/** Reads `v1.31.4`, `1.31.4+rke2r1`, `1.32.0-rc.1`; null when the text is not a version. */
export function parseVersion(text: string): Version | null {
  const numbers = versionPattern.exec(text.trim())?.[1]
  if (numbers === undefined) return null
  const rest = text.trim().replace(/^v/, '').slice(numbers.length)
  return {
    parts: numbers.split('.').map(Number),
    preRelease: preReleaseWords.exec(rest)?.[1]?.toLowerCase() ?? null,
  }
}

function words(preRelease: string): readonly string[] {
  return [...preRelease.matchAll(/\d+|[a-z]+/g)].map(([word]) => word)
}

function comparePreReleases(first: string, second: string): number {
  const others = words(second)
  const parts = words(first)
  for (const [index, part] of parts.entries()) {
    const other = others[index]
    if (other === undefined) return 1
    if (part === other) continue
    const difference = Number(part) - Number(other)
    return Number.isNaN(difference) ? (part < other ? -1 : 1) : difference
  }
  return parts.length - others.length
}

/**
 * Below, at or above zero as `version` is older than, the same as or newer than `bound`. Only the parts the
 * bound names count: every 1.34.x, and every 1.34.0-rc, is "the same" as 1.34.
 */
export function compareVersions(version: Version, bound: Version): number {
  for (const [index, part] of bound.parts.entries()) {
    const difference = (version.parts[index] ?? 0) - part
    if (difference !== 0) return difference
  }
  if (bound.parts.length < 3 || version.preRelease === bound.preRelease) return 0
  if (version.preRelease === null) return 1
  if (bound.preRelease === null) return -1
  return comparePreReleases(version.preRelease, bound.preRelease)
}

interface Comparator {
  readonly sign: string
  readonly bound: Version
}

function parseComparator(text: string): Comparator | null {
  const bound = text.replace(/^(?:>=|<=|>|<|=)/, '')
  const sign = text.slice(0, text.length - bound.length)
  const parsed = boundPattern.test(bound) ? parseVersion(bound) : null
  return parsed === null ? null : { sign, bound: parsed }
}

function holds(version: Version, { sign, bound }: Comparator): boolean {
  const order = compareVersions(version, bound)
  if (sign === '>=') return order >= 0
  if (sign === '<=') return order <= 0
  if (sign === '>') return order > 0
  if (sign === '<') return order < 0
  return order === 0
}

interface Range {
  /** One of these lists must hold as a whole. */
  readonly alternatives: readonly (readonly Comparator[])[]
  /** Words that are no bound. */
  readonly faults: readonly string[]
}

function readRange(range: string): Range {
  const faults: string[] = []
  const alternatives = range.split('||').map((part) => {
    const words = part.trim().split(/\s+/)
    return words.flatMap((word) => {
      const bound = parseComparator(word)
      if (bound === null) faults.push(word)
      return bound ?? []
    })
  })
  return { alternatives, faults }
}

const known = new Map<string, Range>()

/** Content names few ranges and asks for them on every node: each is read once. */
function rangeOf(range: string): Range {
  const read = known.get(range) ?? readRange(range)
  known.set(range, read)
  return read
}

/** What is wrong with a range such as `>=1.29 <1.34` or `<1.28 || >=1.30`; null when it is well formed. */
export function versionRangeFault(range: string): string | null {
  const [bad] = readRange(range).faults
  return bad === undefined
    ? null
    : `"${range}" is not a version range: "${bad}" is not a bound such as ">=1.29"`
}

/** Whether a version lies in a range (`>=1.29 <1.34`, `||` for "or"); null when the text is not a version. */
export function versionSatisfies(version: string, range: string): boolean | null {
  const { alternatives, faults } = rangeOf(range)
  if (faults.length > 0) {
    const message = `"${range}" is not a version range`
    throw new KhardError({ code: 'content-invalid', message, next: 'Write bounds such as ">=1.29 <1.34".' })
  }
  const parsed = parseVersion(version)
  if (parsed === null) return null
  return alternatives.some((bounds) => bounds.every((bound) => holds(parsed, bound)))
}
