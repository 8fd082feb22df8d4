import { absent, type Evidence, observed } from '../../model/evidence.ts'
import type { EffectiveSettings } from '../settings/effective.ts'

/** The component's main configuration file as it was read. Absent: it has none. Unavailable: nobody could read it. */
export function mainFile(settings: EffectiveSettings): Evidence<string> {
  const [path] = settings.configurationFiles
  return path === undefined ? noFile(settings) : observed(path, settings.state.source)
}

/** Why no configuration was read: there is none, or it could not be. */
export function noFile({ state, values }: EffectiveSettings): Evidence<never> {
  for (const { name, key } of state.spec.settings) {
    const value = key === undefined ? undefined : values[name]
    if (value?.kind === 'unavailable' && value.reason !== 'version-unknown') return value
  }
  return absent(state.source, `${state.spec.id} has no configuration file`)
}
