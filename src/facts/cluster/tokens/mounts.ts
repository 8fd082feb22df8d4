import { joinSources, type Source, unavailable } from '../../../model/evidence.ts'
import type { RawList } from '../../../model/node-evidence.ts'
import type { Probe } from '../../../model/probe.ts'
import type { NodeContext } from '../../fact-kind.ts'
import { sourceOf } from '../../files/raw-source.ts'
import { type Inspection, nameOf, type ObjectName } from '../inspection.ts'
import { flagAt, nameAt, textsAt } from '../json.ts'
import { gapsIn, soundIn } from '../rbac/read-rbac.ts'
import type { Subject } from '../rbac/subject.ts'

const podsList = 'v1/pods'
const secretsList = 'v1/secrets#tokens'

/** What has to be asked to know which pods hold tokens. */
export const tokenProbes: readonly Probe[] = [podsList, secretsList].map(
  (resource) => ({ kind: 'list', resource }) as const,
)

/** A workload whose pods hold a token of their service account. */
export interface TokenMount {
  readonly workload: ObjectName
  readonly namespace: string
  readonly account: Subject
  /** True when one of the tokens is accepted by the API server; the others are for somebody else. */
  readonly opensApi: boolean
  /** The Secret it is in; the kubelet asked for it where there is none. */
  readonly secret?: string
}

/** Every workload that holds tokens, and what of the pods could not be looked at. */
export interface TokenMounts {
  readonly lookedAt: number
  readonly mounts: readonly TokenMount[]
  /** What could not be looked at, but for pods in these namespaces. */
  gapsOutside(system: ReadonlySet<string>): Inspection['gaps']
  readonly source: Source
}

/** A token without an audience is for the API server, as are these. */
const apiAudiences: ReadonlySet<string> = new Set([
  '',
  'https://kubernetes.default.svc',
  'https://kubernetes.default.svc.cluster.local',
])

function workloadOf(pod: unknown): TokenMount['workload'] & { readonly namespace: string } {
  return {
    kind: nameAt(pod, 'owner', 'kind'),
    namespace: nameAt(pod, 'namespace'),
    name: nameAt(pod, 'owner', 'name'),
  }
}

/** Tokens the kubelet asked for: a running pod shows what it was given, whatever it and its account say about mounting. */
function askedFor(pod: unknown): readonly TokenMount[] {
  const audiences = textsAt(pod, 'tokenVolumes')
  if (audiences.length === 0) return []
  const workload = workloadOf(pod)
  const { namespace } = workload
  const account: Subject = { kind: 'ServiceAccount', namespace, name: nameAt(pod, 'serviceAccount') }
  return [{ workload, namespace, account, opensApi: audiences.some((one) => apiAudiences.has(one)) }]
}

/** Tokens in Secrets: they are of the account the Secret names, which need not be the pod's own. */
function fromSecrets(pod: unknown, accounts: ReadonlyMap<string, string>): readonly TokenMount[] {
  const workload = workloadOf(pod)
  const { namespace } = workload
  return [...new Set(textsAt(pod, 'secretVolumes'))].flatMap((secret) => {
    const name = accounts.get(`${namespace}/${secret}`)
    if (name === undefined) return []
    return [
      { workload, namespace, account: { kind: 'ServiceAccount', namespace, name }, opensApi: true, secret },
    ]
  })
}

/** Whether a mounted Secret holds a token is a gap where Secrets may not be listed. */
function secretGaps(list: RawList, mounting: unknown): Inspection['gaps'] {
  if (mounting === undefined) return []
  const says = `whether a Secret that ${nameOf(workloadOf(mounting))} mounts holds a token was not seen`
  return gapsIn(list, 'Secret').map(({ reason, source, detail }) =>
    unavailable(reason, source, detail === undefined ? says : `${detail}; ${says}`),
  )
}

/** Mirror pods have no account and no Secrets, and pods that ended hold nothing any more. */
function isHolding(pod: unknown): boolean {
  return flagAt(pod, 'isMirror') !== true && flagAt(pod, 'isFinished') !== true
}

/** Reads which pods hold tokens, once for all facts about them. */
export function readTokenMounts(node: NodeContext): TokenMounts {
  return node.memo('token-mounts', () => {
    const [list, secrets] = [node.view.list(podsList), node.view.list(secretsList)]
    const pods = soundIn(list)
    const holding = pods.filter(isHolding)
    const mounting = holding.filter((pod) => textsAt(pod, 'secretVolumes').length > 0)
    const accounts = new Map(
      soundIn(secrets).map((one) => [
        `${nameAt(one, 'namespace')}/${nameAt(one, 'name')}`,
        nameAt(one, 'account'),
      ]),
    )
    return {
      lookedAt: pods.length,
      mounts: [...holding.flatMap(askedFor), ...mounting.flatMap((pod) => fromSecrets(pod, accounts))],
      gapsOutside: (system) => [
        ...gapsIn(list, 'Pod'),
        ...secretGaps(
          secrets,
          mounting.find((pod) => !system.has(nameAt(pod, 'namespace'))),
        ),
      ],
      source: mounting.length === 0 ? sourceOf(list) : joinSources(sourceOf(list), sourceOf(secrets)),
    }
  })
}
