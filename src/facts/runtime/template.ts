import { absent, type Fact, joinSources, mapEvidence, observed } from '../../model/evidence.ts'
import type { Probe } from '../../model/probe.ts'
import type { NodeContext } from '../fact-kind.ts'
import { sourceOf } from '../files/raw-source.ts'
import { notObserved } from '../node/raw.ts'
import { effectiveSettings } from '../settings/of-node.ts'
import { mainFile } from './main-file.ts'

/** K3s and RKE2 render the first of these that is there (k3s pkg/agent/templates). */
const templates = ['config-v3.toml.tmpl', 'config.toml.tmpl'] as const

/** Seconds by which two files written together may differ. */
const slack = 2

export const templateProbes: readonly Probe[] = [
  { kind: 'glob', pattern: '/var/lib/rancher/*/agent/etc/containerd/*.tmpl', holds: 'file' },
]

/**
 * Whether the template of K3s or RKE2 was changed after containerd's configuration had been made from it, which
 * happens when the service starts. Absent where there is no template.
 */
export function templateChanged(node: NodeContext): Fact {
  const used = mapEvidence(effectiveSettings(node, 'containerd'), mainFile)
  return mapEvidence(used, (main, at): Fact => {
    if (!main.includes('/agent/etc/containerd/')) return absent(at, 'no template makes this configuration')
    const directory = main.slice(0, main.lastIndexOf('/'))
    const rendered = node.view.file(main)
    const files = templates.map((name) => node.view.file(`${directory}/${name}`))
    const source = joinSources(...files.map(sourceOf), sourceOf(rendered))
    const [first] = files.filter((file) => file.state !== 'absent')
    if (first === undefined) return absent(source, 'there is no template')
    if (first.state !== 'observed') return notObserved(first)
    if (rendered.state !== 'observed') return notObserved(rendered)
    return observed(first.stat.mtime > rendered.stat.mtime + slack, source)
  })
}
