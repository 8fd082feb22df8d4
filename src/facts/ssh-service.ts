import { type Fact, joinSources, observed, unavailable } from '../model/evidence.ts'
import type { NodeView, RawUnit } from '../model/node-evidence.ts'
import type { FactKind } from './fact-kind.ts'
import { sourceOf } from './files/raw-source.ts'

/** What starts an SSH server: Red Hat's and Debian's names, and sockets that start it for the first caller. */
const units = ['sshd.service', 'ssh.service', 'sshd.socket', 'ssh.socket'] as const

const runs = /^(active|activating|reloading|refreshing|deactivating)$/
const starts = /^(enabled|enabled-runtime|alias|linked|linked-runtime|generated)$/

/** One unit is enough for yes; no is the answer of all of them. A masked unit may still run. */
function isAny(shown: readonly RawUnit[], property: 'ActiveState' | 'UnitFileState', yes: RegExp): Fact {
  const fitting = shown.filter(
    (unit) => unit.state === 'observed' && yes.test(unit.properties[property] ?? ''),
  )
  const [first] = fitting
  if (first !== undefined) return observed(true, joinSources(...fitting.map(sourceOf)))
  const source = joinSources(...shown.map(sourceOf))
  const gap = shown.find(({ state }) => state === 'unavailable')
  return gap?.state === 'unavailable' ? unavailable(gap.reason, source, gap.detail) : observed(false, source)
}

function shownUnits(view: NodeView): readonly RawUnit[] {
  return units.map((name) => view.unit(name))
}

/** Whether a node can be reached by SSH, as systemd knows it. */
export const sshService: FactKind = {
  kind: 'ssh-service',
  title: 'Whether systemd runs or starts an SSH server, by service or by socket',
  parameters: {},
  fields: () => ['running', 'enabled'],
  probes: () => units.map((name) => ({ kind: 'unit', name })),
  derive: (_, { view }) => {
    const shown = shownUnits(view)
    return observed(
      { running: isAny(shown, 'ActiveState', runs), enabled: isAny(shown, 'UnitFileState', starts) },
      joinSources(...shown.map(sourceOf)),
    )
  },
}
