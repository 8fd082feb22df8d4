import type { SettingSpec } from '../../model/component.ts'
import { type Evidence, type Fact, observed, type Source, unavailable } from '../../model/evidence.ts'
import type { NodeView, RawAnswer } from '../../model/node-evidence.ts'
import { textAt } from '../cluster/json.ts'
import { sourceOf } from '../files/raw-source.ts'
import { usesOf } from '../settings/command-line.ts'
import type { ComponentState } from '../settings/component-state.ts'
import { defaultFact } from '../settings/defaults.ts'
import { type EffectiveSettings, settingsOf } from '../settings/effective.ts'
import { isEmptyValue, isZero, typedFact } from '../settings/value.ts'
import { isRecord, lookUp } from '../text/document.ts'
import { kubeletAnswer } from './node-object.ts'
import { isOfServingPair, notWrittenByItself } from './serving-pair.ts'

/** Settings in force as the API shows them: a kubelet’s own answer, the arguments of static pods. */
export function shownSettings(view: NodeView, state: ComponentState): Evidence<EffectiveSettings> {
  if (state.spec.id !== 'kubelet') return observed(ofControlPlane(view, state), state.source)
  const values = Object.fromEntries(
    state.spec.settings.map((setting) => [setting.name, kubeletSetting(view, state, setting)]),
  )
  return observed(
    { state, values, drift: new Map(), configurationFiles: [], configured: undefined },
    state.source,
  )
}

/** Inside K3s only what was passed on is known: what was not may be K3s's own choice. */
function ofControlPlane(view: NodeView, state: ComponentState): EffectiveSettings {
  const settings = settingsOf(view, state)
  const isEmbedded = state.startedAs.kind === 'observed' && state.startedAs.fact === 'embedded'
  if (!isEmbedded || state.commandLine.kind !== 'observed') return settings
  const line = state.commandLine.fact
  const own = unavailable('not-shown', state.source, `K3s may set it itself`)
  const values = Object.fromEntries(
    state.spec.settings.map((setting) => {
      const value = usesOf(line, setting).length > 0 ? settings.values[setting.name] : own
      return [setting.name, value ?? own]
    }),
  )
  return { ...settings, values }
}

function kubeletSetting(view: NodeView, state: ComponentState, setting: SettingSpec): Fact {
  const flagz = kubeletAnswer(view, 'flagz')
  if (setting.key === undefined) return fromFlags(flagz, setting)
  const configz = kubeletAnswer(view, 'configz')
  const shown = fromConfiguration(configz, { state, setting, key: setting.key })
  return isOfServingPair(setting) ? notWrittenByItself(shown, { configz, flagz, setting }) : shown
}

/** Whatever a kubelet leaves out of its answer is empty, which is a file’s default or no value at all. */
function fromConfiguration(
  answer: RawAnswer,
  {
    state,
    setting,
    key,
  }: { readonly state: ComponentState; readonly setting: SettingSpec; readonly key: string },
): Fact {
  const source = sourceOf(answer)
  if (answer.state !== 'observed') return hidden(answer, source)
  if (!isRecord(answer.body))
    return unavailable('unparsable', source, 'the kubelet did not answer with its configuration')
  const raw = lookUp(answer.body, key.split('.'))
  const isDefault = isEmptyValue(raw) || (setting.zeroMeansDefault === true && isZero(raw))
  if (!isDefault) return typedFact(setting, raw, source)
  const fallback = defaultFact(setting, state)
  return { ...fallback, source: { items: source.items, at: source.at } }
}

/** Flags that are nowhere in the configuration, where the kubelet tells its flags. */
function fromFlags(answer: RawAnswer, { flags, ...setting }: SettingSpec): Fact {
  const source = sourceOf(answer)
  if (answer.state !== 'observed') return hidden(answer, source)
  const flag = flags.find((one) => textAt(answer.body, one) !== undefined)
  if (flag === undefined) return unavailable('not-shown', source, 'the kubelet does not tell this flag')
  const raw = textAt(answer.body, flag) ?? ''
  if (raw === '') return { kind: 'absent', source }
  return typedFact({ ...setting, flags }, raw.replace(/^\[(.*)\]$/, '$1'), source)
}

function hidden(answer: Exclude<RawAnswer, { state: 'observed' }>, source: Source): Evidence<never> {
  return answer.state === 'absent'
    ? unavailable('not-shown', source, 'the kubelet does not serve it')
    : unavailable(answer.reason, source, answer.detail)
}
