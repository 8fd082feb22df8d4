import { describe, expect, it } from 'vitest'
import { exitCodeFor, exitMeaning } from '../../src/gate/exit-codes.ts'
import { KhardError } from '../../src/model/errors.ts'

describe('exit codes', () => {
  it('are a closed list', () => {
    expect(Object.keys(exitMeaning)).toEqual(['0', '1', '2', '3', '130'])
  })

  it('say 2 for misuse and bad content', () => {
    const fault = new KhardError({ code: 'content-invalid', message: 'no such key', next: 'Remove it.' })
    expect(exitCodeFor(fault)).toBe(2)
  })

  it('say 3 for a fault of our own', () => {
    const fault = new KhardError({ code: 'internal', message: 'rules were lost', next: 'Report it.' })
    expect(exitCodeFor(fault)).toBe(3)
  })

  it.each([new Error('boom'), 'a string', undefined, null, 0, { code: 'usage' }])(
    'say 3 for %j, which nobody foresaw',
    (thrown) => {
      expect(exitCodeFor(thrown)).toBe(3)
    },
  )

  it('say 130 when a person stopped the run, 3 when time ran out', () => {
    expect(exitCodeFor(new DOMException('stopped', 'AbortError'))).toBe(130)
    expect(exitCodeFor(new DOMException('too slow', 'TimeoutError'))).toBe(3)
  })
})
