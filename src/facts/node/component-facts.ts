import type { Evidence, Fact } from '../../model/evidence.ts'
import { absent, mapEvidence, unavailable } from '../../model/evidence.ts'
import type { Probe } from '../../model/probe.ts'
import type { Knowledge, NodeContext } from '../fact-kind.ts'
import { componentState, effectiveSettings } from '../settings/of-node.ts'
import { componentProbes } from '../settings/probes.ts'

/** One setting in force; absent also when the node does not run the component. */
export function settingFact(node: NodeContext, component: string, setting: string): Fact {
  return mapEvidence(effectiveSettings(node, component), ({ values }, source): Fact => {
    return values[setting] ?? unavailable('not-collected', source, `${component} has no setting ${setting}`)
  })
}

/** The same; absent for one inside another process (k3s) whose settings that process does not show. */
export function ownSettingFact(node: NodeContext, component: string, setting: string): Fact {
  const startedAs = mapEvidence(componentState(node, component), (state) => state.startedAs)
  const value = settingFact(node, component, setting)
  return startedAs.kind === 'observed' && startedAs.fact === 'embedded' && value.kind === 'unavailable'
    ? absent(startedAs.source, `${component} is set up by the process it runs inside of`)
    : value
}

/** Version of a component, `1.34.2`; absent when the node does not run it. */
export function componentVersion(node: NodeContext, component: string): Evidence<string> {
  return mapEvidence(componentState(node, component), ({ version }) => version)
}

/** What must be asked for the settings of a component. */
export function settingProbes(component: string, knowledge: Knowledge): readonly Probe[] {
  return [...knowledge.components.values()].filter(({ id }) => id === component).flatMap(componentProbes)
}
