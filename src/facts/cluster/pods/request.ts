import type { FactRequest } from '../../../model/check.ts'

/** The texts a request gives for `name`; a single one counts as a list of one. */
export function wordsOf(request: FactRequest, name: string): readonly string[] {
  const value = request[name]
  const list = Array.isArray(value) ? value : [value]
  return list.filter((one) => typeof one === 'string')
}

/** The text a request gives for `name`. */
export function wordOf(request: FactRequest, name: string): string | undefined {
  const [word] = wordsOf(request, name)
  return word
}

/** True where a request says so. */
export function isAsked(request: FactRequest, name: string): boolean {
  return request[name] === true
}
