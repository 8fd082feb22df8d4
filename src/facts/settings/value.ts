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

const goDuration = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/

function isTexts(values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string')
}

/**
 * What a setting takes in a configuration file, when this is something else: a component that decodes JSON types as
 * they are refuses the whole file, and a text is no boolean or number to it (apimachinery serializer/json, strict and
 * lenient alike; metav1.Duration UnmarshalJSON). `isLoose`: numbers and booleans count as text (sigs.k8s.io/yaml).
 */
export function refusal(setting: SettingSpec, raw: unknown, isLoose: boolean): string | undefined {
  if (raw === null || raw === undefined) return undefined
  const unless = (isTaken: boolean, wanted: string): string | undefined => (isTaken ? undefined : wanted)
  switch (setting.type) {
    case 'boolean':
      return unless(typeof raw === 'boolean', 'true or false without quotes')
    case 'integer':
      return unless(typeof raw === 'number' && Number.isInteger(raw), 'a whole number without quotes')
    case 'string':
    case 'path':
      return unless(isLoose || typeof raw === 'string', 'text')
    case 'duration':
      return unless(isLoose || (typeof raw === 'string' && goDuration.test(raw)), 'a duration like "4h0m0s"')
    case 'list':
      return unless(isLoose || (Array.isArray(raw) && isTexts(raw)), 'a list of texts')
    case 'map':
      return unless(isLoose || (isRecord(raw) && isPairs(setting, Object.values(raw))), mapWords(setting))
    default:
      return setting.type satisfies never
  }
}

function isPairs({ name }: SettingSpec, values: readonly unknown[]): boolean {
  return name === 'feature-gates' ? values.every((value) => typeof value === 'boolean') : isTexts(values)
}

function mapWords({ name }: SettingSpec): string {
  return name === 'feature-gates' ? 'names with true or false without quotes' : 'names with texts'
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
