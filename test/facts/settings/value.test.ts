import { describe, expect, it } from 'vitest'
import {
  isEmptyValue,
  isZero,
  listOf,
  mapOf,
  plainText,
  refusal,
  typedFact,
} from '../../../src/facts/settings/value.ts'
import { compareVersions, imageVersion, isInRange, versionIn } from '../../../src/facts/settings/version.ts'
import type { SettingSpec, SettingType } from '../../../src/model/component.ts'
import { noSource } from '../../../src/model/evidence.ts'
import { plain } from '../../support/settings-node.ts'

function typed(type: SettingType, raw: unknown, name = 'x'): unknown {
  const setting: SettingSpec = { name, type, flags: [], repeats: 'last', defaults: [] }
  return plain(typedFact(setting, raw, noSource))
}

describe('a value of a configuration file', () => {
  const refused = (type: SettingType, raw: unknown, about: { name?: string; isLoose?: boolean } = {}) => {
    const { name = 'x', isLoose = false } = about
    const setting: SettingSpec = { name, type, flags: [], repeats: 'last', defaults: [] }
    return refusal(setting, raw, isLoose)
  }
  const gates = { name: 'feature-gates' }

  it.each<[SettingType, unknown, Parameters<typeof refused>[2]?]>([
    ['boolean', false],
    ['boolean', null],
    ['integer', 0],
    ['string', 'a'],
    ['path', '/a'],
    ['duration', '1h2m3.5s'],
    ['duration', '0'],
    ['list', ['a']],
    ['list', undefined],
    ['map', { cpu: '1' }],
    ['map', { A: true }, gates],
    ['string', 5, { isLoose: true }],
    ['path', true, { isLoose: true }],
    ['duration', 5, { isLoose: true }],
    ['list', 'a,b', { isLoose: true }],
    ['map', 'a=b', { isLoose: true }],
  ])('of type %s is taken: %j', (type, raw, about) => {
    expect(refused(type, raw, about)).toBeUndefined()
  })

  it.each<[SettingType, unknown, Parameters<typeof refused>[2]?]>([
    ['boolean', 'false'],
    ['boolean', 'false', { isLoose: true }],
    ['boolean', 0],
    ['integer', '0'],
    ['integer', 1.5],
    ['string', 5],
    ['path', true],
    ['duration', 0],
    ['duration', '5'],
    ['duration', ''],
    ['list', 'a'],
    ['list', [5]],
    ['map', ['a']],
    ['map', { cpu: 1 }],
    ['map', { A: 'true' }, gates],
  ])('of type %s is refused: %j', (type, raw, about) => {
    expect(refused(type, raw, about)).toEqual(expect.any(String))
  })
})

describe('a value becomes', () => {
  it.each([
    ['boolean', 'T', true],
    ['boolean', '0', false],
    ['boolean', true, true],
    ['boolean', 'yes', 'yes'],
    ['boolean', 5, '5'],
    ['integer', 5, 5],
    ['integer', '-5', -5],
    ['integer', '5s', '5s'],
    ['integer', true, 'true'],
    ['list', 'a, b', ['a', 'b']],
    ['list', ['a', 1], ['a', '1']],
    ['list', null, []],
    ['list', undefined, []],
    ['list', '', []],
    ['map', 'a=1,b', ['a=1', 'b=true']],
    ['map', { a: true }, ['a=true']],
    ['string', undefined, ''],
    ['path', 'unix:///run/x.sock', '/run/x.sock'],
    ['duration', '4h0m0s', '4h0m0s'],
  ] as const)('%s from %j: %j', (type, raw, expected) => {
    expect(typed(type, raw)).toEqual(expected)
  })

  it('a feature gate in one spelling, and as it stands when it is no boolean', () => {
    expect(typed('map', 'A=T,B=maybe', 'feature-gates')).toEqual(['A=true', 'B=maybe'])
  })
})

describe('raw values', () => {
  it.each([null, undefined, '', [], {}])('%j is empty', (raw) => {
    expect(isEmptyValue(raw)).toBe(true)
  })

  it.each([0, false, 'x', [0], { a: 1 }])('%j is not empty', (raw) => {
    expect(isEmptyValue(raw)).toBe(false)
  })

  it.each([
    [0, true],
    [1, false],
    ['0s', true],
    ['0h0m0s', true],
    ['1m0s', false],
    [null, false],
  ])('%j is zero: %s', (raw, zero) => {
    expect(isZero(raw)).toBe(zero)
  })

  it('are texts, lists and maps', () => {
    expect([plainText({ a: 1 }), listOf('a,b'), [...mapOf('a = 1')]]).toEqual([
      '{"a":1}',
      ['a', 'b'],
      [['a', '1']],
    ])
  })
})

describe('versions', () => {
  it.each([
    ['Kubernetes v1.31.4', '1.31.4'],
    ['unknown', undefined],
  ])('in %j: %s', (text, version) => {
    expect(versionIn(text)).toBe(version)
  })

  it.each([
    ['registry:5000/x:v1.36.2-build3@sha256:00', '1.36.2'],
    ['registry:5000/x', undefined],
  ])('of the image %j: %s', (image, version) => {
    expect(imageVersion(image)).toBe(version)
  })

  it('compare part by part, missing parts as zero', () => {
    expect(compareVersions('1.29', '1.29.0')).toBe(0)
    expect(compareVersions('1.29.1', '1.29')).toBeGreaterThan(0)
    expect(compareVersions('1.9.0', '1.10.0')).toBeLessThan(0)
  })

  it.each([
    ['1.29.0', '>=1.29 <1.34', true],
    ['1.34.0', '>=1.29 <1.34', false],
    ['1.29.0', '1.29', true],
    ['1.29.1', '=1.29.0', false],
    ['1.29.0', '>1.28 <=1.29', true],
    ['1.29.0', 'whatever', false],
  ])('%s is in %s: %s', (version, range, within) => {
    expect(isInRange(version, range)).toBe(within)
  })
})
