import fc from 'fast-check'
import { Engine } from 'json-rules-engine'
import { describe, expect, it } from 'vitest'
import { compileCondition } from '../../src/evaluate/condition.ts'
import { claimOne, createEngine, runOnEngine } from '../../src/evaluate/engine.ts'
import { plainFact } from '../../src/evaluate/plain.ts'
import type { Condition } from '../../src/model/check.ts'
import type { Json } from '../../src/model/finding.ts'
import { condition, world } from './generate.ts'
import { fact } from './support.ts'

/** What the engine says; `refused` when it has no answer. */
async function engineSays(asked: Condition, facts: { readonly [name: string]: Json }): Promise<string> {
  return runOnEngine(asked, facts).then(String, () => 'refused')
}

describe('json-rules-engine and the evaluator', () => {
  it('agree wherever every fact was observed', async () => {
    let decided = 0
    await fc.assert(
      fc.asyncProperty(condition, world, async (asked, given) => {
        const facts = Object.fromEntries(Object.entries(given).map(([name, plain]) => [name, fact(plain)]))
        const plain = Object.fromEntries(
          Object.entries(facts).map(([name, one]) => [name, plainFact(one).value]),
        )
        const [ours, theirs] = [compileCondition(asked)(facts).truth, await engineSays(asked, plain)]
        // The engine has no third truth: it refuses as soon as one leaf has no answer, even where another decides.
        if (theirs === 'refused') return
        decided += 1
        expect(ours).toBe(theirs)
      }),
      { numRuns: 3000 },
    )
    expect(decided).toBeGreaterThan(1000)
  })

  it('agree that a leaf without an answer is not answered', async () => {
    await fc.assert(
      fc.asyncProperty(condition, world, async (asked, given) => {
        const facts = Object.fromEntries(Object.entries(given).map(([name, plain]) => [name, fact(plain)]))
        const plain = Object.fromEntries(
          Object.entries(facts).map(([name, one]) => [name, plainFact(one).value]),
        )
        const ours = compileCondition(asked)(facts).truth
        if (ours === 'unknown' || ours === 'error') expect(await engineSays(asked, plain)).toBe('refused')
      }),
      { numRuns: 1000 },
    )
  })

  it('take the same parameters', async () => {
    const asked: Condition = { any: [{ fact: 'n', operator: 'at-least', value: { parameter: 'least' } }] }
    expect(await runOnEngine(asked, { n: 3 }, { least: 3 })).toBe(true)
    expect(await runOnEngine(asked, { n: 2 }, { least: 3 })).toBe(false)
  })

  it.each([
    ['a fact nobody gave', { fact: 'g', operator: 'equals', value: 1 }, { f: 1 }],
    ['a field that is not there', { fact: 'f', path: 'a', operator: 'not-equals', value: 1 }, { f: {} }],
    [
      'a path through a single value below a record',
      { fact: 'f', path: 'a.b', operator: 'set', value: true },
      { f: { a: 1 } },
    ],
    [
      'a list without every or some',
      { fact: 'f', path: 'a', operator: 'equals', value: 1 },
      { f: [{ a: 1 }] },
    ],
    ['every over a single value', { fact: 'f', operator: 'every:equals', value: 1 }, { f: 1 }],
    ['a list of lists', { fact: 'f', path: 'a', operator: 'every:equals', value: 1 }, { f: [[{ a: 1 }]] }],
    ['a value of another type', { fact: 'f', operator: 'equals', value: 1 }, { f: '1' }],
    [
      'what is not JSON',
      { fact: 'f', path: 'a', operator: 'set', value: true },
      { f: { a: undefined as unknown as null } },
    ],
  ] as const)('the engine refuses %s', async (_name, asked, facts) => {
    await expect(runOnEngine(asked, facts)).rejects.toThrow()
  })

  it('refuses a condition the evaluator refuses', async () => {
    await expect(runOnEngine({ any: [] }, {})).rejects.toMatchObject({ code: 'content-invalid' })
  })

  it('refuses a path that is none when conditions are added by hand', async () => {
    const engine = createEngine()
    engine.addRule({
      conditions: { all: [{ fact: 'f', path: '..', operator: 'equals', value: 1 }] },
      event: { type: 'x' },
    })
    await expect(engine.run({ f: {} })).rejects.toThrow('not a path')
  })

  it('counts the rules the engine answered', () => {
    expect([claimOne(1, 0), claimOne(0, 1)]).toEqual([true, false])
    expect(() => claimOne(0, 0)).toThrow('0 rules of 1')
  })
})

describe('traps of json-rules-engine 7.3.1 that the evaluator does not share', () => {
  const event = { type: 'holds' }

  it('passes an empty any; ours is a load fault', async () => {
    const { results } = await new Engine([{ conditions: { any: [] }, event }]).run({})
    expect(results).toHaveLength(1)
    expect(() => compileCondition({ any: [] })).toThrow('an empty "any"')
  })

  it('passes "not" over a fact that was never collected when undefined facts are allowed; ours is an error', async () => {
    const leaf: Condition = { fact: 'anonymous', operator: 'equal', value: true }
    const engine = new Engine([{ conditions: { not: { ...leaf } }, event }], { allowUndefinedFacts: true })
    const { results } = await engine.run({})
    expect(results).toHaveLength(1)
    expect(compileCondition({ not: { ...leaf, operator: 'equals' } })({}).truth).toBe('error')
  })

  it('loses every rule of a run when one operator throws; ours answers the others', async () => {
    const engine = new Engine()
    engine.addOperator('explodes', () => {
      throw new Error('boom')
    })
    engine.addRule({ conditions: { all: [{ fact: 'n', operator: 'equal', value: 1 }] }, event })
    engine.addRule({ conditions: { all: [{ fact: 'n', operator: 'explodes', value: 1 }] }, event })
    await expect(engine.run({ n: 1 })).rejects.toThrow('boom')

    const hostile = { n: fact({ deep: ['\u0000', { unavailable: 'not-text' }] }) }
    const answers = ['equals', 'at-least', 'every:equals'].map(
      (operator) => compileCondition({ fact: 'n', path: 'deep', operator, value: 1 })(hostile).truth,
    )
    expect(answers).toEqual(['error', 'error', 'error'])
  })

  it('loses rules when one engine runs twice at once; ours has nothing to share', async () => {
    const engine = new Engine()
    for (const priority of [3, 2, 1]) {
      engine.addRule({ priority, conditions: { all: [{ fact: 'n', operator: 'equal', value: 1 }] }, event })
    }
    const runs = await Promise.all([
      engine.run({ n: 1 }),
      engine.run({ n: new Promise((done) => setTimeout(done, 20, 1)) }),
    ])
    const answered = runs.map(({ results, failureResults }) => results.length + failureResults.length)
    expect(Math.min(...answered)).toBeLessThan(3)

    const compiled = compileCondition({ fact: 'n', operator: 'equals', value: 1 })
    expect([compiled({ n: fact(1) }).truth, compiled({ n: fact(2) }).truth]).toEqual(['true', 'false'])
  })
})
