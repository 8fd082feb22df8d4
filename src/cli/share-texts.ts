import type { Finding } from '../model/finding.ts'

/** Values that were seen before, by what they say. */
function openPool<T extends string | object>(): (value: T) => T {
  const known = new Map<string, T>()
  return (value) => {
    const key = typeof value === 'string' ? value : JSON.stringify(value)
    const seen = known.get(key)
    if (seen !== undefined) return seen
    known.set(key, value)
    return value
  }
}

/** Findings of one node that say the same as those of others, in the same words. */
export interface SharedTexts {
  of(findings: readonly Finding[]): readonly Finding[]
}

/**
 * Nodes that are alike get findings that are alike: each text and list of places is kept once for the run, whatever
 * the number of nodes. What a finding says stays the same.
 */
export function openSharedTexts(): SharedTexts {
  const text = openPool<string>()
  const places = openPool<Finding['provenance']>()
  return {
    of: (findings) => {
      // Digests are a node's own: they are not remembered any longer than it is.
      const digests = openPool<Finding['evidence']>()
      return findings.map((finding) => ({
        ...finding,
        reason: text(finding.reason),
        provenance: places(finding.provenance),
        evidence: digests(finding.evidence),
        ...(finding.next === undefined ? {} : { next: text(finding.next) }),
      }))
    },
  }
}
