import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinPath, splitPath } from '../../src/model/field-path.ts'
import { naturalOrder } from '../../src/model/natural-order.ts'
import { nearest, suggest } from '../../src/model/nearest.ts'
import { cpuMs } from '../support/cpu-time.ts'

describe('the nearest name', () => {
  it.each([
    ['equal', 'equals'],
    ['eqauls', 'equals'],
    ['Equals', 'equals'],
    ['mode-at-mots', 'mode-at-most'],
  ])('of %s is %s', (typed, meant) => {
    expect(nearest(typed, ['equals', 'not-equals', 'mode-at-most'])).toEqual([meant])
  })

  it('is the first by name of those as near', () => {
    expect(nearest('set-b', ['set-c', 'set-a'], 2)).toEqual(['set-a', 'set-c'])
  })

  it('is none when nothing is near', () => {
    expect(nearest('something-else', ['equals'])).toEqual([])
    expect(suggest('something-else', ['equals', 'absent'])).toBe('Known: absent, equals.')
    expect(suggest('x', [])).toBe('There is none to choose from.')
  })

  it('is found in an instant for a word of any length', () => {
    const word = 'a'.repeat(1_000_000)

    expect(cpuMs(() => nearest(word, ['equals']))).toBeLessThan(100)
  })
})

describe('natural order', () => {
  it('sorts words by their letters and keeps numbers before them', () => {
    expect(['V-1', 'SV-2', '1.x', 'W-3', '1.2'].toSorted(naturalOrder)).toEqual([
      '1.2',
      '1.x',
      'SV-2',
      'V-1',
      'W-3',
    ])
    expect(naturalOrder('V-1', 'V-1')).toBe(0)
  })

  it('sorts ids as documents number them', () => {
    const ids = ['4.2.10', '4.2.9', 'V-242400', 'V-24238', '10.1', '2', '2.1', '4.2.9a']

    expect(ids.toSorted(naturalOrder)).toEqual([
      '2',
      '2.1',
      '4.2.9',
      '4.2.9a',
      '4.2.10',
      '10.1',
      'V-24238',
      'V-242400',
    ])
  })
})

describe('a path in a check', () => {
  it.each([
    ['settings.profiling', ['settings', 'profiling']],
    ['settings."authentication.x509"', ['settings', 'authentication.x509']],
    ['files', ['files']],
    ['', null],
    ['a..b', null],
    ['a.', null],
    ['a."b', null],
  ])('%s is split', (text, segments) => {
    expect(splitPath(text)).toEqual(segments)
  })

  it('survives being joined and split', () => {
    const segment = fc.stringMatching(/^[a-z][a-z.-]*$/)
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), (segments) => {
        expect(splitPath(joinPath(segments))).toEqual(segments)
      }),
    )
  })
})
