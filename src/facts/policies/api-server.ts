import type { Evidence, FactRecord } from '../../model/evidence.ts'
import { mapEvidence, observed } from '../../model/evidence.ts'
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

/** True when a value was given, not taken from the defaults. */
export function isGiven(value: Evidence<unknown>): boolean {
  return value.kind === 'observed' && !value.source.at.some((place) => place.kind === 'default')
}
