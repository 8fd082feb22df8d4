import type { Json } from '../../../model/finding.ts'
import type { NodeView } from '../../../model/node-evidence.ts'
import type { Probe } from '../../../model/probe.ts'
import type { Remark } from '../inspection.ts'
import { flagAt, textAt } from '../json.ts'
import { type Listed, listed } from '../listed.ts'
import { isAbout, isNarrowed, reaches, type Webhook } from '../webhooks/read-webhooks.ts'

const policies = [
  { id: 'kyverno.io/v1/clusterpolicies', kind: 'ClusterPolicy' },
  { id: 'kyverno.io/v1/policies', kind: 'Policy' },
  { id: 'policies.kyverno.io/v1alpha1/imagevalidatingpolicies', kind: 'ImageValidatingPolicy' },
  { id: 'policies.kyverno.io/v1beta1/imagevalidatingpolicies', kind: 'ImageValidatingPolicy' },
  { id: 'policies.kyverno.io/v1/imagevalidatingpolicies', kind: 'ImageValidatingPolicy' },
] as const

const sigstore = 'policy.sigstore.dev/v1beta1/clusterimagepolicies'

export const verifierProbes: readonly Probe[] = [...policies.map(({ id }) => id), sigstore].map(
  (resource) => ({
    kind: 'list',
    resource,
  }),
)

/** The webhook sigstore's policy-controller is asked through; it reaches namespaces that ask for it. */
const sigstoreWebhook = 'policy.sigstore.dev'

/** Something that refuses pods whose images it cannot verify. */
export interface Verifier {
  /** `true`, `false`, or undefined where that cannot be said. */
  covers(namespace: Json): boolean | undefined
  readonly remark: Remark
}

export interface Verifiers {
  readonly enforcing: readonly Verifier[]
  /** Policies that only tell. */
  readonly telling: readonly Remark[]
  readonly lists: readonly Listed[]
}

const newPods = { group: '', resource: 'pods', verb: 'CREATE' } as const

function named(kind: string, policy: Json): Remark['on'] {
  const namespace = textAt(policy, 'namespace')
  return { kind, name: textAt(policy, 'name') ?? '', ...(namespace === undefined ? {} : { namespace }) }
}

function byPolicy(kind: string, policy: Json): Verifier {
  const namespace = textAt(policy, 'namespace')
  return {
    covers: (one) => {
      if (namespace !== undefined && textAt(one, 'name') !== namespace) return false
      return flagAt(policy, 'isNarrow') === true ? undefined : true
    },
    remark: { on: named(kind, policy), because: 'verifies images and refuses what fails' },
  }
}

function byWebhook(webhook: Webhook): Verifier {
  return {
    covers: (namespace) => {
      if (!reaches(webhook, namespace)) return false
      return isNarrowed(webhook) ? undefined : true
    },
    remark: { on: webhook.on, because: `its webhook ${webhook.name} verifies images and refuses what fails` },
  }
}

/** True for a webhook that is asked about new pods and lets none through when it does not answer. */
export function guardsPods(webhook: Webhook): boolean {
  return isAbout(webhook, newPods) && textAt(webhook.kept, 'failurePolicy') === 'Fail'
}

/** Finds what verifies images: policies of engines that do, and webhooks named as such. */
export function readVerifiers(
  view: NodeView,
  webhooks: readonly Webhook[],
  known: ReadonlySet<string>,
): Verifiers {
  const found = policies.map(({ id, kind }) => ({ kind, list: listed(view, id) }))
  const signed = listed(view, sigstore)
  const enforcing: Verifier[] = []
  const telling: Remark[] = []
  for (const { kind, list } of found)
    for (const policy of list.objects) {
      if (flagAt(policy, 'verifies') !== true) continue
      if (flagAt(policy, 'enforces') === true) enforcing.push(byPolicy(kind, policy))
      else telling.push({ on: named(kind, policy), because: 'verifies images and only tells what fails' })
    }
  const isSigstoreOn = signed.objects.some((policy) => flagAt(policy, 'enforces') === true)
  for (const webhook of webhooks.filter(guardsPods))
    if (known.has(webhook.name) || (webhook.name === sigstoreWebhook && isSigstoreOn))
      enforcing.push(byWebhook(webhook))
  if (signed.objects.length > 0 && !isSigstoreOn)
    telling.push(
      ...signed.objects.map((policy) => ({
        on: named('ClusterImagePolicy', policy),
        because: 'verifies images and only warns',
      })),
    )
  return { enforcing, telling, lists: [...found.map(({ list }) => list), signed] }
}
