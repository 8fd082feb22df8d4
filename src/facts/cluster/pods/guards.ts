import type { Source } from '../../../model/evidence.ts'
import { joinSources } from '../../../model/evidence.ts'
import type { Json } from '../../../model/finding.ts'
import type { Probe } from '../../../model/probe.ts'
import type { NodeContext } from '../../fact-kind.ts'
import { lookUp } from '../../text/document.ts'
import { flagAt, listAt, nameAt, textAt, textsAt, wordsAt } from '../json.ts'
import { type Gap, listed } from '../listed.ts'
import { selects } from '../selectors.ts'

type Labels = { readonly [key: string]: string }

/** Something besides pod security levels that is asked before a pod is made, and whose refusal counts. */
export interface Guard {
  /** `ValidatingAdmissionPolicy no-host-pid`, `ValidatingWebhookConfiguration gatekeeper-…`. */
  readonly name: string
  /** A policy of the API server; the webhook of a known policy engine, which refuses what the engine's policies say. */
  readonly by: 'policy' | 'engine' | 'webhook'
  /** True where it leaves some pods out by conditions that only people can read. */
  readonly isConditional: boolean
  /** True where it is asked about pods of a namespace with these labels. */
  covers(labels: Labels): boolean
}

/** Everything of the kind, and the lists it rests on. */
export interface Guards {
  readonly all: readonly Guard[]
  readonly gaps: readonly Gap[]
  readonly source: Source
}

const policies = 'admissionregistration.k8s.io/v1/validatingadmissionpolicies'
const bindings = 'admissionregistration.k8s.io/v1/validatingadmissionpolicybindings'
const webhooks = 'admissionregistration.k8s.io/v1/validatingwebhookconfigurations'

export const guardProbes: readonly Probe[] = [policies, bindings, webhooks].map(
  (resource) => ({ kind: 'list', resource }) as const,
)

/** The webhook configurations that policy engines make for themselves. */
const engines: readonly string[] = [
  'gatekeeper-validating-webhook-configuration',
  'kyverno-resource-validating-webhook-cfg',
]

/** Kubewarden makes one configuration for each policy, and labels it with what the policy is about. */
function isOfKubewarden(configuration: Json): boolean {
  const labels = wordsAt(configuration, 'labels')
  const isIts = labels.kubewarden === 'true' || labels['app.kubernetes.io/part-of'] === 'kubewarden'
  return isIts && Object.hasOwn(labels, 'kubewardenPolicyScope')
}

function isEngine(configuration: Json): boolean {
  return engines.includes(nameAt(configuration, 'name')) || isOfKubewarden(configuration)
}

const names = (rule: unknown, field: string, ...wanted: readonly string[]): boolean =>
  textsAt(rule, field).some((word) => word === '*' || wanted.includes(word))

/** True where a rule is about pods as they are made. Rules about some names are not about all pods. */
function takesPods(rule: unknown): boolean {
  return (
    names(rule, 'groups', '') &&
    names(rule, 'versions', 'v1') &&
    names(rule, 'operations', 'CREATE') &&
    names(rule, 'resources', 'pods', '*/*') &&
    textAt(rule, 'scope') !== 'Cluster' &&
    listAt(rule, 'names').length === 0
  )
}

/** True where an exception may be about pods: what it leaves out is not guarded. */
function mayExcept(rule: unknown): boolean {
  return names(rule, 'groups', '') && names(rule, 'resources', 'pods', '*/*')
}

function coversPods(match: unknown, isRuled: boolean): boolean {
  const rules = listAt(match, 'rules')
  // A selector over pods is one a pod slips with a label of its own.
  const isBySelector = Object.keys(Object(lookUp(match, ['objects']))).length > 0
  const isTaken = rules.length === 0 ? !isRuled : rules.some(takesPods)
  return isTaken && !isBySelector && !listAt(match, 'except').some(mayExcept)
}

const namespacesOf = (match: unknown): unknown => lookUp(match, ['namespaces'])

function policyGuards(policy: Json, bound: ReadonlyMap<string, readonly Json[]>): readonly Guard[] {
  const name = nameAt(policy, 'name')
  if (!coversPods(policy, true) || textAt(policy, 'failurePolicy') === 'Ignore') return []
  const denying = (bound.get(name) ?? []).filter(
    (binding) =>
      textsAt(binding, 'actions').includes('Deny') &&
      flagAt(binding, 'isAllowedWithoutParameter') !== true &&
      coversPods(binding, false),
  )
  const own = namespacesOf(policy)
  return denying.map((binding) => ({
    name: `ValidatingAdmissionPolicy ${name}`,
    by: 'policy',
    isConditional: listAt(policy, 'conditions').length > 0,
    covers: (labels) => selects(own, labels) && selects(namespacesOf(binding), labels),
  }))
}

function webhookGuards(configuration: Json): readonly Guard[] {
  return listAt(configuration, 'webhooks').flatMap((webhook) => {
    if (!coversPods(webhook, true) || textAt(webhook, 'failurePolicy') === 'Ignore') return []
    const selector = namespacesOf(webhook)
    const guard: Guard = {
      name: `ValidatingWebhookConfiguration ${nameAt(configuration, 'name')}`,
      by: isEngine(configuration) ? 'engine' : 'webhook',
      isConditional: listAt(webhook, 'conditions').length > 0,
      covers: (labels) => selects(selector, labels),
    }
    return [guard]
  })
}

function readGuards(node: NodeContext): Guards {
  const [known, bound, hooks] = [
    listed(node.view, policies),
    listed(node.view, bindings),
    listed(node.view, webhooks),
  ]
  const byPolicy = new Map<string, Json[]>()
  for (const binding of bound.objects) {
    const policy = nameAt(binding, 'policy')
    const others = byPolicy.get(policy)
    if (others === undefined) byPolicy.set(policy, [binding])
    else others.push(binding)
  }
  return {
    all: [
      ...known.objects.flatMap((policy) => policyGuards(policy, byPolicy)),
      ...hooks.objects.flatMap(webhookGuards),
    ],
    gaps: [...known.gaps, ...bound.gaps, ...hooks.gaps],
    source: joinSources(known.source, bound.source, hooks.source),
  }
}

/** Policies and webhooks that are asked about pods and whose word counts. */
export function guardsOf(node: NodeContext): Guards {
  return node.memo('cluster guards of pods', () => readGuards(node))
}
