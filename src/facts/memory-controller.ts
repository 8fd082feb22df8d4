import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'
import { bootParameter } from './kernel-command-line.ts'

const unified = '/sys/fs/cgroup/cgroup.controllers'
const legacy = '/proc/cgroups'

/** True when a /proc/cgroups text has the memory controller switched on and bound to a version 1 hierarchy. */
export function isBound(text: string): boolean {
  const [, hierarchy, flag] = /^memory\t(\d+)\t\d+\t([01])$/m.exec(text) ?? []
  return flag === '1' && hierarchy !== '0'
}

/** Raspberry Pi kernels keep the controller off until the command line asks for it. */
function enabled(view: NodeView): Evidence<boolean> {
  const controllers = textOf(view.content(unified))
  if (controllers.kind === 'unavailable') return controllers
  const words = controllers.kind === 'observed' ? controllers.fact.trim().split(/\s+/) : []
  if (words.includes('memory')) return observed(true, controllers.source)
  // In a hybrid hierarchy version 1 has it.
  return mapEvidence(textOf(view.content(legacy)), (text, source) =>
    observed(isBound(text), joinSources(controllers.source, source)),
  )
}

/** What the boot command line says of it. */
function asked(view: NodeView): Fact {
  return mapEvidence(textOf(view.content('/proc/cmdline')), (text, source): Fact => {
    const off = bootParameter(text, 'cgroup_disable')
    const on = bootParameter(text, 'cgroup_enable')
    if (off !== null) return observed(`cgroup_disable=${off}`, source)
    return on === null ? absent(source) : observed(`cgroup_enable=${on}`, source)
  })
}

/** Whether the kernel accounts for the memory of pods at all. */
export const memoryController: FactKind = {
  kind: 'memory-controller',
  title: 'Whether the kernel’s memory controller is on, and what the boot command line says of it',
  parameters: {},
  fields: () => ['enabled', 'boot-parameter'],
  probes: () => [
    { kind: 'kernel', pattern: unified },
    { kind: 'kernel', pattern: legacy },
    { kind: 'kernel', pattern: '/proc/cmdline' },
  ],
  derive: (_request, { view }) => {
    const on = enabled(view)
    return on.kind === 'observed' ? observed({ enabled: on, 'boot-parameter': asked(view) }, on.source) : on
  },
}
