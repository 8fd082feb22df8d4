import { describe, expect, it } from 'vitest'
import { type ExampleKnowledge, runExample } from '../../src/evaluate/example.ts'
import { factFromPlain } from '../../src/evaluate/fact-from-plain.ts'
import type { FactKind } from '../../src/facts/fact-kind.ts'
import type { Applicability, Condition, Example } from '../../src/model/check.ts'
import { isFactRecord, noSource, observed } from '../../src/model/evidence.ts'
import { checkOf, fact } from './support.ts'

const off: Condition = { fact: 'settings', path: 'profiling', operator: 'equals', value: false }

/** Settings whose default is true, or false in mode `hardened`, from 1.34 on off. */
const settingsKind: FactKind = {
  kind: 'component-settings',
  title: 'Settings',
  parameters: {},
  fields: () => null,
  probes: () => [],
  derive: () => fact({}),
  complete: (...[, given, , { version, mode }]) => {
    if (given.kind !== 'observed' || !isFactRecord(given.fact)) return given
    const profiling = observed(mode !== 'hardened' && version !== '1.34.0', noSource)
    return observed({ profiling, ...given.fact }, noSource)
  },
}
const known: ExampleKnowledge = {
  kinds: new Map([['component-settings', settingsKind]]),
  knowledge: { components: new Map() },
}

function verdictOf(
  example: Partial<Example>,
  applies: Applicability = {},
  condition: Condition = off,
): string {
  const row: Example = { name: 'a row', given: { settings: {}, files: [] }, verdict: 'pass', ...example }
  return runExample(checkOf({ condition, applies }), row, known).verdict
}

describe('an example', () => {
  it.each([
    ['what it gives', { given: { settings: { profiling: false } } }, 'pass'],
    ['defaults for what it leaves out', { given: { settings: {} } }, 'fail'],
    ['defaults of its version', { given: { settings: {} }, version: '1.34.0' }, 'pass'],
    ['defaults of its mode', { given: { settings: {} }, mode: 'hardened' }, 'pass'],
    ['evidence nobody could read', { given: { settings: 'unavailable' } }, 'error'],
    ['evidence that is not there', { given: { settings: 'absent' } }, 'fail'],
    ['evidence it does not mention', { given: {} }, 'error'],
    [
      'one part nobody could read',
      { given: { settings: { profiling: { unavailable: 'truncated' } } } },
      'error',
    ],
  ] as const)('runs on %s', (_name, example, verdict) => {
    expect(verdictOf(example)).toBe(verdict)
  })

  it('runs on facts of a kind without defaults', () => {
    const strict: Condition = { fact: 'files', path: 'mode', operator: 'every:mode-at-most', value: '0600' }
    expect(verdictOf({ given: { files: [{ mode: '0600' }] } }, {}, strict)).toBe('pass')
  })

  const component = 'kube-apiserver'
  it.each([
    ['takes the component to be there', {}, { component }, 'pass'],
    ['unless it says otherwise', { component: 'absent' }, { component }, 'notApplicable'],
    ['or says that nobody knows', { component: 'unavailable' }, { component }, 'error'],
    ['takes it to be started as the check wants', {}, { component, startedAs: ['unit'] }, 'pass'],
    [
      'unless it says otherwise',
      { component: { 'started-as': 'process' } },
      { component, startedAs: ['unit'] },
      'notApplicable',
    ],
    [
      'does not take a word for a component',
      { component: 'there' },
      { component, startedAs: ['unit'] },
      'error',
    ],
    ['takes the roles the check wants', {}, { roles: ['etcd'] }, 'pass'],
    ['unless it says otherwise', { roles: ['worker'] }, { roles: ['etcd'] }, 'notApplicable'],
    ['may name one role', { roles: 'etcd' }, { roles: ['etcd'] }, 'pass'],
    [
      'has no role of a name there is none of',
      { roles: ['master', { unavailable: 'offline' }] },
      { roles: ['etcd'] },
      'notApplicable',
    ],
    ['or says that nobody knows', { roles: 'unavailable' }, { roles: ['etcd'] }, 'error'],
    ['takes a distribution the check wants', {}, { distributions: { only: ['rke2', 'k3s'] } }, 'pass'],
    ['takes a distribution the check leaves in', {}, { distributions: { except: ['rke2'] } }, 'pass'],
    [
      'unless it says otherwise',
      { distribution: 'rke2' },
      { distributions: { except: ['rke2'] } },
      'notApplicable',
    ],
    ['takes the version to be in the range', {}, { versions: '>=1.34' }, 'pass'],
  ] as const satisfies readonly (readonly [string, Example['given'], Applicability, string])[])(
    '%s (%j)',
    (...[, given, applies, verdict]) => {
      expect(verdictOf({ given: { settings: { profiling: false }, ...given } }, applies)).toBe(verdict)
    },
  )

  it('is outside the range with a version that is', () => {
    const given = { settings: { profiling: false } }
    expect(verdictOf({ given, version: '1.33.0' }, { versions: '>=1.34' })).toBe('notApplicable')
    expect(verdictOf({ given, version: '1.34.0' }, { versions: '>=1.34', component })).toBe('pass')
  })

  it('may set parameters', () => {
    const check = checkOf({
      condition: { fact: 'settings', path: 'n', operator: 'at-least', value: { parameter: 'least' } },
      parameters: { least: { default: 5, means: 'a number' } },
    })
    const row: Example = { name: 'a row', given: { settings: { n: 3 } }, verdict: 'fail' }
    expect(runExample(check, row, known).verdict).toBe('fail')
    expect(runExample(check, { ...row, parameters: { least: 3 } }, known).verdict).toBe('pass')
  })

  it('with a name the check does not have is refused, not ignored', () => {
    expect(() => verdictOf({ given: { setings: {} } })).toThrow(
      expect.objectContaining({
        code: 'content-invalid',
        message: expect.stringContaining('example "a row": nothing in the check is named "setings"'),
      }),
    )
  })
})

