import type { Json } from '../../../model/finding.ts'
import { isRecord, lookUp } from '../../text/document.ts'
import { compact, listAt, nameAt, numberAt, textAt, textsAt, wordsAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

function cutSelector(selector: unknown): Json {
  return compact({
    labels: wordsAt(selector, 'matchLabels'),
    expressions: listAt(selector, 'matchExpressions').map((one) =>
      compact({ key: textAt(one, 'key'), operator: textAt(one, 'operator'), values: textsAt(one, 'values') }),
    ),
  })
}

function cutRules(value: unknown, field: string): Json {
  return listAt(value, field).map((rule) =>
    compact({
      groups: textsAt(rule, 'apiGroups'),
      versions: textsAt(rule, 'apiVersions'),
      resources: textsAt(rule, 'resources'),
      operations: textsAt(rule, 'operations'),
      names: textsAt(rule, 'resourceNames'),
      scope: textAt(rule, 'scope'),
    }),
  )
}

function cutMatch(match: unknown, rules: string): { readonly [field: string]: Json } {
  return compact({
    rules: cutRules(match, rules),
    except: cutRules(match, 'excludeResourceRules'),
    namespaces: cutSelector(lookUp(match, ['namespaceSelector'])),
    objects: cutSelector(lookUp(match, ['objectSelector'])),
  })
}

/** Validating admission policies: what they look at. What they demand is CEL, which people have to read. */
export const cutPolicy: Cut = (policy) => {
  const match = lookUp(policy, ['spec', 'matchConstraints'])
  if (!isRecord(match)) return 'it does not say what it matches'
  return {
    ...place(policy),
    ...cutMatch(match, 'resourceRules'),
    ...compact({
      failurePolicy: textAt(policy, 'spec', 'failurePolicy'),
      conditions: listAt(policy, 'spec', 'matchConditions').map((one) => nameAt(one, 'name')),
    }),
  }
}

/** Bindings of validating admission policies: where a policy holds, and what it then does. */
export const cutPolicyBinding: Cut = (binding) => {
  const policy = textAt(binding, 'spec', 'policyName')
  if (policy === undefined) return 'it names no policy'
  return {
    ...place(binding),
    policy,
    ...cutMatch(lookUp(binding, ['spec', 'matchResources']), 'resourceRules'),
    ...compact({
      actions: textsAt(binding, 'spec', 'validationActions'),
      isAllowedWithoutParameter: textAt(binding, 'spec', 'paramRef', 'parameterNotFoundAction') === 'Allow',
    }),
  }
}

/** Webhook configurations: what their webhooks are asked about, and what happens when they do not answer. */
export const cutWebhooks: Cut = (configuration) => ({
  ...place(configuration),
  ...compact({
    labels: wordsAt(configuration, 'metadata', 'labels'),
    webhooks: listAt(configuration, 'webhooks').map((webhook) => ({
      name: nameAt(webhook, 'name'),
      ...cutMatch(webhook, 'rules'),
      ...compact({
        failurePolicy: textAt(webhook, 'failurePolicy'),
        timeoutSeconds: numberAt(webhook, 'timeoutSeconds'),
        service: textAt(webhook, 'clientConfig', 'service', 'name'),
        serviceNamespace: textAt(webhook, 'clientConfig', 'service', 'namespace'),
        conditions: listAt(webhook, 'matchConditions').map((one) => nameAt(one, 'name')),
      }),
    })),
  }),
})
