import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, canonicalPieces } from '../../src/model/canonical-json.ts'

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

describe('canonical JSON in pieces', () => {
  it('is the same text', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: false, withBigInt: false }), (value) => {
        expect([...canonicalPieces(value)].join('')).toBe(canonicalJson(value))
      }),
    )
  })

  it('leaves out undefined between fields, at the beginning and within lists as the whole does', () => {
    const value = { a: undefined, b: [undefined, {}, []], c: undefined, d: { e: undefined } }
    expect([...canonicalPieces(value)].join('')).toBe('{"b":[null,{},[]],"d":{}}')
  })

  it('has pieces far smaller than the list of a large cluster', () => {
    const objects = Array.from({ length: 20_000 }, (_, index) => ({ name: `pod-${index}`, containers: [{}] }))
    const evidence = { items: [{ kind: 'list', objects }] }
    const pieces = [...canonicalPieces({ digests: [], evidence })]
    expect(pieces.length).toBeGreaterThan(5)
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(100_000)
    expect(pieces.join('')).toBe(canonicalJson({ digests: [], evidence }))
  })

  it('ends with its last piece, however the text is cut', () => {
    const long = 'x'.repeat(4 * 1024 * 1024)
    expect([...canonicalPieces(long)]).toEqual([`"${long}"`])
  })
})
