import type { ComponentSpec, SettingDefault, SettingSpec } from '../../model/component.ts'
import { absent, type Evidence, type Fact, type Source, unavailable } from '../../model/evidence.ts'
import { typedFact } from './value.ts'
import { isInRange } from './version.ts'

/** What decides which default holds. */
export interface DefaultContext {
  readonly spec: ComponentSpec
  readonly version: Evidence<string>
  /** Absent for components whose defaults do not depend on the start mode. */
  readonly mode: Evidence<string>
}

type Choice = Evidence<SettingDefault>

function sameValues(rows: readonly SettingDefault[]): boolean {
  return new Set(rows.map((row) => JSON.stringify(row.value))).size === 1
}

/** The default in force. No row, or rows that differ where version or mode is not known: unavailable, never a guess. */
export function defaultFor(setting: SettingSpec, context: DefaultContext): Choice {
  const { spec, version, mode } = context
  const source: Source = { items: [...version.source.items], at: [] }
  if (setting.defaults.length === 0)
    return unavailable('version-unknown', source, `no default of ${spec.id} ${setting.name} is recorded`)
  const modes = setting.defaults.filter(
    (row) => row.mode === undefined || mode.kind !== 'observed' || row.mode === mode.fact,
  )
  if (mode.kind === 'unavailable' && !sameValues(modes))
    return unavailable(
      mode.reason,
      mode.source,
      `the default of ${setting.name} depends on how ${spec.id} is started`,
    )
  if (version.kind === 'observed') {
    const row = modes.find((one) => one.versions === undefined || isInRange(version.fact, one.versions))
    if (row !== undefined) return { kind: 'observed', fact: row, source }
    return unavailable(
      'version-unknown',
      source,
      `no default of ${setting.name} is recorded for ${spec.id} ${version.fact}`,
    )
  }
  const everywhere = modes.find((row) => row.versions === undefined)
  if (everywhere !== undefined && sameValues(modes)) return { kind: 'observed', fact: everywhere, source }
  return unavailable(
    'version-unknown',
    source,
    `the default of ${setting.name} depends on the version of ${spec.id}`,
  )
}

/** The typed default with its provenance; absent when unset means off or empty. */
export function defaultFact(setting: SettingSpec, context: DefaultContext): Fact {
  const { spec, version, mode } = context
  if (
    version.kind === 'observed' &&
    setting.versions !== undefined &&
    !isInRange(version.fact, setting.versions)
  )
    return absent(
      { items: version.source.items, at: [] },
      `${spec.id} ${version.fact} has no ${setting.name}`,
    )
  const choice = defaultFor(setting, context)
  if (choice.kind !== 'observed') return choice
  const release = version.kind === 'observed' ? ` ${version.fact.split('.').slice(0, 2).join('.')}` : ''
  const how =
    choice.fact.mode === undefined || mode.kind !== 'observed'
      ? ''
      : ` (started with ${modeWords(mode.fact)})`
  const source: Source = {
    items: choice.source.items,
    at: [{ kind: 'default', at: `${spec.id}${release}${how}` }],
  }
  if (choice.fact.value === null) return absent(source, 'not set, and off or empty by default')
  return typedFact(setting, choice.fact.value, source)
}

function modeWords(mode: string): string {
  return mode === 'config' ? 'a configuration file' : 'flags only'
}
