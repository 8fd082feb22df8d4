import type { Evidence } from '../model/evidence.ts'
import { joinSources, mapEvidence, observed } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { textOf } from './files/raw-source.ts'

/** The module can be compiled in and left out of the active list; either saying no means off. */
function enabled(view: NodeView): Evidence<boolean> {
  const parameter = textOf(view.content('/sys/module/apparmor/parameters/enabled'))
  const list = textOf(view.content('/sys/kernel/security/lsm'))
  if (parameter.kind === 'absent') return observed(false, parameter.source)
  return mapEvidence(parameter, (text, source) => {
    const isListed = list.kind !== 'observed' || list.fact.trim().split(',').includes('apparmor')
    return observed(text.trim() === 'Y' && isListed, joinSources(source, list.source))
  })
}

/** AppArmor as the kernel reports it. */
export const apparmor: FactKind = {
  kind: 'apparmor',
  title: 'Whether the kernel runs AppArmor',
  parameters: {},
  fields: () => ['enabled'],
  probes: () => [
    { kind: 'kernel', pattern: '/sys/module/apparmor/parameters/enabled' },
    { kind: 'kernel', pattern: '/sys/kernel/security/lsm' },
  ],
  derive: (_request, node) => {
    const value = enabled(node.view)
    return value.kind === 'observed' ? observed({ enabled: value }, value.source) : value
  },
}
