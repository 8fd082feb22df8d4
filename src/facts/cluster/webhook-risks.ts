import type { FactRequest } from '../../model/check.ts'
import type { Fact } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { lookUp } from '../text/document.ts'
import { type Inspection, inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import { flagAt, numberAt, textAt } from './json.ts'
import { type Listed, listed, listedAlways, placeText, sourceOfAll } from './listed.ts'
import { numberIn, wordIn } from './request.ts'
import {
  isAbout,
  isNarrowed,
  reaches,
  readWebhooks,
  type Webhook,
  webhookProbes,
} from './webhooks/read-webhooks.ts'

const namespaces = 'v1/namespaces#labels'
const services = 'v1/services#names'
const endpoints = 'discovery.k8s.io/v1/endpointslices#services'
const dayMs = 86_400_000

interface Around {
  readonly limit: number
  readonly atMs: number
  /** kube-system as it is kept. */
  readonly system: Json | undefined
  readonly services: ReadonlySet<string>
  /** Those something answers for; undefined where the server has no such list. */
  readonly answered: ReadonlySet<string> | undefined
}

type Say = (webhook: Webhook, around: Around) => string | undefined

const blocksSystem: Say = (webhook, { system }) => {
  const isWaitedFor = textAt(webhook.kept, 'failurePolicy') === 'Fail'
  const newPods = { group: '', resource: 'pods', verb: 'CREATE' } as const
  if (!isWaitedFor || system === undefined || !isAbout(webhook, newPods)) return undefined
  if (!reaches(webhook, system) || isNarrowed(webhook)) return undefined
  return `no pod of kube-system starts while its webhook ${webhook.name} does not answer`
}

const failsOpen: Say = ({ kept, isValidating, name }) =>
  isValidating && textAt(kept, 'failurePolicy') === 'Ignore'
    ? `what its webhook ${name} guards is let through while it does not answer`
    : undefined

const waitsLong: Say = ({ kept, name }, { limit }) => {
  const seconds = numberAt(kept, 'timeout') ?? 0
  return seconds > limit ? `its webhook ${name} is waited for up to ${seconds} s` : undefined
}

const trustEnds: Say = ({ kept, name }, { limit, atMs }) => {
  const end = textAt(kept, 'caEnd')
  if (end === undefined) return undefined
  if (end === 'unreadable') return `the CA that its webhook ${name} is trusted by is no certificate`
  const days = Math.floor((Date.parse(end) - atMs) / dayMs)
  if (days >= limit) return undefined
  return days < 0
    ? `the CA that its webhook ${name} is trusted by ran out ${-days} days ago`
    : `the CA that its webhook ${name} is trusted by runs out in ${days} days`
}

const hasNoService: Say = ({ kept, name }, { services: known, answered }) => {
  const service = lookUp(kept, ['service'])
  if (service === undefined) return undefined
  const place = placeText(service)
  if (!known.has(place)) return `the Service ${place} of its webhook ${name} does not exist`
  return answered === undefined || answered.has(place)
    ? undefined
    : `nothing is ready behind the Service ${place} of its webhook ${name}`
}

const questions: Readonly<Record<string, { readonly say: Say; readonly also?: string }>> = {
  'blocks-system': { say: blocksSystem, also: namespaces },
  'fails-open': { say: failsOpen },
  'waits-long': { say: waitsLong },
  'trust-ends': { say: trustEnds },
  'no-service': { say: hasNoService, also: services },
}

function answeredBy(slices: readonly Listed[]): ReadonlySet<string> | undefined {
  const served = slices.filter(({ isServed }) => isServed)
  if (served.length === 0) return undefined
  const ready = served.flatMap(({ objects }) => objects).filter((one) => flagAt(one, 'ready') === true)
  return new Set(ready.map(placeText))
}

function derive(request: FactRequest, { view, atMs }: NodeContext): Fact {
  const question = questions[wordIn(request, 'of')]
  if (question === undefined) throw new Error(`webhooks are not asked ${wordIn(request, 'of')}`)
  const { webhooks, lists } = readWebhooks(view)
  const slices = question.also === services ? [listed(view, endpoints)] : []
  const also: readonly Listed[] = question.also === undefined ? [] : [listedAlways(view, question.also)]
  const objects = also.flatMap((list) => list.objects)
  const around: Around = {
    limit: numberIn(request, 'limit'),
    atMs,
    system: objects.find((one) => textAt(one, 'name') === 'kube-system'),
    services: new Set(objects.map(placeText)),
    answered: answeredBy(slices),
  }
  const missing: Inspection['gaps'] = [...also, ...slices].flatMap((list) => list.gaps)
  const offending: Remark[] = webhooks.flatMap((webhook) => {
    const because = missing.length === 0 ? question.say(webhook, around) : undefined
    return because === undefined ? [] : [{ on: webhook.on, because }]
  })
  return inspectionFact({
    lookedAt: webhooks.length,
    offending,
    noted: [],
    exempted: [],
    gaps: [...lists.flatMap((list) => list.gaps), ...missing],
    source: sourceOfAll([...lists, ...also, ...slices]),
  })
}

/** Admission webhooks, and what goes wrong when they do. */
export const webhookRisks: FactKind = {
  kind: 'webhook-risks',
  about: 'cluster',
  title: 'Admission webhooks and what happens when they do not answer',
  parameters: {
    of: { means: `one of ${Object.keys(questions).join(', ')}` },
    limit: { means: 'seconds for waits-long, days for trust-ends', optional: true },
  },
  fields: () => inspectionFields,
  faults: (request) =>
    Object.hasOwn(questions, wordIn(request, 'of'))
      ? []
      : [`"of" is one of ${Object.keys(questions).join(', ')}`],
  probes: (request) => {
    const also = questions[wordIn(request, 'of')]?.also
    const more = also === services ? [also, endpoints] : also === undefined ? [] : [also]
    return [...webhookProbes, ...more.map((resource) => ({ kind: 'list', resource }) as const)]
  },
  derive,
}
