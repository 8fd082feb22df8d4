import type { FactRequest } from '../../model/check.ts'

/** The texts a request gives for a parameter; empty where it gives none. */
export function wordsOf(request: FactRequest, parameter: string): readonly string[] {
  const value = request[parameter]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
