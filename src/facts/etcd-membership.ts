import type { Evidence, Fact } from '../model/evidence.ts'
import { absent, joinSources, mapEvidence, observed, unavailable } from '../model/evidence.ts'
import type { FactKind, NodeContext } from './fact-kind.ts'
import { probesFor } from './files/probes-for.ts'
import { componentState, settingText } from './settings/of-node.ts'

/** Names in `cp-1=https://10.0.0.1:2380,cp-2=https://…`; null when it is not in that form. */
export function memberNames(initialCluster: string): readonly string[] | null {
  const names = initialCluster.split(',').map((part) => /^\s*([^=\s]+)=\S+\s*$/.exec(part)?.[1])
  const known = names.filter((name) => name !== undefined)
  return known.length === names.length ? [...new Set(known)] : null
}

/** That khard knows no default is no gap: what is unset is known. */
function isBlind(setting: Evidence<string>): boolean {
  return setting.kind === 'unavailable' && setting.reason !== 'version-unknown'
}

function membersOf(name: Evidence<string>, initial: Evidence<string>): Fact {
  const blind = [initial, name].find(isBlind)
  if (blind !== undefined) return blind
  return mapEvidence(name, (own, from): Fact => {
    // Without a list, a member starts a cluster of its own (etcd server/embed/config.go InitialClusterFromName).
    const names = initial.kind === 'observed' ? memberNames(initial.fact) : [own]
    const source = joinSources(initial.source, from)
    return names === null
      ? unavailable('unparsable', source, 'initial-cluster does not list name=URL')
      : observed(
          names.map((one) => observed(one, source)),
          source,
        )
  })
}

function derive(node: NodeContext): Fact {
  const state = componentState(node, 'etcd')
  if (state.kind !== 'observed') return state
  const name = settingText(node, 'etcd', 'name')
  const { running } = state.fact
  const up: Fact =
    running.kind === 'observed' && !running.fact ? absent(running.source, 'etcd does not run') : name
  const members = membersOf(name, settingText(node, 'etcd', 'initial-cluster'))
  return observed(
    { name, 'running-name': running.kind === 'unavailable' ? running : up, members },
    joinSources(state.source, members.source),
  )
}

/**
 * Members of the etcd cluster as this one was told at its start. Members that joined later are told by themselves:
 * over all nodes the union counts.
 */
export const etcdMembership: FactKind = {
  kind: 'etcd-membership',
  title: 'The name of the etcd member on this node, whether it runs, and the members it was told of',
  parameters: {},
  fields: () => ['name', 'running-name', 'members'],
  probes: (_, knowledge) => probesFor(knowledge, ['etcd', 'kubelet']),
  derive: (_, node) => derive(node),
}
