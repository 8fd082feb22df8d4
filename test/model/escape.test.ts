import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeText } from '../../src/model/escape.ts'

describe('escaping text of a node', () => {
  it.each([
    ['an escape sequence', '\u001b[2J', '\\x1b[2J'],
    ['an eight-bit control', '\u009b31m', '\\x9b31m'],
    ['a line break', 'a\r\nb', 'a\\r\\nb'],
    ['a null and a delete', '\u0000\u007f', '\\x00\\x7f'],
    ['a bidirectional override', '\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a line separator', '\u2028', '\\u{2028}'],
    ['a tag character', '\u{e0041}', '\\u{e0041}'],
    ['half a surrogate pair', '\ud800', '\\u{d800}'],
    ['a non-character', '\ufffe', '\\u{fffe}'],
  ])('shows %s for what it is', (_, hostile, shown) => {
    expect(escapeText(hostile)).toBe(shown)
  })

  it('leaves what people write alone', () => {
    const plain = 'Zürich – 東京 "C:\\path" 👍 <a&b> \u00a0é'
    expect(escapeText(plain)).toBe(plain)
  })

  it('cuts to a length, counting characters', () => {
    expect(escapeText('👍👍👍👍', { max: 3 })).toBe('👍👍…')
    expect(escapeText('👍👍👍', { max: 3 })).toBe('👍👍👍')
    expect(escapeText('abc', { max: 3 })).toBe('abc')
  })

  it('changes nothing the second time and leaves nothing unseen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = escapeText(text)

        expect(escapeText(once)).toBe(once)
        expect(once).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
