import { describe, expect, it } from 'vitest'
import { operatorNamed, operators } from '../../src/evaluate/operators/index.ts'
import type { Answer } from '../../src/evaluate/operators/operator.ts'
import type { ConditionValue } from '../../src/model/check.ts'
import type { Json } from '../../src/model/finding.ts'

type Name = keyof typeof operators
type Row = readonly [observed: Json, expected: ConditionValue, answer: Answer]

interface Table {
  readonly rows: readonly Row[]
  /** Right-hand sides that are load faults. */
  readonly faults: readonly ConditionValue[]
  /** A right-hand side and what a value that is not there makes of it. */
  readonly absent: readonly (readonly [ConditionValue, 'true' | 'false'])[]
  /** Right-hand side and how it is written for people. */
  readonly phrase: readonly [string, string | undefined]
}

const notValues = [null, [], [null as unknown as string], { parameter: 'x' }] as const

// Keyed by every operator: a new one does not compile until it has a table.
const tables: { readonly [name in Name]: Table } = {
  equals: {
    rows: [
      [false, false, 'true'],
      [true, false, 'false'],
      ['false', false, 'unknown'],
      [0, false, 'unknown'],
      ['RBAC', 'RBAC', 'true'],
      ['rbac', 'RBAC', 'false'],
      ['RBAC,Node', 'RBAC', 'false'],
      [10, 10, 'true'],
      ['10', 10, 'unknown'],
      [10, '10', 'unknown'],
      [['a'], 'a', 'unknown'],
      [{}, 'a', 'unknown'],
    ],
    faults: [...notValues, ['a']],
    absent: [[false, 'false']],
    phrase: ['false', undefined],
  },
  'not-equals': {
    rows: [
      [true, false, 'true'],
      [false, false, 'false'],
      ['false', false, 'unknown'],
      ['a', 'b', 'true'],
      ['a', 'a', 'false'],
      [['a'], 'b', 'unknown'],
    ],
    faults: [...notValues, ['a']],
    absent: [['a', 'true']],
    phrase: ['a', 'not a'],
  },
  'one-of': {
    rows: [
      ['b', ['a', 'b'], 'true'],
      ['c', ['a', 'b'], 'false'],
      ['ab', ['a', 'b'], 'false'],
      [1, ['a', 1], 'true'],
      [2, ['a', 1], 'false'],
      [true, ['a', 1], 'unknown'],
      [['a'], ['a', 'b'], 'unknown'],
    ],
    faults: [...notValues, 'a'],
    absent: [[['a'], 'false']],
    phrase: ['a, b', 'one of a, b'],
  },
  'not-one-of': {
    rows: [
      ['c', ['a', 'b'], 'true'],
      ['a', ['a', 'b'], 'false'],
      [1, ['1'], 'unknown'],
    ],
    faults: [...notValues, 'a'],
    absent: [[['a'], 'true']],
    phrase: ['a, b', 'none of a, b'],
  },
  includes: {
    rows: [
      [['Node', 'RBAC'], 'RBAC', 'true'],
      [['Node', 'RBACv2'], 'RBAC', 'false'],
      [[], 'RBAC', 'false'],
      ['Node,RBAC', 'RBAC', 'unknown'],
      [['1'], 1, 'unknown'],
      [[null], 'a', 'unknown'],
    ],
    faults: [...notValues, ['a']],
    absent: [['a', 'false']],
    phrase: ['a', 'a list with a'],
  },
  'includes-all': {
    rows: [
      [['a', 'b', 'c'], ['a', 'b'], 'true'],
      [['a'], ['a', 'b'], 'false'],
      [[], ['a'], 'false'],
      ['a,b', ['a', 'b'], 'unknown'],
      [[1], ['1'], 'unknown'],
    ],
    faults: [...notValues, 'a'],
    absent: [[['a'], 'false']],
    phrase: ['a, b', 'a list with all of a, b'],
  },
  excludes: {
    rows: [
      [['Node', 'RBAC'], 'AlwaysAllow', 'true'],
      [['AlwaysAllow'], 'AlwaysAllow', 'false'],
      [['AlwaysAllowed'], 'AlwaysAllow', 'true'],
      [['a', 'b'], ['c', 'b'], 'false'],
      [[], 'a', 'true'],
      ['Node,AlwaysAllow', 'AlwaysAllow', 'unknown'],
      [['1'], 1, 'unknown'],
    ],
    faults: notValues,
    absent: [['a', 'true']],
    phrase: ['a', 'a list without a'],
  },
  'subset-of': {
    rows: [
      [['a'], ['a', 'b'], 'true'],
      [['a', 'b'], ['a', 'b'], 'true'],
      [['a', 'c'], ['a', 'b'], 'false'],
      [[], ['a'], 'false'],
      ['a', ['a'], 'unknown'],
      [[1], ['1'], 'unknown'],
    ],
    faults: [...notValues, 'a'],
    absent: [[['a'], 'false']],
    phrase: ['a, b', 'only a, b'],
  },
  'at-least': {
    rows: [
      [30, 30, 'true'],
      [31, 30, 'true'],
      [29, 30, 'false'],
      ['infinity', 30, 'true'],
      [30, 'infinity', 'false'],
      ['infinity', 'infinity', 'true'],
      ['30', 30, 'unknown'],
      [Number.NaN, 30, 'unknown'],
      [true, 1, 'unknown'],
    ],
    faults: [...notValues, '30', true, [1]],
    absent: [[1, 'false']],
    phrase: ['30', 'at least 30'],
  },
  'at-most': {
    rows: [
      [30, 30, 'true'],
      [31, 30, 'false'],
      ['infinity', 30, 'false'],
      ['3', 30, 'unknown'],
    ],
    faults: [...notValues, '30'],
    absent: [[1, 'false']],
    phrase: ['30', 'at most 30'],
  },
  'more-than': {
    rows: [
      [31, 30, 'true'],
      [30, 30, 'false'],
      ['x', 30, 'unknown'],
    ],
    faults: [...notValues, '30'],
    absent: [[0, 'false']],
    phrase: ['30', 'more than 30'],
  },
  'less-than': {
    rows: [
      [29, 30, 'true'],
      [30, 30, 'false'],
      ['x', 30, 'unknown'],
    ],
    faults: [...notValues, '30'],
    absent: [[0, 'false']],
    phrase: ['30', 'less than 30'],
  },
  'duration-at-least': {
    rows: [
      ['4h0m0s', '4h', 'true'],
      ['240m', '4h', 'true'],
      ['1.5h', '90m', 'true'],
      ['.5h', '30m', 'true'],
      ['5.h', '5h', 'true'],
      ['3h59m59.999999999s', '4h', 'false'],
      ['1us', '1µs', 'true'],
      ['1μs', '1000ns', 'true'],
      ['1ms', '999us', 'true'],
      ['0', '1s', 'false'],
      [0, '0', 'true'],
      ['-1h', '0', 'false'],
      ['+1h', '0', 'true'],
      ['4', '4h', 'unknown'],
      [4, '4h', 'unknown'],
      ['4 h', '4h', 'unknown'],
      ['4d', '4h', 'unknown'],
      ['.h', '4h', 'unknown'],
      ['', '4h', 'unknown'],
      ['4h\n', '4h', 'unknown'],
      ['9999999999h', '4h', 'unknown'],
      [`${'1'.repeat(64)}h`, '4h', 'unknown'],
      [null, '4h', 'unknown'],
    ],
    faults: [...notValues, '4', 4, '4d', 0],
    absent: [['1h', 'false']],
    phrase: ['4h', 'at least 4h'],
  },
  'duration-at-most': {
    rows: [
      ['4h0m0s', '4h', 'true'],
      ['4h0m1s', '4h', 'false'],
      ['0s', '4h', 'true'],
      ['long', '4h', 'unknown'],
    ],
    faults: [...notValues, '4'],
    absent: [['1h', 'false']],
    phrase: ['4h', 'at most 4h'],
  },
  'duration-more-than': {
    rows: [
      ['1ns', '0', 'true'],
      ['0s', '0', 'false'],
      ['never', '0', 'unknown'],
    ],
    faults: [...notValues, '4'],
    absent: [['0', 'false']],
    phrase: ['0', 'more than 0'],
  },
  'quantity-at-least': {
    rows: [
      ['100Mi', '100Mi', 'true'],
      ['104857600', '100Mi', 'true'],
      [104857600, '100Mi', 'true'],
      ['100M', '100Mi', 'false'],
      ['1.5Gi', '1536Mi', 'true'],
      ['1k', '1000', 'true'],
      ['1000m', '1', 'true'],
      ['.5', '500m', 'true'],
      ['1E', '1e18', 'true'],
      ['1e-3', '1m', 'true'],
      ['-1', '0', 'false'],
      ['+1', '0', 'true'],
      ['9007199254740993', '9007199254740992', 'true'],
      ['9007199254740992', '9007199254740993', 'false'],
      ['100 Mi', '100Mi', 'unknown'],
      ['100MB', '100Mi', 'unknown'],
      ['1K', '1', 'unknown'],
      ['Mi', '1', 'unknown'],
      ['.', '1', 'unknown'],
      ['1e999', '1', 'unknown'],
      ['1'.repeat(65), '1', 'unknown'],
      [true, '1', 'unknown'],
      [Number.NaN, '1', 'unknown'],
    ],
    faults: [...notValues, 'lots', true],
    absent: [['1Mi', 'false']],
    phrase: ['100Mi', 'at least 100Mi'],
  },
  'quantity-at-most': {
    rows: [
      ['100Mi', '100Mi', 'true'],
      ['101Mi', '100Mi', 'false'],
      ['much', '100Mi', 'unknown'],
    ],
    faults: [...notValues, 'lots'],
    absent: [['1Mi', 'false']],
    phrase: ['100Mi', 'at most 100Mi'],
  },
  'version-at-least': {
    rows: [
      ['v1.31.4', '1.31', 'true'],
      ['1.31.4+rke2r1', '1.31.4', 'true'],
      ['1.9.0', '1.31', 'false'],
      ['1.32.0-rc.1', '1.32.0', 'false'],
      ['1.32.0-rc.1', '1.32', 'true'],
      ['latest', '1.31', 'unknown'],
      [1.31, '1.31', 'unknown'],
    ],
    faults: [...notValues, 1.31, 'latest'],
    absent: [['1.31', 'false']],
    phrase: ['1.31', 'at least 1.31'],
  },
  'version-below': {
    rows: [
      ['1.30.9', '1.31', 'true'],
      ['1.31.0', '1.31', 'false'],
      ['', '1.31', 'unknown'],
    ],
    faults: [...notValues, 1.31],
    absent: [['1.31', 'false']],
    phrase: ['1.31', 'below 1.31'],
  },
  'mode-at-most': {
    rows: [
      [0o600, '0600', 'true'],
      [0o400, '0600', 'true'],
      [0o640, '0600', 'false'],
      [0o066, '0600', 'false'],
      [0o4600, '0600', 'false'],
      [0o1777, '0777', 'false'],
      ['0600', '0600', 'true'],
      ['600', '0600', 'true'],
      ['0o644', '0600', 'false'],
      ['0688', '0600', 'unknown'],
      ['-rw-------', '0600', 'unknown'],
      [600.5, '0600', 'unknown'],
      [-1, '0600', 'unknown'],
      [0o10000, '0600', 'unknown'],
      [null, '0600', 'unknown'],
    ],
    faults: [...notValues, 600, 0o600, 'rw-------', '06'],
    absent: [['0600', 'false']],
    phrase: ['0600', '0600 or stricter'],
  },
  'owned-by': {
    rows: [
      ['root:root', 'root:root', 'true'],
      ['0:0', 'root:root', 'true'],
      ['root:0', 'root:root', 'true'],
      ['root:wheel', 'root:root', 'false'],
      ['rooty:root', 'root:root', 'false'],
      ['etcd:etcd', 'etcd:etcd', 'true'],
      ['00:0', 'root:root', 'false'],
      ['root', 'root:root', 'unknown'],
      ['root:root:root', 'root:root', 'unknown'],
      ['root:root\n', 'root:root', 'unknown'],
      [0, 'root:root', 'unknown'],
    ],
    faults: [...notValues, 'root', 0, ['root:root']],
    absent: [['root:root', 'false']],
    phrase: ['root:root', 'owned by root:root'],
  },
  set: {
    rows: [
      ['x', true, 'true'],
      [false, true, 'true'],
      ['', true, 'true'],
      [[], true, 'true'],
      [{}, true, 'true'],
      ['x', false, 'false'],
    ],
    faults: [...notValues, 'true', 1],
    absent: [
      [true, 'false'],
      [false, 'true'],
    ],
    phrase: ['true', 'set'],
  },
  absent: {
    rows: [
      ['x', true, 'false'],
      [false, true, 'false'],
      ['', true, 'false'],
    ],
    faults: [...notValues, false, 'true'],
    absent: [[true, 'true']],
    phrase: ['true', 'not set'],
  },
  'matches-host': {
    rows: [
      ['127.0.0.1:2381', ['127.0.0.1', '::1', 'localhost'], 'true'],
      ['[::1]:2379', ['127.0.0.1', '::1'], 'true'],
      ['::1', '::1', 'true'],
      ['http://127.0.0.1:2381', '127.0.0.1', 'true'],
      ['https://localhost:2379/health?x=1', 'localhost', 'true'],
      ['LOCALHOST', 'localhost', 'true'],
      ['127.0.0.1', '127.0.0.1', 'true'],
      ['0.0.0.0:10250', '127.0.0.1', 'false'],
      ['127.0.0.1.example.org:80', '127.0.0.1', 'false'],
      ['http://127.0.0.1@10.0.0.1:80', '127.0.0.1', 'false'],
      ['http://10.0.0.1/@127.0.0.1', '127.0.0.1', 'false'],
      ['http://10.0.0.1\\@127.0.0.1', '127.0.0.1', 'false'],
      [':10257', '127.0.0.1', 'false'],
      ['[::1', '::1', 'unknown'],
      ['two hosts', '127.0.0.1', 'unknown'],
      [2381, '127.0.0.1', 'unknown'],
    ],
    faults: [...notValues, 1, ['a', 1]],
    absent: [['::1', 'false']],
    phrase: ['::1', 'host ::1'],
  },
  'matches-no-host': {
    rows: [
      ['https://10.0.0.1:2380', ['127.0.0.1', '::1'], 'true'],
      ['https://127.0.0.1:2380', ['127.0.0.1', '::1'], 'false'],
      ['127.0.0.1.example.org:80', '127.0.0.1', 'true'],
      [':2380', '127.0.0.1', 'true'],
      ['two hosts', '127.0.0.1', 'unknown'],
      [2380, '127.0.0.1', 'unknown'],
    ],
    faults: [...notValues, 1],
    absent: [['127.0.0.1', 'false']],
    phrase: ['::1', 'host other than ::1'],
  },
  'url-scheme': {
    rows: [
      ['https://127.0.0.1:2379', ['https', 'unixs'], 'true'],
      ['HTTPS://127.0.0.1:2379', 'https', 'true'],
      ['http://127.0.0.1:2379', 'https', 'false'],
      ['http://https://x', 'https', 'false'],
      ['httpsx://127.0.0.1', 'https', 'false'],
      ['127.0.0.1:2379', 'https', 'unknown'],
      [2379, 'https', 'unknown'],
    ],
    faults: [...notValues, 1],
    absent: [['https', 'false']],
    phrase: ['https', 'scheme https'],
  },
  unique: {
    rows: [
      [['a', 'b'], true, 'true'],
      [['a', 'a'], true, 'false'],
      [['1', 1], true, 'true'],
      [[], true, 'false'],
      ['ab', true, 'unknown'],
      [[null], true, 'unknown'],
    ],
    faults: [...notValues, false],
    absent: [[true, 'false']],
    phrase: ['true', 'no item twice'],
  },
  odd: {
    rows: [
      [3, true, 'true'],
      [2, true, 'false'],
      [-1, true, 'true'],
      [1.5, true, 'unknown'],
      ['3', true, 'unknown'],
      ['infinity', true, 'unknown'],
    ],
    faults: [...notValues, false],
    absent: [[true, 'false']],
    phrase: ['true', 'an odd number'],
  },
}

