import { KhardError } from '../model/errors.ts'
import type { CollectFailure, Fact } from '../model/evidence.ts'
import { absent, noSource, observed, unavailable } from '../model/evidence.ts'
import { failureWords } from './failures.ts'
import { isScalar } from './values/list.ts'

function isFailure(word: unknown): word is CollectFailure {
  return typeof word === 'string' && Object.hasOwn(failureWords, word)
}

function fault(at: string, message: string, next: string): KhardError {
  return new KhardError({ code: 'content-invalid', message: `${at}: ${message}`, next })
}

function markedFact(value: object, at: string): Fact | null {
  const entries = Object.entries(value)
  const [entry] = entries
  if (entry === undefined || entries.length > 1) return null
  const [key, given] = entry
  if (key === 'absent' && given === true) return absent(noSource)
  if (key !== 'unavailable') return null
  if (isFailure(given)) return unavailable(given, noSource)
  const next = `Give one of: ${Object.keys(failureWords).join(', ')}.`
  throw fault(at, `${JSON.stringify(given)} is not a reason for missing evidence`, next)
}

function partFromPlain(plain: unknown, at: string): Fact {
  if (plain === 'unavailable' || plain === 'absent') {
    const next = 'Inside a fact write { unavailable: permission-denied } or { absent: true }.'
    throw fault(at, `the bare word "${plain}" would be read as a text here`, next)
  }
  if (plain === null) return absent(noSource)
  if (isScalar(plain)) return observed(plain, noSource)
  if (Array.isArray(plain)) {
    return observed(
      plain.map((item: unknown, index) => partFromPlain(item, `${at}[${index}]`)),
      noSource,
    )
  }
  if (typeof plain !== 'object')
    throw fault(at, 'this is not a plain value', 'Give a text, number, boolean, list or map.')
  const marked = markedFact(plain, at)
  if (marked !== null) return marked
  const fields = Object.entries(plain).map(
    ([name, field]) => [name, partFromPlain(field, `${at}.${name}`)] as const,
  )
  return observed(Object.fromEntries(fields), noSource)
}

/**
 * A fact from the plain value an example gives: `unavailable` or `absent` as a whole, `{ unavailable: reason }` or
 * `{ absent: true }` anywhere inside. `at` names the place in messages.
 */
export function factFromPlain(plain: unknown, at: string): Fact {
  if (plain === 'unavailable') return unavailable('permission-denied', noSource)
  if (plain === 'absent') return absent(noSource)
  return partFromPlain(plain, at)
}
