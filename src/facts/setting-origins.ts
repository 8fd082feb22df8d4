import type { SettingSpec } from '../model/component.ts'
import { absent, type Fact, isFactRecord, mapEvidence, noSource, observed } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { originsOf } from './settings/effective.ts'
import { componentState } from './settings/of-node.ts'
import { componentFaults, requestProbes, specOf } from './settings/probes.ts'

/** A setting an example does not name: nobody set it. */
function unsetOrigin({ name, defaults }: SettingSpec): readonly [string, Fact] {
  const hasDefault = defaults.some(({ value }) => value !== null)
  return [name, hasDefault ? observed('default', noSource) : absent(noSource)]
}

/** Which way each setting was set; some documents ask for a value in the configuration file and nowhere else. */
export const settingOrigins: FactKind = {
  kind: 'setting-origins',
  title: 'Where each setting of a component was set: flag, file (drop-ins count), environment or default',
  parameters: { of: { means: 'component id, e.g. kubelet' } },
  fields: (request, { components }) =>
    specOf(request, components)?.settings.map((setting) => setting.name) ?? [],
  faults: (request, { components }) => componentFaults(request, components),
  probes: (request, { components }) => requestProbes(request, components),
  derive: (request, node) =>
    mapEvidence(componentState(node, String(request['of'])), (state, source) =>
      observed(originsOf(node.view, state), source),
    ),
  complete: (request, given, { components }) => {
    const spec = specOf(request, components)
    if (spec === undefined || given.kind !== 'observed' || !isFactRecord(given.fact)) return given
    return observed({ ...Object.fromEntries(spec.settings.map(unsetOrigin)), ...given.fact }, given.source)
  },
}
