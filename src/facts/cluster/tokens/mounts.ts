import type { Source } from '../../../model/evidence.ts'
import type { NodeContext } from '../../fact-kind.ts'
import { sourceOf } from '../../files/raw-source.ts'
import type { Inspection, ObjectName } from '../inspection.ts'
import { flagAt, nameAt, textsAt } from '../json.ts'
import { gapsIn, soundIn } from '../rbac/read-rbac.ts'
import type { Subject } from '../rbac/subject.ts'

/** The list of running pods. */
export const podsList = 'v1/pods'

/** A workload whose pods hold a token of their service account. */
export interface TokenMount {
  readonly workload: ObjectName
  readonly namespace: string
  readonly account: Subject
  /** True when one of the tokens is accepted by the API server; the others are for somebody else. */
  readonly opensApi: boolean
}

/** Every workload that holds tokens, and what of the pods could not be looked at. */
export interface TokenMounts {
  readonly lookedAt: number
  readonly mounts: readonly TokenMount[]
  readonly gaps: Inspection['gaps']
  readonly source: Source
}

/** A token without an audience is for the API server, as are these. */
const apiAudiences: ReadonlySet<string> = new Set([
  '',
  'https://kubernetes.default.svc',
  'https://kubernetes.default.svc.cluster.local',
])

function mountOf(pod: unknown): TokenMount | undefined {
  const audiences = textsAt(pod, 'tokenVolumes')
  // A running pod shows what it was given, whatever it and its account say about mounting. Mirror pods have no account.
  if (audiences.length === 0 || flagAt(pod, 'isMirror') === true) return undefined
  if (flagAt(pod, 'isFinished') === true) return undefined
  const namespace = nameAt(pod, 'namespace')
  return {
    workload: {
      kind: nameAt(pod, 'owner', 'kind'),
      namespace,
      name: nameAt(pod, 'owner', 'name'),
    },
    namespace,
    account: { kind: 'ServiceAccount', namespace, name: nameAt(pod, 'serviceAccount') },
    opensApi: audiences.some((audience) => apiAudiences.has(audience)),
  }
}

/** Reads which pods hold tokens, once for all facts about them. */
export function readTokenMounts(node: NodeContext): TokenMounts {
  return node.memo('token-mounts', () => {
    const list = node.view.list(podsList)
    const pods = soundIn(list)
    return {
      lookedAt: pods.length,
      mounts: pods.flatMap((pod) => mountOf(pod) ?? []),
      gaps: gapsIn(list, 'Pod'),
      source: sourceOf(list),
    }
  })
}
