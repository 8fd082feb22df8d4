import type { SettingSpec } from '../../model/component.ts'
import { type Fact, observed, type Source } from '../../model/evidence.ts'
import { isRecord } from '../text/document.ts'

const truths: Readonly<Record<string, boolean>> = {
  '1': true,
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  '0': false,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
}

/** A setting's raw value: text of flags and variables, anything from files. A value of the wrong type stays text. */
export function typedFact(setting: SettingSpec, raw: unknown, source: Source): Fact {
  switch (setting.type) {
    case 'boolean':
      return observed(booleanOf(raw) ?? plainText(raw), source)
    case 'integer':
      return observed(integerOf(raw) ?? plainText(raw), source)
    case 'list':
      return observed(
        listOf(raw).map((item) => observed(item, source)),
        source,
      )
    case 'map':
      return observed(
        [...mapOf(raw)].map(([key, value]) => observed(`${key}=${spelledAs(setting, value)}`, source)),
        source,
      )
    case 'string':
    case 'duration':
    case 'path':
      return observed(setting.type === 'path' ? withoutScheme(plainText(raw)) : plainText(raw), source)
    default:
      return setting.type satisfies never
  }
}

/** Feature gates take every spelling of a boolean Go knows (component-base featuregate, strconv.ParseBool). */
function spelledAs({ name }: SettingSpec, value: string): string {
  return name === 'feature-gates' ? String(booleanOf(value) ?? value) : value
}

function booleanOf(raw: unknown): boolean | undefined {
  if (typeof raw === 'boolean') return raw
  return typeof raw === 'string' && Object.hasOwn(truths, raw) ? truths[raw] : undefined
}

function integerOf(raw: unknown): number | undefined {
  if (typeof raw === 'number') return raw
  return typeof raw === 'string' && /^[+-]?\d+$/.test(raw) ? Number(raw) : undefined
}

/** Text of a value for people and for text settings. */
export function plainText(raw: unknown): string {
  return typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? '')
}

function withoutScheme(path: string): string {
  return path.replace(/^unix:\/\//, '')
}

/** Items of a list: comma separated on a command line, a sequence in a file. */
export function listOf(raw: unknown): readonly string[] {
  if (Array.isArray(raw)) return raw.map(plainText)
  if (raw === null || raw === undefined || raw === '') return []
  return plainText(raw)
    .split(',')
    .map((item) => item.trim())
}

/** Pairs of a map: `a=b,c=d` on a command line, a mapping in a file. */
export function mapOf(raw: unknown): ReadonlyMap<string, string> {
  if (isRecord(raw)) return new Map(Object.entries(raw).map(([key, value]) => [key, plainText(value)]))
  const pairs = listOf(raw).map((pair) => {
    const at = pair.indexOf('=')
    return at < 0
      ? ([pair, 'true'] as const)
      : ([pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const)
  })
  return new Map(pairs)
}

/** True for what a component takes as "not given": an empty string, list or mapping, or null. */
export function isEmptyValue(raw: unknown): boolean {
  if (raw === null || raw === undefined || raw === '') return true
  if (Array.isArray(raw)) return raw.length === 0
  return isRecord(raw) && Object.keys(raw).length === 0
}

/** True for Go's zero of a number or duration: 0, `0s`, `0h0m0s`. */
export function isZero(raw: unknown): boolean {
  if (typeof raw === 'number') return raw === 0
  return typeof raw === 'string' && /^(?:0+(?:\.0+)?(?:ns|us|µs|ms|s|m|h)?)+$/.test(raw)
}
