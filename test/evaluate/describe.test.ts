import { describe, expect, it } from 'vitest'
import { evaluateCheck } from '../../src/evaluate/check.ts'
import type { Condition } from '../../src/model/check.ts'
import { checkOf, fact, inputOf } from './support.ts'

const strict: Condition = { fact: 'files', path: 'mode', operator: 'every:mode-at-most', value: '0600' }
const say = { pass: 'Looked at {observed}.', fail: 'Looked at {observed}.', next: 'Close them.' }

function reasonFor(files: readonly { readonly mode: number }[]): string {
  const check = checkOf({ condition: strict, say })
  return evaluateCheck(check, inputOf({ 'component-files': fact(files) })).reason
}

describe('what a sentence says was seen of a list', () => {
  it('is how many there were where each of them holds', () => {
    expect(reasonFor([{ mode: 0o600 }, { mode: 0o400 }, { mode: 0o600 }])).toBe('Looked at all 3.')
  })

  it('is each one that does not hold where some do not', () => {
    expect(reasonFor([{ mode: 0o600 }, { mode: 0o644 }])).toBe('Looked at item 2 (0644).')
  })
})
