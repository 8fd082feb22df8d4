import type { Json } from '../../../model/finding.ts'
import type { NodeView } from '../../../model/node-evidence.ts'
import type { Probe } from '../../../model/probe.ts'
import { lookUp } from '../../text/document.ts'
import type { ObjectName } from '../inspection.ts'
import { listAt, textAt, textsAt, wordsAt } from '../json.ts'
import { type Listed, listedAlways } from '../listed.ts'
import { selects, selectsAll } from '../selectors.ts'

const resources = [
  {
    id: 'admissionregistration.k8s.io/v1/validatingwebhookconfigurations#reach',
    kind: 'ValidatingWebhookConfiguration',
  },
  {
    id: 'admissionregistration.k8s.io/v1/mutatingwebhookconfigurations#reach',
    kind: 'MutatingWebhookConfiguration',
  },
] as const

export const webhookProbes: readonly Probe[] = resources.map(({ id }) => ({ kind: 'list', resource: id }))

/** One webhook of a configuration. */
export interface Webhook {
  readonly on: ObjectName
  /** Its own name within the configuration. */
  readonly name: string
  readonly isValidating: boolean
  /** As it is kept. */
  readonly kept: unknown
}

export function readWebhooks(view: NodeView): {
  readonly webhooks: readonly Webhook[]
  readonly lists: readonly Listed[]
} {
  const lists = resources.map(({ id, kind }) => ({ kind, list: listedAlways(view, id) }))
  const webhooks = lists.flatMap(({ kind, list }) =>
    list.objects.flatMap((configuration) =>
      listAt(configuration, 'webhooks').map((kept) => ({
        on: { kind, name: textAt(configuration, 'name') ?? '' },
        name: textAt(kept, 'name') ?? '',
        isValidating: kind === 'ValidatingWebhookConfiguration',
        kept,
      })),
    ),
  )
  return { webhooks, lists: lists.map(({ list }) => list) }
}

/** A resource and what is done to it. */
export interface Operation {
  readonly group: string
  readonly resource: string
  readonly verb: 'CREATE' | 'UPDATE'
}

const names = (words: readonly string[], wanted: string): boolean =>
  words.includes('*') || words.includes(wanted)

function ruleCovers(rule: unknown, { group, resource, verb }: Operation): boolean {
  const resources = textsAt(rule, 'resources')
  return (
    names(textsAt(rule, 'operations'), verb) &&
    names(textsAt(rule, 'groups'), group) &&
    (names(resources, resource) || resources.includes('*/*')) &&
    textAt(rule, 'scope') !== 'Cluster'
  )
}

/** True when some rule of the webhook is about the operation. */
export function isAbout({ kept }: Webhook, operation: Operation): boolean {
  return listAt(kept, 'rules').some((rule) => ruleCovers(rule, operation))
}

/** True when its namespace selector selects a kept namespace. */
export function reaches({ kept }: Webhook, namespace: Json): boolean {
  return selects(lookUp(kept, ['namespaces']), wordsAt(namespace, 'labels'))
}

/** True when it is not asked about every object it reaches. */
export function isNarrowed({ kept }: Webhook): boolean {
  return !selectsAll(lookUp(kept, ['objects'])) || lookUp(kept, ['conditions']) !== undefined
}
