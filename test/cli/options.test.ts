import { describe, expect, it } from 'vitest'
import { parseAt } from '../../src/cli/options.ts'

describe('--at', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-03-01T12:30', '2026-03-01T12:30:00.000Z'],
    ['2026-03-01T12:30:05Z', '2026-03-01T12:30:05.000Z'],
    ['2026-03-01T12:30:05.250+02:00', '2026-03-01T10:30:05.250Z'],
  ])('takes %s as %s', (text, moment) => {
    expect(new Date(parseAt(text)).toISOString()).toBe(moment)
  })

  it.each(['2026-02-30', '2026-02-29', '2026-04-31', '2026-02-30T10:00:00Z'])(
    'refuses %s, a day the calendar has not',
    (text) => {
      expect(() => parseAt(text)).toThrow(/There is no day 2026-0[24]-\d\d in the calendar/)
    },
  )

  it.each(['yesterday', '2026-13-01', '2026-03-01T25:00', '2026-3-1', '03/01/2026', '2026-03-01Tnoon', ''])(
    'refuses %j with an example',
    (text) => {
      expect(() => parseAt(text)).toThrow(/2026-03-01T12:00:00Z/)
    },
  )
})
