import { describe, expect, it } from 'vitest'
import { compileCondition, conditionFaults, factsNamed } from '../../src/evaluate/condition.ts'
import { plainFact } from '../../src/evaluate/plain.ts'
import type { Truth } from '../../src/evaluate/truth.ts'
import { combine, negate } from '../../src/evaluate/truth.ts'
import type { Condition, LeafCondition } from '../../src/model/check.ts'
import { splitPath } from '../../src/model/field-path.ts'
import { fact } from './support.ts'

const truths: readonly Truth[] = ['true', 'false', 'error', 'unknown']

/** One leaf for each truth. */
const leaf: { readonly [truth in Truth]: LeafCondition } = {
  true: { fact: 'f', path: 'yes', operator: 'equals', value: true },
  false: { fact: 'f', path: 'no', operator: 'equals', value: true },
  error: { fact: 'f', path: 'gone', operator: 'equals', value: true },
  unknown: { fact: 'f', path: 'odd', operator: 'equals', value: true },
}
const facts = { f: fact({ yes: true, no: false, gone: { unavailable: 'permission-denied' }, odd: 'true' }) }

function truthOf(condition: Condition, given: unknown = undefined): Truth {
  return compileCondition(condition)(given === undefined ? facts : { f: fact(given) }).truth
}

describe('combining conditions', () => {
  it.each(truths)('a leaf is %s by its own evidence', (truth) => {
    expect(truthOf(leaf[truth])).toBe(truth)
  })

  // Kleene's tables, rows and columns in the order of `truths`.
  const all = [
    'true false error unknown',
    'false false false false',
    'error false error error',
    'unknown false error unknown',
  ]
  const any = [
    'true true true true',
    'true false error unknown',
    'true error error error',
    'true unknown error unknown',
  ]
  const cells = truths.flatMap((left, row) =>
    truths.map((right, column) => {
      const at = (table: readonly string[]) => table[row]?.split(' ')[column]
      return { left, right, all: at(all), any: at(any) }
    }),
  )
  it.each(cells)('$left with $right: all is $all, any is $any', ({ left, right, ...expected }) => {
    expect(truthOf({ all: [leaf[left], leaf[right]] })).toBe(expected.all)
    expect(truthOf({ any: [leaf[left], leaf[right]] })).toBe(expected.any)
  })

  it.each([
    ['true', 'false'],
    ['false', 'true'],
    ['error', 'error'],
    ['unknown', 'unknown'],
  ] as const)('not %s is %s', (truth, expected) => {
    expect(truthOf({ not: leaf[truth] })).toBe(expected)
    expect(negate(negate(truth))).toBe(truth)
  })

  it('combines nothing at all to the neutral truth, which no condition can reach', () => {
    expect([combine('all', []), combine('any', [])]).toEqual(['true', 'false'])
  })

  it('names only the leaves that decided', () => {
    const condition: Condition = {
      all: [leaf.true, leaf.false, { not: leaf.true }, { any: [leaf.error, leaf.true] }],
    }
    const outcome = compileCondition(condition)(facts)
    expect(outcome.decisive.map(({ plan }) => [plan.label, plan.negated])).toEqual([
      ['f.no', false],
      ['f.yes', true],
    ])
  })
})

describe('a value that is not there', () => {
  it.each([
    ['equals', 'x', 'false'],
    ['not-equals', 'x', 'true'],
    ['absent', true, 'true'],
    ['set', true, 'false'],
    ['set', false, 'true'],
  ] as const)('%s %j is %s', (operator, value, truth) => {
    expect(truthOf({ fact: 'f', path: 'a', operator, value }, { a: null })).toBe(truth)
    expect(truthOf({ fact: 'f', path: 'a.b', operator, value }, { a: null })).toBe(truth)
    expect(truthOf({ fact: 'f', operator, value }, 'absent')).toBe(truth)
  })

  it('is an error when the record never had the field: a typo is not absence', () => {
    const outcome = compileCondition({ fact: 'f', path: 'profilng', operator: 'not-equals', value: 'x' })(
      facts,
    )
    expect(outcome.truth).toBe('error')
    expect(outcome.decisive[0]?.node).toMatchObject({ kind: 'unavailable', reason: 'not-collected' })
  })

  it.each(['constructor', '__proto__', 'toString'])(
    'is an error for the name %s that every object has',
    (path) => {
      expect(truthOf({ fact: 'f', path, operator: 'set', value: true })).toBe('error')
      expect(truthOf({ fact: path, operator: 'set', value: true })).toBe('error')
    },
  )

  it('is an error when the fact was never handed over, negated or not', () => {
    const missing: Condition = { fact: 'g', operator: 'equals', value: true }
    expect([truthOf(missing), truthOf({ not: missing })]).toEqual(['error', 'error'])
  })
})

