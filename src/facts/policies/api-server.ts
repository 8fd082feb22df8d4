import type { Evidence, Fact, FactRecord } from '../../model/evidence.ts'
import { mapEvidence, observed, unavailable } from '../../model/evidence.ts'
import type { Probe } from '../../model/probe.ts'
import type { Knowledge, NodeContext } from '../fact-kind.ts'
import { probesFor } from '../files/probes-for.ts'
import { effectiveSettings } from '../settings/of-node.ts'
import { referencedDocument } from '../settings/referenced-document.ts'

/** Component whose files these facts read. */
export const apiServer = 'kube-apiserver'

/** Everything a node is asked about its API server; the kubelet says where static pods come from. */
export function apiServerProbes(knowledge: Knowledge): readonly Probe[] {
  return probesFor(knowledge, [apiServer, 'kubelet'])
}

/** Settings of the node's API server; absent when the node runs none. */
export function apiServerSettings(node: NodeContext): Evidence<FactRecord> {
  return mapEvidence(effectiveSettings(node, apiServer), ({ values }, source) => observed(values, source))
}

/** The first document of the file a setting names; absent when the setting is not given. */
export function settingDocument(node: NodeContext, setting: string): Evidence<unknown> {
  return mapEvidence(referencedDocument(node, apiServer, setting), ({ document }, source) =>
    observed(document, source),
  )
}

/** Words of a setting: the items of a list, or the one value there is. */
export function wordsOf(setting: Extract<Fact, { kind: 'observed' }>): readonly string[] {
  const items: readonly Fact[] = Array.isArray(setting.fact) ? setting.fact : [setting]
  return items.flatMap((item) =>
    item.kind === 'observed' && typeof item.fact === 'string' ? [item.fact] : [],
  )
}

/** A setting by name; one the component's description does not know was never asked. */
export function settingOf(settings: Extract<Evidence<FactRecord>, { kind: 'observed' }>, name: string): Fact {
  return (
    settings.fact[name] ??
    unavailable('not-collected', settings.source, `${apiServer} has no setting ${name}`)
  )
}

/** True when a value was given, not taken from the defaults. */
export function isGiven(value: Evidence<unknown>): boolean {
  return value.kind === 'observed' && !value.source.at.some((place) => place.kind === 'default')
}
