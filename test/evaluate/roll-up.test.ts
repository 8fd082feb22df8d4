import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNoBetter, rollUp } from '../../src/model/roll-up.ts'
import { verdicts } from '../../src/model/verdict.ts'

describe('the verdict of a control', () => {
  it.each([
    [['pass', 'fail', 'error'], 'fail'],
    [['pass', 'error', 'unknown'], 'error'],
    [['pass', 'unknown', 'notChecked'], 'unknown'],
    [['pass', 'notChecked'], 'notChecked'],
    [['pass', 'informational', 'notApplicable'], 'pass'],
    [['fixed', 'informational'], 'fixed'],
    [['informational', 'notApplicable'], 'informational'],
    [['notApplicable', 'notApplicable'], 'notApplicable'],
    [[], 'notChecked'],
  ] as const)('of %j is %s', (held, expected) => {
    expect(rollUp(held)).toBe(expected)
  })

  it('is one of its findings, in any order, and passes only with a pass or a fix', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...verdicts), { minLength: 1 }), (held) => {
        const rolled = rollUp(held)
        expect(held).toContain(rolled)
        expect(rollUp(held.toReversed())).toBe(rolled)
        if (rolled === 'pass')
          expect(held.some((one) => ['fail', 'error', 'unknown', 'notChecked'].includes(one))).toBe(false)
      }),
    )
  })
})

describe('less evidence', () => {
  it('changes nothing or makes the answer impossible', () => {
    for (const before of verdicts) {
      const allowed = verdicts.filter((after) => isNoBetter(before, after))
      expect(allowed.toSorted()).toEqual([...new Set([before, 'error'])].toSorted())
    }
  })
})