const names = Object.keys(tables) as Name[]

describe.each(names)('operator %s', (name) => {
  const operator = operators[name]
  const { rows, faults, absent, phrase } = tables[name]

  it.each(rows)('answers for %j against %j: %s', (observed, expected, answer) => {
    expect(operator.expects.validate(expected)).toBeNull()
    expect(operator.test(observed, expected)).toBe(answer)
  })

  it.each(faults.map((fault) => [fault] as const))('refuses the right-hand side %j', (fault) => {
    expect(operator.expects.validate(fault)).toBe(`${name} takes ${operator.expects.description}`)
    expect(operator.prepare(fault)).toBeNull()
    expect(operator.test('x', fault)).toBe('unknown')
    expect(operator.onAbsent(fault)).toBe('false')
  })

  it.each(absent)('with %j a value that is not there makes it %s', (expected, answer) => {
    expect(operator.onAbsent(expected)).toBe(answer)
  })

  it('has its own name and a phrase for people', () => {
    expect(operator.name).toBe(name)
    expect(operator.phrase(phrase[0])).toBe(phrase[1])
  })
})

describe('the operator registry', () => {
  it('has a table of answers here for every operator', () => {
    expect(names.toSorted()).toEqual(Object.keys(operators).toSorted())
  })

  it('knows nothing that only looks like a name', () => {
    expect(operatorNamed('equals')).toBe(operators.equals)
    expect(operatorNamed('constructor')).toBeUndefined()
    expect(operatorNamed('')).toBeUndefined()
  })

  it('says in sentences what a check author would', () => {
    expect(operators['mode-at-most'].inText('0600')).toBe('0600')
    expect(operators['owned-by'].inText('root:root')).toBe('root:root')
    expect(operators['at-least'].inText('30')).toBe('at least 30')
    expect(operators.equals.inText('false')).toBe('false')
  })

  it('shows modes in octal, and other values as they are', () => {
    expect(operators['mode-at-most'].shows(0o644)).toBe('0644')
    expect(operators['mode-at-most'].shows(0o4755)).toBe('4755')
    expect(operators['mode-at-most'].shows('odd')).toBe('odd')
    expect(operators.set.phrase('false')).toBe('not set')
    expect(operators.equals.shows(420)).toBe(420)
  })
})
