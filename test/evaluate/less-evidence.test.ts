import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCheck } from '../../src/evaluate/check.ts'
import type { Fact } from '../../src/model/evidence.ts'
import { isNoBetter } from '../../src/model/roll-up.ts'
import { condition, world } from './generate.ts'
import { withoutOnePart } from './less-evidence.ts'
import { checkOf, fact, inputOf } from './support.ts'

const evidence = { r: { fact: 'r' }, files: { fact: 'files' }, words: { fact: 'words' } }
const component = fc.constantFrom(
  'absent',
  { 'started-as': 'unit', version: '1.34.2' },
  { 'started-as': null, version: 'git' },
)
const applies = fc.record(
  {
    component: fc.constant('kubelet'),
    startedAs: fc.constantFrom(['unit'], ['process']),
    versions: fc.constantFrom('>=1.34', '<1.34'),
    when: condition,
  },
  { requiredKeys: ['component'] },
)

describe('replacing any part of the evidence by unavailable', () => {
  it('never improves a verdict', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(
        fc.record({ condition, applies, judges: fc.boolean() }),
        fc.tuple(world, component),
        (parts, [given, about]) => {
          const check = compileCheck(checkOf({ ...parts, evidence }))
          const facts: { readonly [name: string]: Fact } = Object.fromEntries(
            Object.entries({ ...given, component: about }).map(([name, plain]) => [name, fact(plain)]),
          )
          const before = check.evaluate(inputOf(facts)).verdict
          seen.set(before, (seen.get(before) ?? 0) + 1)
          for (const [name, whole] of Object.entries(facts)) {
            for (const poorer of withoutOnePart(whole)) {
              const after = check.evaluate(inputOf({ ...facts, [name]: poorer })).verdict
              expect(isNoBetter(before, after), `${before} became ${after} without ${name}`).toBe(true)
            }
          }
        },
      ),
      { numRuns: 1500 },
    )
    // The property says nothing unless every kind of verdict was there to begin with.
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining(['pass', 'fail', 'unknown', 'error', 'notApplicable', 'informational']),
    )
  })

  it('never lets a verdict other than error follow from nothing at all', () => {
    fc.assert(
      fc.property(condition, (asked) => {
        const check = compileCheck(checkOf({ condition: asked, evidence }))
        const { verdict, reason } = check.evaluate(inputOf({}))
        expect(verdict).toBe('error')
        expect(reason).toContain('Could not look at')
      }),
    )
  })
})