describe('a fact from a plain value', () => {
  it('keeps absent, unavailable, false and the empty text apart', () => {
    const record = fact({
      a: null,
      b: { absent: true },
      c: { unavailable: 'offline' },
      d: false,
      e: '',
      f: {},
      g: [],
    })
    expect(record).toMatchObject({
      fact: {
        a: { kind: 'absent' },
        b: { kind: 'absent' },
        c: { kind: 'unavailable', reason: 'offline' },
        d: { fact: false },
        e: { fact: '' },
        f: { kind: 'observed', fact: {} },
        g: { fact: [] },
      },
    })
    expect(fact('absent')).toMatchObject({ kind: 'absent' })
    expect(fact('unavailable')).toMatchObject({ kind: 'unavailable', reason: 'permission-denied' })
  })

  it('takes a map for a map when it only looks like a mark', () => {
    expect(fact({ absent: false })).toMatchObject({ fact: { absent: { fact: false } } })
    expect(fact({ absent: true, more: 1 })).toMatchObject({ kind: 'observed' })
  })

  it.each([
    [{ a: 'unavailable' }, 'x.a: the bare word "unavailable"'],
    [['absent'], 'x[0]: the bare word "absent"'],
    [{ unavailable: 'because' }, '"because" is not a reason'],
    [{ unavailable: 3 }, '3 is not a reason'],
    [{ unavailable: 'toString' }, '"toString" is not a reason'],
    [{ a: undefined }, 'x.a: this is not a plain value'],
  ])('refuses %j', (plain, message) => {
    expect(() => factFromPlain(plain, 'x')).toThrow(message)
    expect(() => factFromPlain(plain, 'x')).toThrow(expect.objectContaining({ code: 'content-invalid' }))
  })
})
