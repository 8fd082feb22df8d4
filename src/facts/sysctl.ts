import type { Evidence, Fact } from '../model/evidence.ts'
import { joinSources, mapEvidence, observed } from '../model/evidence.ts'
import type { Probe } from '../model/probe.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'
import { persistentSysctl, sysctlDirectories, sysctlPath } from './node/sysctl-files.ts'

/** A number where the kernel prints one, otherwise the words with one blank between. */
export function sysctlValue(text: string): string | number {
  const words = text.trim().split(/\s+/).join(' ')
  return /^-?\d{1,15}$/.test(words) ? Number(words) : words
}

function typed(text: Evidence<string>): Fact {
  return mapEvidence(text, (value, source) => observed(sysctlValue(value), source))
}

function derive(name: string, node: NodeContext): Fact {
  const value = typed(textOf(node.view.content(sysctlPath(name))))
  const persistent = typed(persistentSysctl(node.view, name))
  if (value.kind === 'absent') return value
  const source = joinSources(value.source, persistent.source)
  return observed({ name: observed(name, source), value, persistent }, source)
}

function probes(name: string): readonly Probe[] {
  return [
    { kind: 'kernel', pattern: sysctlPath(name) },
    ...sysctlDirectories.map(
      (directory): Probe => ({ kind: 'glob', pattern: `${directory}/*.conf`, holds: 'text' }),
    ),
    { kind: 'path', path: '/etc/sysctl.conf', holds: 'text' },
    { kind: 'path', path: '/run/systemd/system', holds: 'file' },
  ]
}

/** One kernel parameter: what the kernel uses now, and what the files set at the next boot. Absent: the kernel has no such key. */
export const sysctl: FactKind = {
  kind: 'sysctl',
  title: 'A kernel parameter: the running value and the one the sysctl.d files set at boot',
  parameters: { name: { means: 'key with dots: net.ipv4.ip_forward' } },
  fields: () => ['name', 'value', 'persistent'],
  faults: ({ name }) =>
    typeof name === 'string' && /^[a-z0-9_]+([./][A-Za-z0-9_-]+)+$/.test(name)
      ? []
      : [`"${String(name)}" is no name of a kernel parameter (net.ipv4.ip_forward)`],
  probes: ({ name }) => probes(String(name)),
  derive: ({ name }, node) => derive(String(name), node),
}
