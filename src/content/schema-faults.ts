import type { ErrorObject } from 'ajv/dist/2020.js'
import { suggest } from '../model/nearest.ts'
import type { Fault } from './faults.ts'
import type { YamlPath, YamlSource } from './yaml-source.ts'

/** Turns what ajv found into faults a person can act on, each at its line; never none, or the file would be lost. */
export function schemaFaults(
  source: YamlSource,
  errors: readonly ErrorObject[] | null | undefined,
): readonly Fault[] {
  const faults = (errors ?? []).flatMap((error) => faultOf(source, error) ?? [])
  if (faults.length > 0) return faults
  return [
    source.fault({ path: [] }, 'the file is not in the form of its schema', 'Compare it with the schema.'),
  ]
}

interface Spot {
  readonly source: YamlSource
  readonly path: YamlPath
  readonly error: ErrorObject
}

function faultOf(source: YamlSource, error: ErrorObject): Fault | null {
  const spot: Spot = { source, path: pathOf(error.instancePath, source.value), error }
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(spot, String(error.params.additionalProperty), keysOf(error))
    case 'propertyNames':
      return badName(spot, String(error.params.propertyName))
    case 'required':
      return missingKey(spot, String(error.params.missingProperty))
    case 'type':
      return wrongType(spot)
    case 'enum':
    case 'const':
      return notOneOf(spot)
    case 'if':
    case 'anyOf':
      return null // says only that one of the branches reported below failed
    default:
      return error.propertyName === undefined ? outOfBounds(spot) : null // propertyNames reports it
  }
}

function pathOf(pointer: string, root: unknown): YamlPath {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  let value = root
  return steps.map((step) => {
    const index = Array.isArray(value) ? Number(step) : step
    value = Reflect.get(Object(value), step)
    return index
  })
}

/** `examples[2].given`, or `the file` for its root. */
function nameOf(path: YamlPath): string {
  if (path.length === 0) return 'the file'
  const name = path.map((step) => (typeof step === 'number' ? `[${step + 1}]` : `.${step}`)).join('')
  return `"${name.replace(/^\./, '')}"`
}

function keysOf(error: ErrorObject): readonly string[] {
  return Object.keys(Object(error.parentSchema?.properties))
}

function unknownKey({ source, path }: Spot, key: string, known: readonly string[]): Fault {
  const where = path.length === 0 ? '' : ` in ${nameOf(path)}`
  // `{ means: Days, at least }`: the comma ended the text, and its rest became a key.
  const next = key.includes(' ')
    ? 'Put the whole text in quotes: inside { } a comma starts a new key.'
    : suggest(key, known)
  return source.fault({ path: [...path, key], key: true }, `unknown key "${key}"${where}`, next)
}

function badName({ source, path }: Spot, key: string): Fault {
  return source.fault(
    { path: [...path, key], key: true },
    `"${key}" is not a name that can stand in ${nameOf(path)}`,
    'Use lower-case words joined by hyphens.',
  )
}

function missingKey({ source, path, error }: Spot, key: string): Fault {
  const known = keysOf(error)
  const present = Object.keys(Object(error.data)).filter((one) => !known.includes(one))
  const [likely] = present.filter((one) => suggest(one, [key]).startsWith('Did'))
  const next = likely === undefined ? `Add "${key}".` : `Rename "${likely}" to "${key}".`
  return source.fault({ path }, `"${key}" is missing in ${nameOf(path)}`, next)
}

function wrongType({ source, path, error }: Spot): Fault {
  const wanted = [error.params.type].flat().map(String)
  const { data } = error
  const written = source.written(path) ?? ''
  if (data === null) return nothingWritten({ source, path, error }, article(wanted))
  if (wanted.includes('string') && typeof data !== 'object')
    return source.fault(
      { path },
      `${nameOf(path)} is the ${typeof data} ${written} where text is wanted`,
      `Write it in quotes: "${written}".`,
    )
  const quotes =
    typeof data === 'string' && wanted.some((type) => ['number', 'integer', 'boolean'].includes(type))
  const next =
    quotes && plainValue(written) ? `Write ${written} without quotes.` : `Write ${article(wanted)}.`
  return source.fault({ path }, `${nameOf(path)} is ${kindOf(data)} where ${article(wanted)} is wanted`, next)
}

function nothingWritten({ source, path }: Spot, wanted: string): Fault {
  return source.fault(
    { path, key: true },
    `nothing is written for ${nameOf(path)}`,
    `Write ${wanted}, or leave the key out.`,
  )
}

function plainValue(written: string): boolean {
  return /^(?:true|false|-?[0-9]+(?:\.[0-9]+)?)$/.test(written)
}

const typeNames: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  null: 'null',
}

function article(types: readonly string[]): string {
  return types.map((type) => typeNames[type]).join(' or ')
}

function kindOf(data: unknown): string {
  if (Array.isArray(data)) return 'a list'
  return typeof data === 'object'
    ? 'a map of keys'
    : `the ${typeof data === 'string' ? 'text' : typeof data} ${JSON.stringify(data)}`
}

function notOneOf({ source, path, error }: Spot): Fault {
  const allowed = [error.params.allowedValues ?? error.params.allowedValue].flat()
  const words = allowed.map(String)
  if (error.data === null) return nothingWritten({ source, path, error }, words.join(' or '))
  const said = source.written(path) ?? kindOf(error.data)
  // All words of our schemas are text, except the numbers and `true` that stand alone.
  const isQuoted = typeof error.data === 'string' && words.includes(error.data)
  const next = isQuoted ? 'Write it without quotes.' : suggest(said, words)
  return source.fault({ path }, `${nameOf(path)} is ${said}, not one of ${words.join(', ')}`, next)
}

function titleOf(error: ErrorObject): string | undefined {
  const title: unknown = error.parentSchema?.title
  return typeof title === 'string' ? title : undefined
}

function outOfBounds(spot: Spot): Fault {
  const { source, path, error } = spot
  const title = titleOf(error)
  switch (error.keyword) {
    case 'minItems':
    case 'minProperties':
    case 'minLength':
      return source.fault(
        { path },
        `${nameOf(path)} is empty`,
        'Put something in it, or leave it out where it is optional.',
      )
    case 'maxProperties':
      return source.fault(
        { path },
        `${nameOf(path)} has more than ${error.params.limit} key`,
        'Keep one of them.',
      )
    case 'uniqueItems':
      return source.fault(
        { path: [...path, Number(error.params.i)] },
        `${nameOf(path)} says the same thing twice`,
        'Remove the repeat.',
      )
    default:
      return source.fault(
        { path },
        `${nameOf(path)} is ${JSON.stringify(error.data)}`,
        title === undefined ? `It ${error.message}.` : `It has to be ${title}.`,
      )
  }
}
