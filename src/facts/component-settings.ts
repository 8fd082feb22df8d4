import type { ComponentSpec, SettingSpec } from '../model/component.ts'
import {
  absent,
  type Fact,
  type FactRecord,
  isFactRecord,
  noSource,
  observed,
  unavailable,
} from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { defaultFact } from './settings/defaults.ts'
import { settingsFact } from './settings/effective.ts'
import { effectiveSettings } from './settings/of-node.ts'
import { componentFaults, requestProbes, specOf } from './settings/probes.ts'

/** The settings of a component as they are in force, each with where it was set. */
export const componentSettings: FactKind = {
  kind: 'component-settings',
  title: 'Settings of a component in force: from its process, files, environment and defaults',
  parameters: {
    of: { means: 'component id, e.g. kube-apiserver' },
    defaults: { means: '`ignore`: only what somebody set, a default counts as absent', optional: true },
  },
  fields: (request, { components }) =>
    specOf(request, components)?.settings.map((setting) => setting.name) ?? [],
  faults: (request, { components }) => [
    ...componentFaults(request, components),
    ...(request['defaults'] === undefined || request['defaults'] === 'ignore'
      ? []
      : ['defaults takes ignore, or is left out']),
  ],
  probes: (request, { components }) => requestProbes(request, components),
  derive: (request, node) => {
    const settings = effectiveSettings(node, String(request['of']))
    if (settings.kind !== 'observed') return settings
    return request['defaults'] === 'ignore'
      ? observed(withoutDefaults(settings.fact.values), settings.source)
      : settingsFact(settings.fact)
  },
  // biome-ignore lint/complexity/useMaxParams: the four are FactKind's.
  complete: (request, given, { components }, example) => {
    const spec = specOf(request, components)
    if (spec === undefined || given.kind !== 'observed' || !isFactRecord(given.fact)) return given
    const whenUnset = (setting: SettingSpec): Fact =>
      request['defaults'] === 'ignore'
        ? absent(noSource)
        : defaultFact(setting, exampleContext(spec, example))
    const defaults = spec.settings.map((setting) => [setting.name, whenUnset(setting)] as const)
    const record: FactRecord = { ...Object.fromEntries(defaults), ...given.fact }
    return observed(record, given.source)
  },
}

/** What somebody set. A value that could not be read stays unavailable: it may have been set. */
function withoutDefaults(values: FactRecord): FactRecord {
  const set = Object.entries(values).map(([name, value]) => [
    name,
    // A default is in force, but nobody set it.
    isDefault(value) ? absent(value.source) : value,
  ])
  return Object.fromEntries(set)
}

function isDefault(value: Fact): boolean {
  if (value.kind === 'unavailable') return value.reason === 'version-unknown'
  return (
    value.kind === 'observed' &&
    value.source.at.length > 0 &&
    value.source.at.every(({ kind }) => kind === 'default')
  )
}

/** Version and mode an example takes its defaults for; the first mode when it names none. */
function exampleContext(spec: ComponentSpec, example: { readonly version?: string; readonly mode?: string }) {
  const [firstMode] = spec.modes
  const mode = example.mode ?? firstMode
  return {
    spec,
    version:
      example.version === undefined
        ? unavailable('version-unknown', noSource)
        : observed(example.version.replace(/^v/, ''), noSource),
    mode: mode === undefined ? absent(noSource) : observed(mode, noSource),
  }
}
