import { describe, expect, it } from 'vitest'
import { authorizersOf } from '../../../src/facts/authorizers.ts'
import { wordsOf } from '../../../src/facts/policies/api-server.ts'
import { weakest } from '../../../src/facts/policies/audit-levels.ts'
import { readAuditPolicy } from '../../../src/facts/policies/audit-policy-document.ts'
import { hasLimits } from '../../../src/facts/policies/event-rate-limit.ts'
import { absent, noSource, observed, unavailable } from '../../../src/model/evidence.ts'

describe('parts of policies', () => {
  it('do not know authorizers when the flag could not be read', () => {
    expect(authorizersOf(unavailable('permission-denied', noSource), absent(noSource))).toMatchObject({
      kind: 'unavailable',
      reason: 'permission-denied',
    })
  })

  it('take words of a list and of a single value, and nothing else for words', () => {
    expect(wordsOf(observed('a', noSource))).toEqual(['a'])
    const list = [observed('a', noSource), observed(5, noSource), absent(noSource)]
    expect(wordsOf(observed(list, noSource))).toEqual(['a'])
  })

  it('record nothing where no level is known', () => {
    expect(weakest([])).toBe('None')
    expect(weakest(['Request', 'Metadata'])).toBe('Metadata')
  })

  it('have no limits where limits are no list', () => {
    const configuration = { kind: 'Configuration', apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1' }
    expect(hasLimits({ ...configuration, limits: 5 })).toBe(false)
    expect(hasLimits({ ...configuration, limits: [{ qps: 1 }] })).toBe(true)
  })

  it('let a fault of the reader rise instead of blaming the policy', () => {
    const policy = {
      kind: 'Policy',
      apiVersion: 'audit.k8s.io/v1',
      get rules(): never {
        throw new RangeError('a fault of the reader')
      },
    }
    expect(() => readAuditPolicy(observed(policy, noSource))).toThrow('a fault of the reader')
  })
})
