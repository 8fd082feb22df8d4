/** JSON text that is the same for equal values: keys sorted by code unit, no white space, `undefined` left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = fieldsOf(value).map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`)
  return `{${fields.join(',')}}`
}

const enough = 64 * 1024

// Objects of a list in the items of a target: what is below them is small.
const deepest = 5

/** The same text piece by piece, so that of a large value it never stands in memory as a whole. */
export function* canonicalPieces(value: unknown): Generator<string> {
  let text = ''
  for (const part of partsOf(value, deepest)) {
    text += part
    if (text.length < enough) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

function* partsOf(value: unknown, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null) return yield canonicalJson(value)
  const isList = Array.isArray(value)
  yield isList ? '[' : '{'
  let comma = ''
  for (const [name, field] of isList ? value.entries() : fieldsOf(value)) {
    yield isList ? comma : `${comma}${JSON.stringify(name)}:`
    yield* partsOf(field, depth - 1)
    comma = ','
  }
  yield isList ? ']' : '}'
}

function fieldsOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([first], [second]) => (first < second ? -1 : 1))
}
