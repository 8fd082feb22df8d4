import type { Evidence, Fact, Source } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed } from '../model/evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'
import { settingFact, settingProbes } from './node/component-facts.ts'

/** Devices and files of a /proc/swaps text, below its heading. */
export function swapDevices(text: string): readonly string[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/\s.*$/, ''))
    .filter((device) => device !== '')
}

function devicesFact(devices: readonly string[], source: Source): Fact {
  if (devices.length === 0) return absent(source, 'no swap is in use')
  return observed(
    devices.map((device) => observed(device, source)),
    source,
  )
}

/** True when the kubelet was told to run on a node with swap; absent without a kubelet. */
function kubeletAllows(node: NodeContext): Fact {
  return mapEvidence(settingFact(node, 'kubelet', 'fail-swap-on'), (failSwapOn, source): Fact => {
    return observed(failSwapOn === false, source)
  })
}

/** Swap of the node and what the kubelet makes of it. A file system on zram counts like any other swap. */
export const swap: FactKind = {
  kind: 'swap',
  title: 'Swap in use on the node, and whether the kubelet was told to live with it',
  parameters: {},
  fields: () => ['in-use', 'devices', 'kubelet-allows', 'behavior'],
  probes: (_request, knowledge) => [
    { kind: 'kernel', pattern: '/proc/swaps' },
    ...settingProbes('kubelet', knowledge),
  ],
  derive: (_request, node) => {
    const devices: Evidence<readonly string[]> = mapEvidence(
      textOf(node.view.content('/proc/swaps')),
      (text, source) => observed(swapDevices(text), source),
    )
    // A kernel without swap support has no /proc/swaps.
    const names = devices.kind === 'absent' ? observed<readonly string[]>([], devices.source) : devices
    const allows = kubeletAllows(node)
    return observed(
      {
        'in-use': mapEvidence(names, (list, source): Fact => observed(list.length > 0, source)),
        devices: mapEvidence(names, devicesFact),
        'kubelet-allows': allows,
        behavior: settingFact(node, 'kubelet', 'memory-swap-behavior'),
      },
      joinSources(names.source, allows.source),
    )
  },
}
