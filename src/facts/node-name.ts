import { type Evidence, type Fact, joinSources, observed } from '../model/evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'
import { effectiveSettings } from './settings/of-node.ts'
import { requestProbes } from './settings/probes.ts'

const ofKubelet = { fact: 'component-settings', of: 'kubelet' }

/** The host name as the kubelet takes it: trimmed, lower case (kubernetes pkg/util/node, GetHostname). */
export function nodeNameOf(hostname: string): string {
  return hostname.trim().toLowerCase()
}

/** Where the host's own name stands, on a running machine and in an image. */
export const hostnameProbes: readonly Probe[] = [
  { kind: 'kernel', pattern: '/proc/sys/kernel/hostname' },
  { kind: 'path', path: '/etc/hostname', holds: 'text' },
]

/** The host's own name, as it was read. */
export function hostnameOf({ view }: NodeContext): Evidence<string> {
  return textOf(view.content(view.evidence.offline ? '/etc/hostname' : '/proc/sys/kernel/hostname'))
}

function differs(override: Fact, hostname: Evidence<string>): Fact {
  if (override.kind === 'absent') return observed(false, override.source)
  // The API shows no host name: knowing the other one would not do.
  const isHidden = hostname.kind === 'unavailable' && hostname.reason === 'not-shown'
  if (override.kind !== 'observed') return isHidden ? hostname : override
  if (hostname.kind !== 'observed') return hostname
  const source = joinSources(override.source, hostname.source)
  return observed(nodeNameOf(String(override.fact)) !== nodeNameOf(hostname.fact), source)
}

/** What the kubelet calls its node, against the host's own name. */
export const nodeName: FactKind = {
  kind: 'node-name',
  title: 'The name the kubelet gives its node, and whether it is the host name',
  parameters: {},
  fields: () => ['override', 'hostname', 'differs'],
  probes: (_request, { components }) => [...requestProbes(ofKubelet, components), ...hostnameProbes],
  derive: (_request, node) => {
    const settings = effectiveSettings(node, 'kubelet')
    if (settings.kind !== 'observed') return settings
    const hostname = hostnameOf(node)
    const override = settings.fact.values['hostname-override']
    if (override === undefined) return { kind: 'absent', source: settings.source }
    const source = joinSources(settings.source, hostname.source)
    return observed({ override, hostname, differs: differs(override, hostname) }, source)
  },
}
