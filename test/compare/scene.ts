import { createHash } from 'node:crypto'
import type { NamedResult } from '../../src/model/diff.ts'
import type { Finding, Result } from '../../src/model/finding.ts'
import { finding, type Parts, resultOf, target } from '../report/results.ts'

export const inForce = { id: 'W-014', expires: '2026-06-30', expired: false } as const
export const expired = { ...inForce, expired: true } as const

/** A finding on cp-1. */
export function says(verdict: Finding['verdict'], part: Partial<Finding> = {}): Finding {
  return finding({
    control: '1.2.1',
    check: 'kube-apiserver.anonymous-auth-off',
    target: 'cp-1',
    verdict,
    ...part,
  })
}

/** A result as it was read from a file. */
export async function named(
  file: string,
  parts: Partial<Parts>,
  change: Partial<Result> = {},
): Promise<NamedResult> {
  const result = { ...(await resultOf({ targets: [target('cp-1')], findings: [], ...parts })), ...change }
  const digest = `sha256:${createHash('sha256').update(JSON.stringify(result)).digest('hex')}`
  return { file, digest, result }
}
