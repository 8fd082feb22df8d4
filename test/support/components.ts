import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { ComponentSpec, SettingSpec } from '../../src/model/component.ts'

const folder = new URL('../../benchmarks/components/', import.meta.url)

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel)
  if (typeof value !== 'object' || value === null) return value
  const rename = (key: string) => key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [rename(key), camel(below)]))
}

function withUsualValues(setting: Partial<SettingSpec>): SettingSpec {
  const repeats = setting.type === 'list' ? 'append' : setting.type === 'map' ? 'merge' : 'last'
  return { flags: [], repeats, defaults: [], ...setting } as SettingSpec
}

/** Component descriptions as shipped, read without the validating loader. */
export function shippedComponents(): ReadonlyMap<string, ComponentSpec> {
  const specs = readdirSync(folder).map((file) => {
    const spec = camel(parse(readFileSync(new URL(file, folder), 'utf8'))) as ComponentSpec
    return { ...spec, settings: spec.settings.map(withUsualValues) }
  })
  return new Map(specs.map((spec) => [spec.id, spec]))
}

/** A shipped description that must be there. */
export function shipped(id: string): ComponentSpec {
  const spec = shippedComponents().get(id)
  if (spec === undefined) throw new Error(`no component ${id}`)
  return spec
}
