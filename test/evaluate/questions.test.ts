import { describe, expect, it } from 'vitest'
import { evaluateCheck } from '../../src/evaluate/check.ts'
import { isFilledFrom, readQuestions } from '../../src/evaluate/questions.ts'
import type { FactRequest } from '../../src/model/check.ts'
import { absent, type Fact, noSource, observed, unavailable } from '../../src/model/evidence.ts'
import { checkOf, fact, inputOf } from './support.ts'

const condition = { fact: 'grants', operator: 'absent', value: true } as const
const grants: FactRequest = { fact: 'rbac-grants', of: 'read-secrets', trusted: { parameter: 'trusted' } }
const asking = (parts: object = {}) =>
  checkOf({ condition, about: 'cluster', evidence: { grants }, ...parts })

describe('a request with a parameter of its check', () => {
  const askedWith = (parameters: { readonly [name: string]: readonly string[] }): readonly FactRequest[] => {
    const asked: FactRequest[] = []
    const answer = (request: FactRequest): Fact => {
      asked.push(request)
      return absent(noSource)
    }
    readQuestions(asking(), parameters).facts({ ...inputOf({}), fact: answer })
    return asked
  }

  it('is asked with its value', () => {
    expect(askedWith({ trusted: ['User alice'] })).toEqual([
      { fact: 'rbac-grants', of: 'read-secrets', trusted: ['User alice'] },
    ])
  })

  it('stays as it is where there is no such parameter', () => {
    expect(askedWith({})).toEqual([grants])
  })

  it('is known again in what it came to, and in nothing else', () => {
    expect(isFilledFrom(grants, { ...grants, trusted: ['x'] })).toBe(true)
    expect(isFilledFrom(grants, grants)).toBe(true)
    expect(isFilledFrom(grants, { ...grants, of: 'create-pods' })).toBe(false)
  })
})

describe('what the API does not show of a node', () => {
  const hidden = unavailable('not-shown', noSource)
  const settings = (value: Fact) => ({ 'component-settings': observed({ profiling: value }, noSource) })
  const off = { fact: 'settings', path: 'profiling', operator: 'equals', value: false } as const

  it('is not checked, rather than an error', () => {
    expect(evaluateCheck(checkOf({ condition: off }), inputOf(settings(hidden)))).toMatchObject({
      verdict: 'notChecked',
      reason: 'Could not look at settings.profiling: the API does not show it.',
    })
  })

  it('keeps open whether a check applies', () => {
    const versions = checkOf({ condition: off, applies: { versions: '>=1.30' } })
    const when = checkOf({ condition: off, applies: { when: off } })
    const facts = settings(hidden)
    expect(evaluateCheck(versions, inputOf(facts, { version: hidden })).verdict).toBe('notChecked')
    expect(evaluateCheck(when, inputOf(facts)).verdict).toBe('notChecked')
    const refused = settings(unavailable('permission-denied', noSource))
    expect(evaluateCheck(when, inputOf(refused)).verdict).toBe('error')
  })
})

describe('what should not be there', () => {
  it('is called by its names, and values by themselves', () => {
    const plain = (value: unknown) =>
      evaluateCheck(asking(), inputOf({ 'rbac-grants': fact(value) })).observed
    expect(
      plain([{ name: 'User alice', kind: 'User', because: 'x' }, 'a text', { kind: 'nameless' }]),
    ).toEqual(['User alice', 'a text', { kind: 'nameless' }])
    expect(plain('alone')).toBe('alone')
  })
})
