import type { FactRequest } from '../../model/check.ts'

/** A parameter that is a list of words; one word counts as a list of one. */
export function wordsIn(request: FactRequest, name: string): readonly string[] {
  const value = request[name]
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.map(String) : []
}

/** A parameter that is true or false. */
export function flagIn(request: FactRequest, name: string): boolean {
  return request[name] === true
}

/** A parameter that is a word; empty where there is none. */
export function wordIn(request: FactRequest, name: string): string {
  const value = request[name]
  return typeof value === 'string' ? value : ''
}

/** A parameter that is a number. */
export function numberIn(request: FactRequest, name: string): number {
  const value = request[name]
  return typeof value === 'number' ? value : Number.NaN
}
