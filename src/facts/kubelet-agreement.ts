import type { SettingSpec } from '../model/component.ts'
import { absent, type Fact, joinSources, noSource, observed, unavailable } from '../model/evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { sourceOf } from './files/raw-source.ts'
import { effectiveSettings } from './settings/of-node.ts'
import { requestProbes } from './settings/probes.ts'
import { typedFact } from './settings/value.ts'
import { lookUp } from './text/document.ts'
import { isThroughApi, kubeletAnswer } from './through-api/node-object.ts'

const units: { readonly [unit: string]: number } = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** `1h0m0s` and `60m` are one duration: milliseconds, or the text itself where it is none. */
function comparable({ type }: SettingSpec, value: unknown): string {
  if (type !== 'duration' || typeof value !== 'string') return JSON.stringify(value)
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== value) return JSON.stringify(value)
  return String(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0))
}

/** The value of a fact without its sources; a list as a set. Undefined: not to be compared. */
function plainOf(fact: Fact): unknown {
  if (fact.kind !== 'observed') return undefined
  if (!Array.isArray(fact.fact)) return typeof fact.fact === 'object' ? undefined : fact.fact
  const items = fact.fact.map((item) => (item.kind === 'observed' ? String(item.fact) : '\0'))
  return items.includes('\0') ? undefined : [...new Set(items)].sort()
}

/** True for a value that somebody set: a default is only what khard knows of a release. */
function isSet(fact: Fact): boolean {
  return fact.kind === 'observed' && fact.source.at.some(({ kind }) => kind !== 'default')
}

function words(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function differences(node: NodeContext): Fact {
  const answer = kubeletAnswer(node.view, 'configz')
  const source = sourceOf(answer)
  if (isThroughApi(node.view) || (answer.state === 'unavailable' && answer.reason === 'not-collected'))
    return absent(noSource, 'the node was not seen both ways')
  if (answer.state !== 'observed')
    return answer.state === 'absent' ? absent(source) : unavailable(answer.reason, source, answer.detail)
  const settings = effectiveSettings(node, 'kubelet')
  if (settings.kind !== 'observed') return settings
  const { state, values } = settings.fact
  const found = state.spec.settings.flatMap((setting): readonly Fact[] => {
    const own = values[setting.name]
    if (setting.key === undefined || own === undefined || !isSet(own)) return []
    const raw = lookUp(answer.body, setting.key.split('.'))
    if (raw === undefined || raw === null) return []
    const [here, there] = [plainOf(own), plainOf(typedFact(setting, raw, source))]
    if (here === undefined || there === undefined) return []
    if (comparable(setting, here) === comparable(setting, there)) return []
    const both = joinSources(own.source, source)
    return [observed(`${setting.name}: ${words(here)} on the node, ${words(there)} in the kubelet`, both)]
  })
  const all = joinSources(source, settings.source)
  return observed({ differences: found.length === 0 ? absent(all) : observed(found, all) }, all)
}

/** What a kubelet is set to by its files and arguments beside what it says of itself through the API. */
export const kubeletAgreement: FactKind = {
  kind: 'kubelet-agreement',
  title:
    'Settings of the kubelet that its files and arguments give another value than it says itself (configz)',
  parameters: {},
  fields: () => ['differences'],
  probes: (_request, { components }) =>
    requestProbes({ fact: 'component-settings', of: 'kubelet' }, components),
  derive: (_request, node) => differences(node),
}