describe('values that are lists and records', () => {
  it('tests a list as one value', () => {
    expect(
      truthOf({ fact: 'f', path: 'modes', operator: 'includes', value: 'RBAC' }, { modes: ['RBAC'] }),
    ).toBe('true')
  })

  it('is an error when one item of the list could not be looked at', () => {
    const modes = ['RBAC', { unavailable: 'truncated' }]
    expect(truthOf({ fact: 'f', path: 'modes', operator: 'includes', value: 'RBAC' }, { modes })).toBe(
      'error',
    )
  })

  it('sees a record as set, whatever is missing inside, and compares it with nothing', () => {
    const given = { r: { a: { unavailable: 'truncated' } } }
    expect(truthOf({ fact: 'f', path: 'r', operator: 'set', value: true }, given)).toBe('true')
    expect(truthOf({ fact: 'f', path: 'r', operator: 'equals', value: 'a' }, given)).toBe('unknown')
  })

  it('does not guess what a path through a list or a single value means', () => {
    expect(truthOf({ fact: 'f', path: 'mode', operator: 'equals', value: 1 }, [{ mode: 1 }])).toBe('unknown')
    expect(truthOf({ fact: 'f', path: 'a.b', operator: 'not-equals', value: 1 }, { a: 2 })).toBe('unknown')
  })

  it('finds names with dots when they are quoted', () => {
    const given = { 'io.x': { y: true } }
    expect(truthOf({ fact: 'f', path: '"io.x".y', operator: 'equals', value: true }, given)).toBe('true')
    expect(truthOf({ fact: 'f', path: 'io.x.y', operator: 'equals', value: true }, given)).toBe('error')
  })

  it('becomes plain JSON with every missing part named', () => {
    const plain = plainFact(
      fact({ a: [1, { unavailable: 'truncated' }], b: null, c: { d: { unavailable: 'offline' } } }),
    )
    expect(plain.value).toEqual({ a: [1, null], b: null, c: { d: null } })
    expect(plain.missing.map(({ reason }) => reason)).toEqual(['truncated', 'offline'])
  })
})

describe('every and some', () => {
  const strict: Condition = { fact: 'f', path: 'mode', operator: 'every:mode-at-most', value: '0600' }
  const rows: readonly [string, unknown, Truth, Truth][] = [
    ['all fine', [{ mode: 0o600 }, { mode: 0o400 }], 'true', 'true'],
    ['one too open', [{ mode: 0o600 }, { mode: 0o644 }], 'false', 'true'],
    ['all too open', [{ mode: 0o644 }], 'false', 'false'],
    ['one unreadable', [{ mode: 0o600 }, { unavailable: 'permission-denied' }], 'error', 'true'],
    ['too open beside unreadable', [{ mode: 0o644 }, { unavailable: 'permission-denied' }], 'false', 'error'],
    ['one not understood', [{ mode: 0o600 }, { mode: 'rw' }], 'unknown', 'true'],
    ['one mode not there', [{ mode: 0o600 }, { mode: null }], 'false', 'true'],
    ['a list inside the items', [{ mode: 0o600 }, [{ mode: 0o600 }]], 'unknown', 'true'],
    ['an empty list', [], 'false', 'false'],
    ['no list', 'absent', 'false', 'false'],
    ['a list nobody could read', 'unavailable', 'error', 'error'],
    ['no list but a value', { mode: 0o600 }, 'unknown', 'unknown'],
  ]
  it.each(rows)('over %s', (...[, given, every, some]) => {
    expect(truthOf(strict, given)).toBe(every)
    expect(truthOf({ ...strict, operator: 'some:mode-at-most' }, given)).toBe(some)
  })

  it('never holds for nothing, even for an operator that accepts absence', () => {
    expect(truthOf({ fact: 'f', operator: 'every:not-equals', value: 'x' }, [])).toBe('false')
    expect(truthOf({ fact: 'f', operator: 'every:not-equals', value: 'x' }, 'absent')).toBe('false')
  })

  it('tests the items themselves when the path ends at the list', () => {
    const condition: Condition = { fact: 'f', path: 'suites', operator: 'every:one-of', value: ['a', 'b'] }
    expect(truthOf(condition, { suites: ['a', 'b'] })).toBe('true')
    expect(truthOf(condition, { suites: ['a', 'c'] })).toBe('false')
  })

  it('keeps only the items that decided', () => {
    const items = [{ mode: 0o600 }, { mode: 0o644 }, { unavailable: 'truncated' }, { mode: 0o666 }]
    const outcome = compileCondition(strict)({ f: fact(items) })
    expect(outcome.decisive[0]?.items.map(({ index }) => index)).toEqual([1, 3])
  })
})

