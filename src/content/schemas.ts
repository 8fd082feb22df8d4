import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Distribution } from '../model/distribution.ts'
import type { Fault } from './faults.ts'
import type {
  RawBenchmarkFile,
  RawCheck,
  RawComponent,
  RawConfig,
  RawProfile,
  RawTailoring,
  RawWaiver,
} from './raw.ts'
import { schemaFaults } from './schema-faults.ts'
import type { YamlSource } from './yaml-source.ts'

/** A validated file: its value in the shape of its schema, and where everything stands. */
export interface Validated<T> {
  readonly source: YamlSource
  readonly value: T
}

/** A validated file and its place: the path below its root. */
export interface Placed<T> {
  readonly path: string
  readonly file: Validated<T>
}

/** Validates one file; its faults are collected, and then there is no value. */
export type Validate<T> = (source: YamlSource, faults: Fault[]) => Validated<T> | null

// The published schema is the one that validates: there is no second list of keys to keep in step.
// It is compiled at its first file, so that a run on built-in content pays nothing.
function validator<T>(kind: string): Validate<T> {
  let compiled: ValidateFunction<T> | undefined
  return (source, faults) => {
    compiled ??= compile<T>(kind)
    const { value } = source
    if (compiled(value)) return { source, value }
    faults.push(...schemaFaults(source, compiled.errors))
    return null
  }
}

function compile<T>(kind: string): ValidateFunction<T> {
  const text = readFileSync(new URL(`../../reports/schemas/${kind}-v1.json`, import.meta.url), 'utf8')
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
  })
  return ajv.compile<T>(JSON.parse(text))
}

/** One validator per kind of file that people write. */
export const validate = {
  check: validator<RawCheck>('check'),
  benchmark: validator<RawBenchmarkFile>('benchmark'),
  profile: validator<RawProfile>('profile'),
  component: validator<RawComponent>('component'),
  distribution: validator<Distribution>('distribution'),
  waivers: validator<readonly RawWaiver[]>('waivers'),
  config: validator<RawConfig>('config'),
  tailoring: validator<RawTailoring>('tailoring'),
}
