import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyWaivers, isEarly, isExpired, matchesPattern } from '../../src/evaluate/waivers.ts'
import { verdicts } from '../../src/model/verdict.ts'
import { findingOf, waiverOf } from './support.ts'

const before = Date.parse('2026-06-30T23:59:59.999Z')
const after = Date.parse('2026-07-01T00:00:00Z')

describe('a waiver', () => {
  it('is attached to the failing finding it covers, and changes no verdict', () => {
    const { findings, unused } = applyWaivers([findingOf()], [waiverOf()], before)
    expect(findings).toEqual([
      { ...findingOf(), waiver: { id: 'W-1', expires: '2026-06-30', expired: false } },
    ])
    expect(unused).toEqual([])
  })

  it('holds to the end of its last day in UTC; after it the finding says so', () => {
    expect([isExpired(waiverOf(), before), isExpired(waiverOf(), after)]).toEqual([false, true])
    const { findings, unused } = applyWaivers([findingOf()], [waiverOf()], after)
    expect(findings[0]).toMatchObject({
      verdict: 'fail',
      waiver: { expired: true },
      reason: 'It is on. Waiver W-1 expired on 2026-06-30.',
    })
    expect(unused).toEqual([])
  })

  it('with a date that is none has expired', () => {
    expect(isExpired(waiverOf({ expires: '2026-02-31x' }), 0)).toBe(true)
  })

  it('covers nothing before the day it was approved on, in UTC', () => {
    const first = Date.parse('2026-01-01T00:00:00Z')
    expect([isEarly(waiverOf(), first - 1), isEarly(waiverOf(), first)]).toEqual([true, false])
    const { findings, unused } = applyWaivers([findingOf()], [waiverOf()], first - 1)
    expect(findings).toEqual([findingOf()])
    expect(unused).toEqual([{ id: 'W-1', at: 'waivers.yaml:1' }])
  })

  it('with a day of approval that is none was never approved', () => {
    expect(isEarly(waiverOf({ approvedOn: '2026-02-31x' }), before)).toBe(true)
  })

  it.each([
    ['its control', waiverOf(), true],
    ['another control', waiverOf({ control: '1.2.10' }), false],
    ['its check', waiverOf({ control: undefined as never, check: 'kube-apiserver.profiling-off' }), true],
    ['another check of its control', waiverOf({ check: 'kube-apiserver.audit-on' }), false],
    ['neither control nor check', waiverOf({ control: undefined as never }), false],
    ['its benchmark', waiverOf({ benchmark: 'cis-kubernetes' }), true],
    ['another benchmark', waiverOf({ benchmark: 'stig' }), false],
    ['another target', waiverOf({ targets: ['cp-10', 'xcp-1'] }), false],
    ['a pattern of targets', waiverOf({ targets: ['db-*', 'cp-*'] }), true],
    ['no target', waiverOf({ targets: [] }), false],
  ])('for %s', (_name, waiver, covers) => {
    const { findings, unused } = applyWaivers([findingOf()], [waiver], before)
    expect(findings[0]?.waiver !== undefined).toBe(covers)
    expect(unused).toEqual(covers ? [] : [{ id: 'W-1', at: 'waivers.yaml:1' }])
  })

  it('never touches a finding that does not fail, and is then unused', () => {
    for (const verdict of verdicts.filter((one) => one !== 'fail')) {
      const { findings, unused } = applyWaivers([findingOf({ verdict })], [waiverOf()], before)
      expect(findings).toEqual([findingOf({ verdict })])
      expect(unused).toHaveLength(1)
    }
  })

  it('in force comes before one that expired, and both were of use', () => {
    const old = waiverOf({ id: 'W-0', expires: '2026-01-31' })
    const { findings, unused } = applyWaivers([findingOf()], [old, waiverOf()], before)
    expect(findings[0]?.waiver).toMatchObject({ id: 'W-1', expired: false })
    expect(unused).toEqual([])
  })
})

describe('a target pattern', () => {
  it.each([
    ['cp-1', 'cp-1', true],
    ['cp-1', 'cp-10', false],
    ['cp-1', 'xcp-1', false],
    ['cp-*', 'cp-', true],
    ['*', '', true],
    ['*', 'anything', true],
    ['', '', true],
    ['', 'x', false],
    ['cp-*.example.org', 'cp-1.example.org', true],
    ['cp-*.example.org', 'cp-1.example.org.evil.net', false],
    ['cp-?', 'cp-1', false],
    ['cp.1', 'cp-1', false],
    ['*a*b', 'xaybab', true],
    ['*a*b', 'xaybac', false],
    ['ab*ba', 'aba', false],
    ['a**b', 'ab', true],
    ['CP-1', 'cp-1', false],
  ])('%j matches %j: %s', (pattern, name, matches) => {
    expect(matchesPattern(pattern, name)).toBe(matches)
  })

  it('matches as the anchored expression it stands for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '[^]*')}$`)
        expect(matchesPattern(pattern, name)).toBe(expression.test(name))
      }),
      { numRuns: 2000 },
    )
  })
})
