import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, observed, unavailable } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import { cgroupVersion } from './cgroup.ts'
import type { FactKind } from './fact-kind.ts'
import { sourceOf, textOf } from './files/raw-source.ts'
import { programProbe, rancherPrograms } from './rancher/program.ts'

const pattern = '/sys/fs/cgroup/user.slice/user-*.slice/user@*.service/cgroup.controllers'
const ownPath = /^\/sys\/fs\/cgroup\/user\.slice\/user-(\d+)\.slice\/user@\d+\.service\/cgroup\.controllers$/

/** The account K3s runs as, when that is not root. */
function account(view: NodeView): Evidence<number> {
  const table = view.processes()
  const source = sourceOf(table)
  if (table.state !== 'observed')
    return table.state === 'absent' ? absent(source) : unavailable(table.reason, source, table.detail)
  const process = view.processesNamed('k3s').find(({ uid }) => uid !== 0)
  return process === undefined
    ? absent(source, 'no K3s runs without root')
    : observed(process.uid, sourceOf(process))
}

/** Controllers systemd hands to the manager of that account. */
function delegated(view: NodeView, uid: number): Fact {
  const item = view.all('content').find(({ path }) => ownPath.exec(path)?.[1] === String(uid))
  if (item === undefined) return absent(sourceOf(view.content(pattern)), `user ${uid} has no control group`)
  const text = textOf(item)
  if (text.kind !== 'observed') return text
  const names = text.fact
    .trim()
    .split(/\s+/)
    .filter((name) => name !== '')
  return names.length === 0
    ? absent(text.source, 'nothing is delegated')
    : observed(
        names.map((name) => observed(name, text.source)),
        text.source,
      )
}

/** A K3s that runs without root, and what it needs to limit pods; absent where none does. */
export const rootlessK3s: FactKind = {
  kind: 'rootless-k3s',
  title: 'K3s that runs without root: its account, the cgroup version, the controllers delegated to it',
  parameters: {},
  fields: () => ['uid', 'cgroup-version', 'delegated'],
  probes: () => [
    programProbe(rancherPrograms.k3s),
    { kind: 'kernel', pattern },
    { kind: 'kernel', pattern: '/sys/fs/cgroup/cgroup.controllers' },
    { kind: 'kernel', pattern: '/sys/fs/cgroup/unified/cgroup.controllers' },
    { kind: 'kernel', pattern: '/proc/self/cgroup' },
  ],
  derive: (_request, { view }) => {
    const uid = account(view)
    if (uid.kind !== 'observed') return uid
    const version = cgroupVersion(view)
    return observed(
      { uid, 'cgroup-version': version, delegated: delegated(view, uid.fact) },
      joinSources(uid.source, version.source),
    )
  },
}
