import type { FactRequest } from '../../model/check.ts'
import type { Fact } from '../../model/evidence.ts'
import { joinSources, unavailable } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { NodeView } from '../../model/node-evidence.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { gapOf, sourceOf } from '../files/raw-source.ts'
import { guardsPods, readVerifiers, type Verifier, verifierProbes } from './images/verifiers.ts'
import { type Inspection, inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import { flagAt, textAt, textsAt } from './json.ts'
import { listed, listedAlways, sourceOfAll } from './listed.ts'
import { wordsIn } from './request.ts'
import { readWebhooks, webhookProbes } from './webhooks/read-webhooks.ts'

const namespaces = 'v1/namespaces#labels'
const expressions = 'admissionregistration.k8s.io/v1/validatingadmissionpolicies#images'
const metrics = 'GET /metrics'
const plugin = 'ImagePolicyWebhook'

type Gap = Inspection['gaps'][number]

/** The plugin is set up in files of the control plane; the API server's counters tell whether it is asked. */
function pluginGap(view: NodeView): Gap | undefined {
  const answer = view.answer(metrics)
  const what = `whether the API server asks ${plugin}`
  if (answer.state === 'absent')
    return unavailable('not-collected', sourceOf(answer), `${what} cannot be seen without its metrics`)
  if (answer.state === 'unavailable') return gapOf(answer, `${what} could not be seen`)
  const asked = textsAt(answer.body, 'plugins')
  if (asked.length === 0)
    return unavailable('unrecognised', sourceOf(answer), `${what} is not told by its metrics`)
  return asked.includes(plugin)
    ? unavailable(
        'unrecognised',
        sourceOf(answer),
        `${plugin} is on, and its configuration is a file of the node`,
      )
    : undefined
}

function coverageOf(verifiers: readonly Verifier[], namespace: Json): 'covered' | 'unclear' | 'open' {
  const answers = verifiers.map((verifier) => verifier.covers(namespace))
  if (answers.includes(true)) return 'covered'
  return answers.includes(undefined) ? 'unclear' : 'open'
}

function derive(request: FactRequest, { view }: NodeContext): Fact {
  const exempt = new Set(wordsIn(request, 'exempt'))
  const known = new Set(wordsIn(request, 'verifiers'))
  const { webhooks, lists } = readWebhooks(view)
  const { enforcing, telling, lists: policyLists } = readVerifiers(view, webhooks, known)
  const spaces = listedAlways(view, namespaces)
  const rules = listed(view, expressions)
  const needed = [spaces, ...lists, ...policyLists]
  const user = spaces.objects.filter((space) => !exempt.has(textAt(space, 'name') ?? ''))
  const open = user.filter((space) => coverageOf(enforcing, space) === 'open')
  const unclear = user.filter((space) => coverageOf(enforcing, space) === 'unclear')
  const missing = needed.flatMap(({ gaps }) => gaps)
  const isCovered = open.length + unclear.length === 0 && spaces.gaps.length === 0
  const counters = isCovered ? undefined : pluginGap(view)
  const gaps: Gap[] = isCovered ? [] : [...missing, ...(counters === undefined ? [] : [counters])]
  if (unclear.length > 0)
    gaps.push(
      unavailable(
        'unrecognised',
        sourceOfAll(policyLists),
        `policies that verify images are narrowed by conditions: whether they cover namespace ${textAt(unclear[0], 'name') ?? ''} is for a person to say`,
      ),
    )
  const offending =
    missing.length > 0 || counters !== undefined ? [] : openRemarks(open, enforcing.length === 0)
  const others = webhooks
    .filter((one) => guardsPods(one) && !known.has(one.name))
    .map(({ on, name }) => ({
      on,
      because: `its webhook ${name} guards pods; whether it verifies images is not known`,
    }))
  const looking = rules.objects
    .filter((policy) => flagAt(policy, 'looksAtImages') === true)
    .map((policy) => ({
      on: { kind: 'ValidatingAdmissionPolicy', name: textAt(policy, 'name') ?? '' },
      because: 'looks at the names of images and can verify no signature',
    }))
  return inspectionFact({
    lookedAt: user.length,
    offending,
    noted: [...enforcing.map(({ remark }) => remark), ...telling, ...others, ...looking],
    exempted: spaces.objects
      .filter((space) => exempt.has(textAt(space, 'name') ?? ''))
      .map((space) => ({
        on: { kind: 'Namespace', name: textAt(space, 'name') ?? '' },
        because: 'it is named as a namespace of the system',
      })),
    gaps,
    source: joinSources(sourceOfAll([...needed, rules]), sourceOf(view.answer(metrics))),
  })
}

function openRemarks(open: readonly Json[], isNone: boolean): readonly Remark[] {
  if (isNone && open.length > 0)
    return [{ on: { kind: 'Cluster', name: 'admission' }, because: 'nothing verifies images' }]
  return open.map((space) => ({
    on: { kind: 'Namespace', name: textAt(space, 'name') ?? '' },
    because: 'nothing verifies the images of its pods',
  }))
}

/** Namespaces whose pods may run any image. */
export const imageVerification: FactKind = {
  kind: 'image-verification',
  about: 'cluster',
  title: 'Namespaces and what refuses images there that cannot be verified',
  parameters: {
    exempt: { means: 'names of namespaces that are left out' },
    verifiers: { means: 'names of webhooks that verify images' },
  },
  fields: () => inspectionFields,
  probes: () => [
    ...[namespaces, expressions].map((resource) => ({ kind: 'list', resource }) as const),
    ...webhookProbes,
    ...verifierProbes,
    { kind: 'answer', question: 'GET /apis' },
    { kind: 'answer', question: metrics },
  ],
  derive,
}
