import type { FactRequest } from '../model/check.ts'
import type { ComponentSpec } from '../model/component.ts'
import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../model/evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { fileRecordFields, listOf, ownerProbes } from './files/file-record.ts'
import { probesFor } from './files/probes-for.ts'
import type { SettingFile } from './files/setting-files.ts'
import { settingFiles, usedFileRecord } from './files/setting-files.ts'
import { filesIn, unitSettingFiles } from './files/unit-paths.ts'
import type { ComponentState } from './settings/component-state.ts'
import { podsOf } from './settings/configured.ts'
import type { EffectiveSettings } from './settings/effective.ts'
import { effectiveSettings, manifestDirectories } from './settings/of-node.ts'
import { componentFaults, componentProbes, specOf } from './settings/probes.ts'
import { isThroughApi } from './through-api/node-object.ts'

type Found = readonly Evidence<SettingFile>[]
type Gap = Extract<Evidence<never>, { kind: 'unavailable' }>

/** Names of the setting that holds a component's data, in the components that have one. */
const dataSettings = ['data-dir', 'root-dir', 'root']

const groups = ['static-pod-manifest', 'unit', 'environment-file', 'configuration', 'data-directory'] as const

function manifests(node: NodeContext, state: ComponentState): Found {
  if (state.startedAs.kind !== 'observed') return [state.startedAs]
  if (state.startedAs.fact !== 'static-pod') return [absent(state.startedAs.source, 'it is not a static pod')]
  const pods = podsOf(node.view, state.spec, manifestDirectories(node))
  return pods.map(({ pod, source }) => observed({ path: pod.path, source }, source))
}

function unitPaths(node: NodeContext, state: ComponentState, which: 'unit' | 'environment-file'): Found {
  if (state.startedAs.kind !== 'observed') return [state.startedAs]
  if (state.startedAs.fact !== 'unit') return [absent(state.startedAs.source, 'no unit of its own starts it')]
  const own = state.unit === undefined ? [] : [state.unit.name]
  return unitSettingFiles(node.view, [...new Set([...own, ...state.spec.units])], which)
}

/** The main file, drop-ins, and whatever else was merged into the configuration (containerd's imports). */
function configurationFiles(node: NodeContext, settings: EffectiveSettings): Found {
  const { spec, source } = settings.state
  const about = spec.configuration
  if (about === undefined) return [absent(source, 'it has no configuration file')]
  const main = settingFiles(node, spec.id, about.setting)
  const suffix = about.dropInSuffix === '*' ? '' : (about.dropInSuffix ?? '.conf')
  const directories =
    about.dropInSetting === undefined ? [] : settingFiles(node, spec.id, about.dropInSetting)
  const dropIns = directories.flatMap((directory) =>
    directory.kind === 'observed' ? filesIn(node.view, directory.fact, suffix) : [directory],
  )
  const merged = settings.configurationFiles
    .filter((path) => !path.startsWith('/proc/'))
    .map((path) => observed({ path, source }, source))
  return [...main, ...dropIns, ...merged]
}

function filesOf(node: NodeContext, settings: EffectiveSettings, which: string): Found {
  const { state } = settings
  switch (which) {
    case 'static-pod-manifest':
      return manifests(node, state)
    case 'unit':
    case 'environment-file':
      return unitPaths(node, state, which)
    case 'configuration':
      return configurationFiles(node, settings)
    case 'data-directory': {
      const setting = state.spec.settings.find(({ name }) => dataSettings.includes(name))
      return setting === undefined ? [] : settingFiles(node, state.spec.id, setting.name)
    }
    default:
      return settingFiles(node, state.spec.id, which)
  }
}

/** The API shows no file, whether or not it shows where the file is: no right of its user helps. */
function gapOf(node: NodeContext, gap: Gap): Fact {
  if (!isThroughApi(node.view) || gap.reason === 'not-shown') return gap
  return unavailable('not-shown', gap.source, 'files are seen on the node only')
}

/** One record a file: a path named twice counts once; gaps stay, absent entries do not. */
function recordsOf(node: NodeContext, found: Found): readonly Fact[] {
  const records = new Map<string, Fact>()
  for (const [index, one] of found.entries()) {
    if (one.kind === 'unavailable') records.set(`${index}`, gapOf(node, one))
    if (one.kind === 'observed' && !records.has(one.fact.path))
      records.set(one.fact.path, usedFileRecord(node, one.fact))
  }
  return [...records.values()]
}

/** Paths that hold when the setting is not given: nothing on the node names them. */
function defaultProbes(request: FactRequest, spec: ComponentSpec): readonly Probe[] {
  const { which } = request
  const isMeant = (name: string): boolean =>
    which === 'data-directory' ? dataSettings.includes(name) : name === which
  const defaults = spec.settings.filter(({ name }) => isMeant(name)).flatMap((setting) => setting.defaults)
  return defaults.flatMap(({ value }) =>
    typeof value === 'string' && value.startsWith('/')
      ? [{ kind: 'path', path: value, holds: 'file' } as const]
      : [],
  )
}

function whichFaults(request: FactRequest, spec: ComponentSpec | undefined): readonly string[] {
  const which = request['which']
  if (spec === undefined || groups.some((group) => group === which)) return []
  const paths = spec.settings.filter((setting) => setting.holds !== undefined).map((setting) => setting.name)
  if (typeof which === 'string' && paths.includes(which)) return []
  return [`"which" is neither one of ${groups.join(', ')} nor a path setting of ${spec.id}: ${String(which)}`]
}

/** Files a component is started from and was told to use: where they are, their mode and owner. */
export const componentFiles: FactKind = {
  kind: 'component-files',
  title: 'Mode and owner of the files a component is started from and uses',
  parameters: {
    of: { means: 'component id, e.g. kubelet' },
    which: { means: `${groups.join(', ')}, or the name of a path setting, e.g. kubeconfig` },
  },
  fields: () => fileRecordFields,
  faults: (request, { components }) => [
    ...componentFaults(request, components),
    ...whichFaults(request, specOf(request, components)),
  ],
  probes: (request, { components }) => {
    const spec = specOf(request, components)
    if (spec === undefined) return []
    // The kubelet says where static pods come from.
    const kubelet = spec.staticPod === undefined ? [] : probesFor({ components }, ['kubelet'])
    return [...componentProbes(spec), ...kubelet, ...defaultProbes(request, spec), ...ownerProbes]
  },
  derive: (request, node) => {
    const settings = effectiveSettings(node, String(request['of']))
    if (settings.kind !== 'observed') return settings
    const found = filesOf(node, settings.fact, String(request['which']))
    const source = joinSources(settings.source, ...found.map((one) => one.source))
    const detail = found.find((one) => one.kind === 'absent')?.detail
    return listOf(recordsOf(node, found), source, detail ?? 'it uses no such file')
  },
}
