import type { Evidence, Fact } from '../model/evidence.ts'
import { joinSources, observed, unavailable } from '../model/evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import {
  apiServer,
  apiServerProbes,
  apiServerSettings,
  settingDocument,
  settingOf,
  wordsOf,
} from './policies/api-server.ts'
import { findEventRateLimit, hasLimits, readLimits } from './policies/event-rate-limit.ts'
import { settingText } from './settings/of-node.ts'
import { documentAt } from './settings/referenced-document.ts'

/** Plugin names a flag lists; unset is an empty list, since the question has an answer. */
export function pluginNames(flag: Fact): Evidence<readonly string[]> {
  if (flag.kind === 'absent') return observed([], flag.source)
  if (flag.kind === 'unavailable') return flag
  const names = wordsOf(flag).map((name) => name.trim())
  return observed([...new Set(names.filter((name) => name !== ''))], flag.source)
}

function listFact(names: Evidence<readonly string[]>): Fact {
  if (names.kind !== 'observed') return names
  const items = names.fact.map((name) => observed(name, names.source))
  return observed(items, names.source)
}

/** Enabled and disabled plugins; one that is both keeps the API server from starting. */
export function pluginFields(
  enabled: Evidence<readonly string[]>,
  disabled: Evidence<readonly string[]>,
): { readonly enabled: Fact; readonly disabled: Fact } {
  if (enabled.kind === 'observed' && disabled.kind === 'observed') {
    const both = enabled.fact.filter((name) => disabled.fact.includes(name))
    if (both.length > 0) {
      const source = joinSources(enabled.source, disabled.source)
      const clash = unavailable('ambiguous', source, `${both.join(', ')} both enabled and disabled`)
      return { enabled: clash, disabled: clash }
    }
  }
  return { enabled: listFact(enabled), disabled: listFact(disabled) }
}

/** Whether EventRateLimit has limits, wherever the AdmissionConfiguration keeps them. */
function eventRateLimit(node: NodeContext): Fact {
  const setting = settingText(node, apiServer, 'admission-control-config-file')
  if (setting.kind === 'unavailable') return setting
  if (setting.kind === 'absent') return observed(false, setting.source)
  const place = findEventRateLimit(settingDocument(node, 'admission-control-config-file'), setting.fact)
  if (place.kind !== 'observed') return place
  const { source } = place
  switch (place.fact.kind) {
    case 'none':
      return observed(false, source)
    case 'inline':
      return observed(hasLimits(place.fact.configuration), source)
    case 'path': {
      const document = documentAt(node, apiServer, place.fact.path, source.at)
      return readLimits(
        document.kind === 'observed' ? observed(document.fact.document, document.source) : document,
      )
    }
    default:
      return place.fact satisfies never
  }
}

/** Admission plugins the API server was told to use or leave out; those on by default are not listed. */
export const admissionPlugins: FactKind = {
  kind: 'admission-plugins',
  title: 'Admission plugins switched on and off by flags, and whether EventRateLimit has limits',
  parameters: {},
  fields: () => ['enabled', 'disabled', 'event-rate-limit-configured'],
  probes: (_, knowledge) => apiServerProbes(knowledge),
  derive: (_, node) => {
    const settings = apiServerSettings(node)
    if (settings.kind !== 'observed') return settings
    const enabled = pluginNames(settingOf(settings, 'enable-admission-plugins'))
    const disabled = pluginNames(settingOf(settings, 'disable-admission-plugins'))
    const record = { ...pluginFields(enabled, disabled), 'event-rate-limit-configured': eventRateLimit(node) }
    return observed(record, settings.source)
  },
}
