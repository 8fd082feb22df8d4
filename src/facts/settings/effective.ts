import type { ComponentSpec, SettingSpec } from '../../model/component.ts'
import {
  absent,
  type Drift,
  type Evidence,
  type Fact,
  type FactRecord,
  joinSources,
  observed,
  type Provenance,
  type Source,
} from '../../model/evidence.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import { findPlaced, type Placed, plainValue } from '../text/placed.ts'
import { type CommandLine, type FlagUse, usesOf } from './command-line.ts'
import type { ComponentState } from './component-state.ts'
import { type ConfigurationLayer, readConfiguration } from './configuration.ts'
import { defaultFact, defaultFor } from './defaults.ts'
import { diskDrift, fileDrift } from './drift.ts'
import { environmentOf } from './environment.ts'
import type { Environment } from './environment-value.ts'
import { isEmptyValue, isZero, listOf, mapOf, typedFact } from './value.ts'

/** Every setting of a component as it is in force, with its place, and where disk and process disagree. */
export interface EffectiveSettings {
  readonly state: ComponentState
  /** One entry per setting of the component's description. */
  readonly values: { readonly [name: string]: Fact }
  /** By setting name. */
  readonly drift: ReadonlyMap<string, Drift>
  /** Host paths of the configuration files in use, main file first; empty when none is. */
  readonly configurationFiles: readonly string[]
  /** What those files say, merged; undefined when none was read. */
  readonly configured: Placed | undefined
}

/** What a setting was set with; `default` when nobody set it. */
type Origin = 'flag' | 'file' | 'environment' | 'default'

/** A value as it was given, before defaults. */
interface Given {
  readonly raw: unknown
  readonly origin: Origin
  readonly source: Source
}

/** What the layers say of one setting: a value, nothing, or that a layer that counts could not be read. */
type Answer =
  | { readonly kind: 'given'; readonly given: Given }
  | { readonly kind: 'unset' }
  | Exclude<Evidence<never>, { kind: 'observed' }>

interface Layers {
  readonly view: NodeView
  readonly state: ComponentState
  readonly environment: Environment
  readonly configuration: ConfigurationLayer
}

/** The same once it is known what the component was started with. */
interface Started extends Layers {
  readonly line: CommandLine
}

const unset: Answer = { kind: 'unset' }

function layersOf(view: NodeView, state: ComponentState): Layers {
  const environment: Environment = state.spec.readsEnvironment ? environmentOf(state) : absent(state.source)
  return { view, state, environment, configuration: readConfiguration(view, state, environment) }
}

/** What every setting was set with, as a record; absent where nobody set it and it has no default. */
export function originsOf(view: NodeView, state: ComponentState): FactRecord {
  const layers = layersOf(view, state)
  const origins = state.spec.settings.map((setting) => [setting.name, originOf(setting, layers)] as const)
  return Object.fromEntries(origins)
}

function originOf(setting: SettingSpec, layers: Layers): Evidence<Origin> {
  const { state } = layers
  if (state.commandLine.kind !== 'observed') return state.commandLine
  const answer = answerFor(setting, { ...layers, line: state.commandLine.fact })
  if (answer.kind === 'given') return observed(answer.given.origin, answer.given.source)
  if (answer.kind !== 'unset') return answer
  const value = resolve(setting, layers)
  return value.kind === 'absent' ? value : observed('default', value.source)
}

/** Resolves every setting of a component on one node. */
export function settingsOf(view: NodeView, state: ComponentState): EffectiveSettings {
  const layers = layersOf(view, state)
  const { configuration } = layers
  const values: Record<string, Fact> = {}
  const drift = new Map<string, Drift>()
  const onDisk = diskDrift(view, state)
  for (const setting of state.spec.settings) {
    const value = resolve(setting, layers)
    const fromFile = setting.key !== undefined && configuration.kind === 'read' && !isFromProcess(value)
    const changed = fromFile ? fileDrift(view, state, configuration.configuration.files) : undefined
    const disagreement = onDisk.get(setting.name)
    values[setting.name] = disagreement === undefined ? value : withPlace(value, disagreement.at)
    const says = disagreement?.sentence ?? changed
    if (says !== undefined) drift.set(setting.name, { says, isUnsure: disagreement === undefined })
  }
  const files = configuration.kind === 'read' ? configuration.configuration.files : []
  const configured = configuration.kind === 'read' ? configuration.configuration.tree : undefined
  return { state, values, drift, configurationFiles: files, configured }
}

function isFromProcess(value: Fact): boolean {
  const kinds = ['process-argument', 'environment', 'command']
  return value.source.at.some((place) => kinds.includes(place.kind))
}

function withPlace(value: Fact, at: Provenance): Fact {
  return { ...value, source: joinSources(value.source, { items: [], at: [at] }) }
}

function resolve(setting: SettingSpec, layers: Layers): Fact {
  const { state } = layers
  if (state.commandLine.kind !== 'observed') return state.commandLine
  const answer = answerFor(setting, { ...layers, line: state.commandLine.fact })
  const context = { spec: state.spec, version: state.version, mode: state.mode }
  if (answer.kind === 'absent' || answer.kind === 'unavailable') return answer
  if (answer.kind === 'unset') {
    const fallback = defaultFact(setting, context)
    return { ...fallback, source: joinSources(fallback.source, { items: inputsOf(setting, layers), at: [] }) }
  }
  const { raw, source } = answer.given
  if (isEmptyValue(raw) && setting.type !== 'boolean' && setting.type !== 'integer') {
    const fallback = defaultFor(setting, context)
    if (fallback.kind === 'observed' && fallback.fact.value === null) return absent(source, 'set to nothing')
  }
  return typedFact(setting, raw, source)
}

