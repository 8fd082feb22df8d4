import { describe, expect, it } from 'vitest'
import { benchmarkId, checkId, profileId } from '../../src/model/ids.ts'

describe('an id', () => {
  it.each([
    [checkId, 'kube-apiserver.profiling-off', 'profiling-off'],
    [benchmarkId, 'cis-kubernetes', 'cis.kubernetes'],
    [profileId, 'kubeadm-cis-l1', 'Kubeadm'],
  ])('is claimed by %o only in its form', (claim, good, bad) => {
    expect(claim(good)).toBe(good)
    expect(() => claim(bad)).toThrow(
      expect.objectContaining({ code: 'invalid-id', next: 'Use lower-case words joined by hyphens.' }),
    )
  })
})
