import { type Evidence, type Fact, joinSources, observed } from '../model/evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'
import { effectiveSettings } from './settings/of-node.ts'
import { requestProbes } from './settings/probes.ts'

const ofKubelet = { fact: 'component-settings', of: 'kubelet' }

/** The host name as the kubelet takes it: trimmed, lower case (kubernetes pkg/util/node, GetHostname). */
function nodeNameOf(hostname: string): string {
  return hostname.trim().toLowerCase()
}

function differs(override: Fact, hostname: Evidence<string>): Fact {
  if (override.kind === 'absent') return observed(false, override.source)
  if (override.kind !== 'observed') return override
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
  probes: (_request, { components }) => [
    ...requestProbes(ofKubelet, components),
    { kind: 'kernel', pattern: '/proc/sys/kernel/hostname' },
    { kind: 'path', path: '/etc/hostname', holds: 'text' },
  ],
  derive: (_request, node) => {
    const settings = effectiveSettings(node, 'kubelet')
    if (settings.kind !== 'observed') return settings
    const { view } = node
    const hostname = textOf(
      view.content(view.evidence.offline ? '/etc/hostname' : '/proc/sys/kernel/hostname'),
    )
    const override = settings.fact.values['hostname-override']
    if (override === undefined) return { kind: 'absent', source: settings.source }
    const source = joinSources(settings.source, hostname.source)
    return observed({ override, hostname, differs: differs(override, hostname) }, source)
  },
}
