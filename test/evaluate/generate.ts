import fc from 'fast-check'
import type { Condition, LeafCondition } from '../../src/model/check.ts'

// Conditions and facts shaped as content has them: mostly well-typed, so that most runs reach an answer.

const word = fc.constantFrom('a', 'b', 'RBAC', 'false', '')
const mode = fc.constantFrom(0o600, 0o644, 0o400, '0600')
const duration = fc.constantFrom('0', '1h', '4h0m0s', '90m')
const rarely = { weight: 1, arbitrary: fc.constant(null) }
const mostly = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 6, arbitrary }, rarely)

const record = fc.record({
  flag: mostly(fc.boolean()),
  text: mostly(word),
  number: mostly(fc.integer({ min: -2, max: 3 })),
  list: mostly(fc.array(word, { maxLength: 3 })),
  duration: mostly(duration),
  inner: mostly(fc.record({ 'dotted.name': mostly(fc.boolean()) })),
})

const item = fc.record({ path: word, mode: mostly(mode), tags: mostly(fc.array(word, { maxLength: 2 })) })

/** Plain facts by name: a record, a list of records and a list of words. */
export const world = fc.record({
  r: record,
  files: mostly(fc.array(item, { maxLength: 4 })),
  words: mostly(fc.array(word, { maxLength: 3 })),
})

const texts = fc.uniqueArray(word, { minLength: 1, maxLength: 3 })

const leafOn = (
  fact: string,
  path: string | undefined,
  tests: fc.Arbitrary<Pick<LeafCondition, 'operator' | 'value'>>,
) => tests.map((test): LeafCondition => (path === undefined ? { fact, ...test } : { fact, path, ...test }))

const test = <V extends LeafCondition['value']>(operators: readonly string[], value: fc.Arbitrary<V>) =>
  fc.record({ operator: fc.constantFrom(...operators), value })

const presence = fc.oneof(test(['set'], fc.boolean()), test(['absent'], fc.constant(true)))
const quantified = (
  tests: fc.Arbitrary<Pick<LeafCondition, 'operator' | 'value'>>,
  quantifiers: readonly string[],
) =>
  fc.tuple(fc.constantFrom(...quantifiers), tests).map(([quantifier, one]) => ({
    ...one,
    operator: `${quantifier}:${one.operator}`,
  }))

const onText = fc.oneof(test(['equals', 'not-equals'], word), test(['one-of', 'not-one-of'], texts), presence)
const onList = fc.oneof(
  test(['includes', 'excludes'], word),
  test(['includes-all', 'excludes', 'subset-of'], texts),
  test(['unique'], fc.constant(true)),
  presence,
)
const onMode = fc.oneof(test(['mode-at-most'], fc.constantFrom('0600', '0644')), presence)

const leaf = (quantifiers: readonly string[]) =>
  fc.oneof(
    leafOn('r', 'flag', fc.oneof(test(['equals', 'not-equals'], fc.boolean()), presence)),
    leafOn('r', 'text', onText),
    leafOn(
      'r',
      'number',
      test(['at-least', 'at-most', 'more-than', 'less-than', 'equals'], fc.integer({ min: -2, max: 3 })),
    ),
    leafOn('r', 'list', onList),
    leafOn('r', 'list', quantified(onText, quantifiers)),
    leafOn('r', 'duration', test(['duration-at-least', 'duration-at-most', 'duration-more-than'], duration)),
    leafOn('r', 'inner."dotted.name"', test(['equals'], fc.boolean())),
    leafOn('files', 'mode', quantified(onMode, quantifiers)),
    leafOn('files', 'tags', quantified(onList, quantifiers)),
    leafOn('words', undefined, quantified(onText, quantifiers)),
    // Now and then a leaf that cannot be answered.
    leafOn('r', 'text', test(['equals', 'at-least'], fc.constant(1))),
    leafOn('files', 'mode', test(['equals'], fc.constant(1))),
  )

function tree(depth: number, negated: boolean): fc.Arbitrary<Condition> {
  const one: fc.Arbitrary<Condition> = leaf(negated ? ['some'] : ['every', 'some'])
  if (depth === 0) return one
  const below = fc.array(tree(depth - 1, negated), { minLength: 1, maxLength: 3 })
  return fc.oneof(
    one,
    below.map((all): Condition => ({ all })),
    below.map((any): Condition => ({ any })),
    tree(depth - 1, !negated).map((not): Condition => ({ not })),
  )
}

/** A condition the evaluator takes. */
export const condition: fc.Arbitrary<Condition> = tree(2, false)
