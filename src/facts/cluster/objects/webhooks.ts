import { Buffer } from 'node:buffer'
import type { Json } from '../../../model/finding.ts'
import { parseCertificate } from '../../certificates/certificate.ts'
import { pemBlocks } from '../../certificates/pem.ts'
import { lookUp } from '../../text/document.ts'
import { compact, listAt, numberAt, textAt, textsAt } from '../json.ts'
import { cutSelector } from '../selectors.ts'
import { type Cut, place } from './reader.ts'

/** When the last of the CA certificates a webhook is trusted by runs out; `unreadable` for what is none. */
function caEnd(bundle: string): string {
  const text = Buffer.from(bundle, 'base64').toString('utf8')
  const ends = pemBlocks(text).blocks.flatMap(({ text: pem }) => parseCertificate(pem)?.validToDate ?? [])
  const last = Math.max(...ends.map((date) => date.getTime()))
  return Number.isFinite(last) ? new Date(last).toISOString() : 'unreadable'
}

function cutWebhook(webhook: unknown): Json {
  const bundle = textAt(webhook, 'clientConfig', 'caBundle')
  const service = textAt(webhook, 'clientConfig', 'service', 'name')
  return compact({
    name: textAt(webhook, 'name'),
    service:
      service === undefined
        ? undefined
        : { namespace: textAt(webhook, 'clientConfig', 'service', 'namespace') ?? '', name: service },
    failurePolicy: textAt(webhook, 'failurePolicy') ?? 'Fail',
    timeout: numberAt(webhook, 'timeoutSeconds') ?? 10,
    caEnd: bundle === undefined || bundle === '' ? undefined : caEnd(bundle),
    rules: listAt(webhook, 'rules').map((rule) =>
      compact({
        operations: textsAt(rule, 'operations'),
        groups: textsAt(rule, 'apiGroups'),
        resources: textsAt(rule, 'resources'),
        scope: textAt(rule, 'scope'),
      }),
    ),
    namespaces: cutSelector(lookUp(webhook, ['namespaceSelector'])),
    objects: cutSelector(lookUp(webhook, ['objectSelector'])),
    conditions: listAt(webhook, 'matchConditions').length || undefined,
  })
}

/** Configurations of validating and mutating webhooks: what they are asked about and what happens when they fail. */
export const cutWebhooks: Cut = (configuration) => ({
  ...place(configuration),
  ...compact({ webhooks: listAt(configuration, 'webhooks').map(cutWebhook) }),
})
