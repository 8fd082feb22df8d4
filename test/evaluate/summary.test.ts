import { describe, expect, it } from 'vitest'
import { createSummary } from '../../src/evaluate/summary.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { benchmarkOf, controlOf, findingOf } from './support.ts'

const benchmark = benchmarkOf([controlOf('1.2.1'), controlOf('1.1.1'), controlOf('4.1.1')])

function summaryOf(verdicts: readonly Verdict[]) {
  const summary = createSummary([benchmark])
  summary.add(verdicts.map((verdict) => findingOf({ verdict })))
  return summary.finish()
}

describe('a summary', () => {
  it('keeps what could not be assessed in the score and in the coverage', () => {
    const { score, coverage } = summaryOf([
      'pass',
      'fixed',
      'fail',
      'error',
      'unknown',
      'notChecked',
      'notChecked',
      'notApplicable',
      'informational',
    ])
    expect(score).toBe(2 / 5)
    expect(coverage).toBe(3 / 7)
  })

  it('has no score where nothing was to be judged', () => {
    expect(summaryOf(['notApplicable', 'informational'])).toMatchObject({ score: null, coverage: null })
    expect(summaryOf(['notChecked'])).toMatchObject({ score: null, coverage: 0 })
    expect(summaryOf(['error'])).toMatchObject({ score: 0, coverage: 0 })
    expect(summaryOf([])).toMatchObject({ score: null, coverage: null, bySection: [] })
  })

  it('counts waivers that are in force', () => {
    const summary = createSummary([benchmark])
    const waiver = { id: 'W-1', expires: '2026-06-30' }
    summary.add([
      findingOf({ waiver: { ...waiver, expired: false } }),
      findingOf({ waiver: { ...waiver, expired: true } }),
    ])
    expect(summary.finish()).toMatchObject({ waived: 1, verdicts: { fail: 2 } })
  })

  it('lists sections in document order, editions and unknown sections apart', () => {
    const summary = createSummary([benchmark, { ...benchmark, version: '1.11' }])
    summary.add([
      findingOf({ section: '9', verdict: 'pass' }),
      findingOf({ section: '4.1', verdict: 'pass' }),
      findingOf({ section: '1.2', verdict: 'pass', benchmarkVersion: '1.11' }),
      findingOf({ section: '1.2' }),
    ])
    expect(
      summary.finish().bySection.map(({ section, title, verdicts }) => [section, title, verdicts.fail]),
    ).toEqual([
      ['1.2', 'Section 1.2', 1],
      ['4.1', 'Section 4.1', 0],
      ['1.2', 'Section 1.2', 0],
      ['9', '9', 0],
    ])
  })

  it('may be added to after it was looked at, without changing what was handed out', () => {
    const summary = createSummary([benchmark])
    summary.add([findingOf()])
    const first = summary.finish()
    summary.add([findingOf()])
    expect([first.verdicts.fail, first.bySection[0]?.verdicts.fail]).toEqual([1, 1])
    expect([summary.finish().verdicts.fail, summary.finish().bySection[0]?.verdicts.fail]).toEqual([2, 2])
  })
})
