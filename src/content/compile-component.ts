import type { ComponentSpec, SettingDefault, SettingSpec } from '../model/component.ts'
import { suggest } from '../model/nearest.ts'
import type { Fault } from './faults.ts'
import type { RawComponent, RawSetting } from './raw.ts'
import type { Placed, Validated } from './schemas.ts'
import type { YamlPath } from './yaml-source.ts'

/** One component file to the model. */
export function compileComponent({ path, file }: Placed<RawComponent>, faults: Fault[]): ComponentSpec {
  const { value: raw } = file
  faults.push(...placeFaults(file, path), ...configurationFaults(file))
  faults.push(...raw.settings.flatMap((setting, index) => settingFaults(file, setting, index)))
  const { configuration, 'static-pod': staticPod } = raw
  return {
    id: raw.id,
    title: raw.title,
    binaries: raw.binaries,
    units: raw.units,
    ...(staticPod === undefined ? {} : { staticPod }),
    ...(configuration === undefined ? {} : { configuration: compileConfiguration(configuration) }),
    readsEnvironment: raw['reads-environment'],
    modes: raw.modes,
    settings: raw.settings.map(compileSetting),
  }
}

function compileConfiguration(
  raw: NonNullable<RawComponent['configuration']>,
): NonNullable<ComponentSpec['configuration']> {
  const {
    'drop-in-setting': dropInSetting,
    'flags-kept': flagsKept,
    'default-path': defaultPath,
    'drop-in-default-path': dropInDefaultPath,
    'drop-in-suffix': dropInSuffix,
    ...plain
  } = raw
  return {
    ...plain,
    ...(dropInSetting === undefined ? {} : { dropInSetting }),
    ...(flagsKept === undefined ? {} : { flagsKept }),
    ...(defaultPath === undefined ? {} : { defaultPath }),
    ...(dropInDefaultPath === undefined ? {} : { dropInDefaultPath }),
    ...(dropInSuffix === undefined ? {} : { dropInSuffix }),
  }
}

function compileSetting(raw: RawSetting): SettingSpec {
  const { 'zero-means-default': zeroMeansDefault, flags, repeats, defaults, ...plain } = raw
  return {
    ...plain,
    flags: flags ?? [],
    repeats: repeats ?? usualRepeats(raw.type),
    ...(zeroMeansDefault === undefined ? {} : { zeroMeansDefault }),
    defaults: defaults ?? [],
  }
}

function usualRepeats(type: RawSetting['type']): SettingSpec['repeats'] {
  if (type === 'list') return 'append'
  return type === 'map' ? 'merge' : 'last'
}

function placeFaults({ source, value: raw }: Validated<RawComponent>, path: string): readonly Fault[] {
  const wanted = `benchmarks/components/${raw.id}.yaml`
  return path === wanted
    ? []
    : [
        source.fault(
          { path: ['id'] },
          `component "${raw.id}" stands in ${path}`,
          `Move it to ${wanted}, or correct the id.`,
        ),
      ]
}

function configurationFaults({ source, value: raw }: Validated<RawComponent>): readonly Fault[] {
  const { configuration } = raw
  if (configuration === undefined) return []
  const names = raw.settings.map((setting) => setting.name)
  const flags = raw.settings.flatMap((setting) => setting.flags ?? [])
  const unknown = (word: string, path: YamlPath, known: readonly string[]): readonly Fault[] =>
    known.includes(word)
      ? []
      : [
          source.fault(
            { path: ['configuration', ...path] },
            `"${word}" is no setting of ${raw.id}`,
            suggest(word, known),
          ),
        ]
  const dropIn = configuration['drop-in-setting']
  const kept = configuration['flags-kept'] ?? []
  return [
    ...unknown(configuration.setting, ['setting'], names),
    ...(dropIn === undefined ? [] : unknown(dropIn, ['drop-in-setting'], names)),
    ...kept.flatMap((flag, index) => unknown(flag, ['flags-kept', index], [...flags, ...names])),
  ]
}

function settingFaults(
  { source, value: raw }: Validated<RawComponent>,
  setting: RawSetting,
  index: number,
): readonly Fault[] {
  const at = ['settings', index]
  const faults: Fault[] = []
  if (raw.settings.findIndex(({ name }) => name === setting.name) !== index)
    faults.push(
      source.fault(
        { path: [...at, 'name'] },
        `setting "${setting.name}" is described twice`,
        'Keep one of the two.',
      ),
    )
  if ((setting.flags ?? []).length === 0 && setting.key === undefined && setting.env === undefined)
    faults.push(
      source.fault(
        { path: at },
        `setting "${setting.name}" has no flag, key or environment variable`,
        'Say where it is set.',
      ),
    )
  if (setting.type === 'path' && setting.holds === undefined)
    faults.push(
      source.fault(
        { path: at },
        `path setting "${setting.name}" does not say what the path holds`,
        'Add holds, e.g. holds: certificate.',
      ),
    )
  for (const [position, { mode, value }] of (setting.defaults ?? []).entries()) {
    const place = [...at, 'defaults', position]
    if (mode !== undefined && !raw.modes.includes(mode))
      faults.push(
        source.fault(
          { path: [...place, 'mode'] },
          `unknown mode "${mode}" of ${raw.id}`,
          suggest(mode, raw.modes),
        ),
      )
    if (!fitsType(value, setting.type))
      faults.push(
        source.fault(
          { path: [...place, 'value'] },
          `the default of ${setting.type} setting "${setting.name}" is ${JSON.stringify(value)}`,
          `Write ${valueForms[setting.type]}, or null for unset.`,
        ),
      )
  }
  return faults
}

const valueForms: { readonly [type in RawSetting['type']]: string } = {
  string: 'text',
  path: 'text',
  duration: 'a duration like "4h0m0s"',
  boolean: 'true or false',
  integer: 'a whole number',
  list: 'a list of texts',
  map: 'a list of "key=value" texts',
}

function fitsType(value: SettingDefault['value'], type: RawSetting['type']): boolean {
  if (value === null) return true
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return Number.isInteger(value)
    case 'list':
    case 'map':
      return Array.isArray(value)
    case 'string':
    case 'path':
      return typeof value === 'string'
    case 'duration':
      return typeof value === 'string' && /^(?:0|(?:[0-9]+(?:\.[0-9]+)?(?:ns|us|µs|ms|s|m|h))+)$/.test(value)
    default:
      return type satisfies never
  }
}
