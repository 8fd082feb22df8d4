import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeOf } from '../../src/compare/change.ts'
import { isSettled, type Standing, standingOf, stepBetween } from '../../src/compare/standing.ts'
import type { Finding } from '../../src/model/finding.ts'
import { verdicts } from '../../src/model/verdict.ts'
import { expired, inForce, says } from './scene.ts'

const all = [
  'good',
  'waived',
  'failing',
  'unassessed',
  'open',
  'outside',
] as const satisfies readonly Standing[]
const anyStanding = fc.constantFrom(...all)

describe('the standing of a finding', () => {
  it.each([
    [says('pass'), 'good'],
    [says('fixed'), 'good'],
    [says('fail'), 'failing'],
    [says('fail', { waiver: inForce }), 'waived'],
    [says('fail', { waiver: expired }), 'failing'],
    [says('error', { waiver: inForce }), 'unassessed'],
    [says('unknown'), 'unassessed'],
    [says('notChecked'), 'unassessed'],
    [{ verdict: 'notChecked' } as Finding, 'open'],
    [says('informational'), 'outside'],
    [says('notApplicable'), 'outside'],
  ] as const)('%#: is %s', (finding, standing) => {
    expect(standingOf(finding)).toBe(standing)
  })
})

describe('a step from one standing to another', () => {
  it('is never better where less is known, or where something fails', () => {
    for (const before of all) {
      for (const after of all) {
        const isLess = isSettled(before) && !isSettled(after)
        if (isLess || after === 'failing' || after === 'waived')
          expect([before, after, stepBetween(before, after)]).not.toContain('better')
        if (isLess || (after === 'failing' && before !== 'failing'))
          expect(stepBetween(before, after)).toBe('worse')
      }
    }
  })

  it('that is better one way is worse the other way', () => {
    fc.assert(
      fc.property(anyStanding, anyStanding, (before, after) => {
        if (stepBetween(before, after) === 'better') expect(stepBetween(after, before)).not.toBe('better')
        expect(stepBetween(before, after) === 'same').toBe(before === after)
      }),
    )
  })
})

const change = (before: Finding, after: Finding) => changeOf({ before, after })

describe('a change', () => {
  it.each([
    ['fail → pass', says('fail'), says('pass'), { kind: 'better' }],
    ['could not complete → pass', says('error'), says('pass'), { kind: 'better', coverage: 'gained' }],
    ['pass → fail', says('pass'), says('fail'), { kind: 'worse' }],
    ['pass → could not complete', says('pass'), says('error'), { kind: 'worse', coverage: 'lost' }],
    ['fail → could not complete', says('fail'), says('error'), { kind: 'worse', coverage: 'lost' }],
    ['fail → not checked', says('fail'), says('notChecked'), { kind: 'worse', coverage: 'lost' }],
    ['could not complete → fail', says('error'), says('fail'), { kind: 'worse', coverage: 'gained' }],
    ['fail → not applicable', says('fail'), says('notApplicable'), { kind: 'changed' }],
    ['could not complete → unclear answer', says('error'), says('unknown'), { kind: 'changed' }],
    ['pass → fixed', says('pass'), says('fixed'), { kind: 'changed' }],
    [
      'waived by W-014 until 2026-06-30',
      says('fail'),
      says('fail', { waiver: inForce }),
      { kind: 'changed' },
    ],
    ['waiver W-014 has expired', says('fail'), says('fail', { waiver: expired }), { kind: 'changed' }],
    [
      'waiver W-014 expired 2026-06-30',
      says('fail', { waiver: inForce }),
      says('fail', { waiver: expired }),
      { kind: 'worse' },
    ],
    [
      'no waiver covers it any more (W-014 did)',
      says('fail', { waiver: inForce }),
      says('fail'),
      { kind: 'worse' },
    ],
    ['severity high, was medium', says('fail'), says('fail', { severity: 'high' }), { kind: 'worse' }],
    ['severity low, was medium', says('fail'), says('fail', { severity: 'low' }), { kind: 'changed' }],
  ] as const)('%s', (...[why, before, after, expected]) => {
    expect(change(before, after)).toEqual({ ...expected, why, before, after })
  })

  it.each([
    [says('pass', { observed: 1 }), says('pass', { observed: 2, reason: 'Otherwise.' })],
    [says('error', { reason: 'no answer' }), says('error', { reason: 'denied' })],
    [
      says('fail', { observed: 1, reason: '12 days left' }),
      says('fail', { observed: 1, reason: '11 days left' }),
    ],
    [says('fail', { drift: 'since noon' }), says('fail', { drift: 'since one' })],
    [says('fail', { benchmarkVersion: '1.11' }), says('fail', { benchmarkVersion: '1.12' })],
  ])('%#: is none where the answer is the same', (before, after) => {
    expect(change(before, after)).toBeNull()
  })

  it('names the offenders that came and went', () => {
    const files = (...names: readonly string[]) => names.map((path) => ({ path, mode: '0644' }))
    const before = says('fail', { observed: files('/a', '/b') })
    const after = says('fail', { observed: files('/b', '/c') })

    expect(change(before, after)).toMatchObject({
      kind: 'changed',
      why: 'fails otherwise than before',
      offenders: { added: ['/c'], gone: ['/a'] },
    })
  })

  it.each([
    [['a'], ['b'], { added: ['b'], gone: ['a'] }],
    [[{ item: 'x', value: 1 }], [], { added: [], gone: ['x'] }],
    [[{ item: 'x', value: 1 }], [{ item: 'x', value: 2 }], undefined],
    [[{ value: 1 }], [{ value: 2 }], undefined],
    [[null], [['nested']], undefined],
    [{ a: 1 }, { a: 2 }, undefined],
    [undefined, 'x', undefined],
  ])('%#: of %j to %j has offenders %j', (earlier, later, offenders) => {
    const observed = (value: Finding['observed']) => (value === undefined ? {} : { observed: value })

    const found = change(says('fail', observed(earlier)), says('fail', observed(later)))

    expect(found?.kind).toBe('changed')
    expect(found?.offenders).toEqual(offenders)
  })

  it('of sentences alone is one when nothing was observed', () => {
    expect(change(says('fail', { reason: 'a' }), says('fail', { reason: 'b' }))?.kind).toBe('changed')
  })

  it('never claims better for what says less, whatever verdicts there are', () => {
    for (const before of verdicts) {
      for (const after of verdicts) {
        const found = change(says(before), says(after))
        if (found?.kind === 'better') expect(['error', 'unknown', 'notChecked', 'fail']).not.toContain(after)
        if (found?.coverage === 'lost') expect(found.kind).toBe('worse')
      }
    }
  })
})
