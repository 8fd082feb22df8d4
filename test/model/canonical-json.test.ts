import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/model/canonical-json.ts'

describe('canonical JSON', () => {
  it('sorts keys by code unit at every depth and leaves out undefined', () => {
    expect(canonicalJson({ b: [{ z: 1, Z: null }], a: 'x', c: undefined, é: true })).toBe(
      '{"a":"x","b":[{"Z":null,"z":1}],"é":true}',
    )
  })

  it('writes lists without holes', () => {
    expect(canonicalJson([undefined, Number.NaN, '\u2028'])).toBe('[null,null,"\u2028"]')
  })

  it('is JSON for the same value, whatever order the keys came in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = canonicalJson(value)
        const reversed = Object.fromEntries(Object.entries(value).toReversed())
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(reversed)).toBe(text)
      }),
    )
  })
})