describe('reading a condition', () => {
  it.each([
    [{ all: [] }, 'an empty "all"'],
    [{ any: [] }, 'an empty "any"'],
    [{ fact: 'f', operator: 'matches', value: 'x' }, 'there is no operator "matches"'],
    [{ fact: 'f', operator: 'every:some:equals', value: 'x' }, 'there is no operator "every:some:equals"'],
    [{ fact: 'f', operator: 'toString', value: 'x' }, 'there is no operator "toString"'],
    [{ fact: 'f', path: 'a..b', operator: 'equals', value: 'x' }, '"a..b" is not a path'],
    [{ fact: 'f', operator: 'one-of', value: [] }, 'one-of takes a list'],
    [{ fact: 'f', operator: 'equals', value: { parameter: 'p' } }, 'there is no parameter "p"'],
    [{ not: { fact: 'f', operator: 'every:equals', value: 1 } }, 'write "some" instead'],
    [{ not: { any: [{ fact: 'f', operator: 'every:equals', value: 1 }] } }, 'write "some" instead'],
  ] as const satisfies readonly (readonly [Condition, string])[])('refuses %j', (condition, message) => {
    expect(conditionFaults(condition).join('\n')).toContain(message)
    expect(() => compileCondition(condition)).toThrow(expect.objectContaining({ code: 'content-invalid' }))
  })

  it('names every fault at once', () => {
    const condition: Condition = { all: [{ any: [] }, { fact: 'f', operator: 'x', value: 1 }] }
    expect(conditionFaults(condition)).toHaveLength(2)
  })

  it('takes "every" below two nots', () => {
    expect(conditionFaults({ not: { not: { fact: 'f', operator: 'every:equals', value: 1 } } })).toEqual([])
  })

  it('fills in parameters', () => {
    const condition: Condition = { fact: 'f', operator: 'at-least', value: { parameter: 'days' } }
    const compiled = compileCondition(condition, { days: 30 })
    expect([compiled({ f: fact(30) }).truth, compiled({ f: fact(29) }).truth]).toEqual(['true', 'false'])
    expect(conditionFaults(condition, { days: 'many' })).toEqual([
      'f: at-least takes a number, or "infinity"',
    ])
  })

  it('lists the facts it looks at', () => {
    const a: Condition = { fact: 'a', operator: 'equals', value: 1 }
    const b: Condition = { fact: 'b', operator: 'equals', value: 1 }
    expect([...factsNamed({ all: [a, { any: [{ not: b }, a] }] })]).toEqual(['a', 'b'])
  })

  it.each([
    ['a', ['a']],
    ['a.b-c', ['a', 'b-c']],
    ['a."b.c".d', ['a', 'b.c', 'd']],
    ['"x"', ['x']],
    ['', null],
    ['.', null],
    ['a.', null],
    ['a."b', null],
    ['a""b', null],
  ])('splits the path %j', (text, segments) => {
    expect(splitPath(text)).toEqual(segments)
  })
})