/** Raw items an unset answer rests on: the process or files that do not set it. */
function inputsOf(setting: SettingSpec, { state, configuration }: Layers): readonly string[] {
  const files =
    setting.key !== undefined && configuration.kind === 'read' ? configuration.configuration.source.items : []
  return [...state.source.items, ...files]
}

function answerFor(setting: SettingSpec, layers: Started): Answer {
  const precedence = layers.state.spec.configuration?.precedence
  const hasFile = layers.configuration.kind !== 'none'
  if (!hasFile || precedence === undefined)
    return firstOf(fromFlags(setting, layers), () => fromEnvironment(setting, layers))
  switch (precedence) {
    case 'file-only':
      return isPathToFile(setting, layers.state.spec)
        ? fromCommand(setting, layers)
        : fromFile(setting, layers)
    case 'file-over-flags':
      if (setting.key === undefined) return fromFlags(setting, layers)
      return isKept(setting, layers.state.spec) ? flagsThenFile(setting, layers) : fromFile(setting, layers)
    case 'flags-over-file':
      return flagsThenFile(setting, layers)
    default:
      return precedence satisfies never
  }
}

function isPathToFile(setting: SettingSpec, spec: ComponentSpec): boolean {
  return setting.name === spec.configuration?.setting
}

function isKept(setting: SettingSpec, spec: ComponentSpec): boolean {
  return setting.flags.some((flag) => spec.configuration?.flagsKept?.includes(flag) === true)
}

function fromCommand(setting: SettingSpec, layers: Started): Answer {
  return firstOf(fromFlags(setting, layers), () => fromEnvironment(setting, layers))
}

function firstOf(first: Answer, second: () => Answer): Answer {
  return first.kind === 'unset' ? second() : first
}

function flagsThenFile(setting: SettingSpec, layers: Started): Answer {
  const flags = firstOf(fromFlags(setting, layers), () => fromEnvironment(setting, layers))
  if (setting.repeats !== 'merge') return firstOf(flags, () => fromFile(setting, layers))
  const file = fromFile(setting, layers)
  if (file.kind === 'absent' || file.kind === 'unavailable' || flags.kind === 'unset') return file
  if (flags.kind !== 'given' || file.kind === 'unset') return flags
  const raw = Object.fromEntries([...mapOf(file.given.raw), ...mapOf(flags.given.raw)])
  const source = joinSources(flags.given.source, file.given.source)
  return { kind: 'given', given: { raw, origin: flags.given.origin, source } }
}

function fromFlags(setting: SettingSpec, { state, line }: Started): Answer {
  const uses = usesOf(line, setting)
  const last = uses.at(-1)
  if (last === undefined) return unset
  const counted = setting.repeats === 'last' ? [last] : uses
  const raw = mergeUses(setting, counted)
  return { kind: 'given', given: { raw, origin: 'flag', source: usesSource(state, counted) } }
}

function mergeUses(setting: SettingSpec, uses: readonly FlagUse[]): unknown {
  switch (setting.repeats) {
    case 'last':
      return uses.at(-1)?.value
    case 'append':
      return uses.flatMap((use) => listOf(use.value))
    case 'merge':
      return Object.fromEntries(uses.flatMap((use) => [...mapOf(use.value)]))
    default:
      return setting.repeats satisfies never
  }
}

function usesSource(state: ComponentState, uses: readonly FlagUse[]): Source {
  const at = uses.map((use) => use.at).filter((place) => place !== undefined)
  return joinSources({ items: state.source.items, at: [] }, { items: [], at })
}

function fromEnvironment(setting: SettingSpec, { state, environment }: Layers): Answer {
  if (!state.spec.readsEnvironment || setting.env === undefined || environment.kind === 'absent') return unset
  if (environment.kind === 'unavailable') return environment
  const found = environment.fact.get(setting.env)
  if (found === undefined || found.value === '') return unset
  const source: Source = { items: environment.source.items, at: [found.at] }
  return { kind: 'given', given: { raw: found.value, origin: 'environment', source } }
}

function fromFile(setting: SettingSpec, { configuration }: Layers): Answer {
  if (setting.key === undefined || configuration.kind === 'none') return unset
  if (configuration.kind === 'unread') return configuration.evidence
  const found = keyIn(configuration.configuration.tree, setting.key)
  if (found === undefined || (found.kind === 'leaf' && found.value === null)) return unset
  const raw = plainValue(found)
  if (setting.zeroMeansDefault === true && (isZero(raw) || raw === '')) return unset
  const source: Source = { items: configuration.configuration.source.items, at: [found.place] }
  return { kind: 'given', given: { raw, origin: 'file', source } }
}

function keyIn(tree: Placed, key: string): Placed | undefined {
  return findPlaced(tree, key.split('.'))
}

/** The settings as one fact: a record with a field per setting. */
export function settingsFact(settings: EffectiveSettings): Fact {
  return observed(settings.values, settings.state.source)
}
