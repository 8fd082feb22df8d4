import { describe, expect, it } from 'vitest'
import {
  absent,
  joinSources,
  mapEvidence,
  noSource,
  observed,
  type Provenance,
  type Source,
  unavailable,
} from '../../src/model/evidence.ts'

describe('a step over evidence', () => {
  it('is taken with what was observed and where', () => {
    const source: Source = { items: ['a'], at: [] }

    expect(mapEvidence(observed(2, source), (fact, at) => observed(fact + 1, at))).toEqual(
      observed(3, source),
    )
  })

  it.each([absent(noSource), unavailable('timed-out', noSource)])('leaves $kind what it is', (evidence) => {
    expect(mapEvidence(evidence, () => expect.fail('a step was taken'))).toBe(evidence)
  })
})

describe('joined sources', () => {
  const place = (line: number): Provenance => ({ kind: 'file', at: '/etc/x', line })
  const bare: Provenance = { kind: 'file', at: '/etc/x' }

  it('are one when they are the same', () => {
    const source: Source = { items: ['a'], at: [bare] }

    expect(joinSources(source, source)).toBe(source)
    expect(joinSources()).toBe(noSource)
  })

  it.each([2, 30])('name each of %i places once, first ones first', (many) => {
    const places = [bare, ...Array.from({ length: many }, (_, index) => place(index + 1))]
    const again = places.map((one): Source => ({ items: ['b'], at: [{ ...one }] }))

    const joined = joinSources({ items: ['a'], at: [] }, { items: ['b', 'a'], at: places }, ...again)

    expect(joined).toEqual({ items: ['a', 'b'], at: places })
  })

  it('tell places apart by line and kind, however many there are', () => {
    const places = [...Array.from({ length: 12 }, (_, index) => place(index + 1)), bare]
    const other: Provenance = { kind: 'default', at: '/etc/x' }

    expect(joinSources({ items: [], at: places }, { items: [], at: [other, bare] }).at).toEqual([
      ...places,
      other,
    ])
  })
})
