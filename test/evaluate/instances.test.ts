import { describe, expect, it } from 'vitest'
import type { CheckInput, CompiledCheck } from '../../src/evaluate/check.ts'
import type { CheckOutcome } from '../../src/evaluate/check-outcome.ts'
import { evaluateInstances } from '../../src/evaluate/instances.ts'

type Verdict = CheckOutcome['verdict']

const outcome = (verdict: Verdict, reason: string, item = 'x'): CheckOutcome => ({
  verdict,
  reason,
  provenance: [{ kind: 'file', at: item }],
  items: [item],
})

/** A check that answers each instance by its name. */
function ask(...answers: readonly [string, CheckOutcome][]): CheckOutcome {
  const instances = answers.map(([name]) => ({ name, input: { name } as unknown as CheckInput }))
  const [first, ...rest] = instances
  if (first === undefined) throw new Error('no instance')
  const evaluate = (input: CheckInput) =>
    new Map(answers).get((input as unknown as { name: string }).name) ?? outcome('error', 'lost')
  return evaluateInstances({ evaluate } as unknown as CompiledCheck, [first, ...rest])
}

describe('a check of which every instance has to be right', () => {
  it('says once what is true of all, resting on what was seen of each', () => {
    expect(ask(['a', outcome('pass', 'Fine.', 'a')], ['b', outcome('pass', 'Fine.', 'b')])).toEqual({
      ...outcome('pass', 'Fine.'),
      provenance: [
        { kind: 'file', at: 'a' },
        { kind: 'file', at: 'b' },
      ],
      items: ['a', 'b'],
    })
  })

  it.each([
    ['pass', 'fail', 'fail'],
    ['error', 'fail', 'fail'],
    ['pass', 'error', 'error'],
    ['unknown', 'error', 'error'],
    ['unknown', 'pass', 'unknown'],
    ['notApplicable', 'pass', 'pass'],
    ['informational', 'notApplicable', 'informational'],
  ] as const)('of %s and %s is %s, and names which', (one, other, worst) => {
    const both = ask(['a', outcome(one, `It is ${one}.`)], ['b', outcome(other, `It is ${other}.`)])
    expect(both.verdict).toBe(worst)
    expect(both.reason).toBe(`${worst === one ? 'a' : 'b'}: It is ${worst}.`)
  })

  it('shows what was seen of each by name, unless they share it or nothing was seen', () => {
    const seen = (observed: string | null, item: string): CheckOutcome => ({
      ...outcome('pass', 'Fine.', item),
      observed,
    })
    const observed = (one: CheckOutcome, other: CheckOutcome) => ask(['a', one], ['b', other]).observed

    expect(observed(seen('x', 'a'), seen('x', 'b'))).toEqual({ a: 'x', b: 'x' })
    expect(observed(seen('x', 'a'), seen('y', 'a'))).toEqual({ a: 'x', b: 'y' })
    expect(observed(seen('x', 'a'), seen('x', 'a'))).toBe('x')
    expect(observed(seen(null, 'a'), outcome('pass', 'Fine.', 'b'))).toBeNull()
    expect(observed(outcome('fail', 'No.', 'a'), seen('x', 'b'))).toBeUndefined()
  })

  it('names the places of those that are wrong first, and in turn, so that none is left out', () => {
    const many = (verdict: Verdict, name: string): CheckOutcome => ({
      ...outcome(verdict, `${verdict}.`),
      provenance: Array.from({ length: 15 }, (_, index) => ({ kind: 'file', at: `${name}${index}` })),
    })
    const places = ask(['a', many('pass', 'a')], ['b', many('fail', 'b')]).provenance.map(({ at }) => at)

    expect(places.slice(0, 3)).toEqual(['b0', 'a0', 'b1'])
    expect(places).toHaveLength(20)
  })

  it('tells what is wrong with each where each is wrong in its own way', () => {
    const both = ask(['a', outcome('fail', 'Open.', 'a')], ['b', outcome('fail', 'Old.', 'b')])
    expect(both.reason).toBe('a: Open. b: Old.')
    expect(both.provenance).toHaveLength(2)
  })
})
