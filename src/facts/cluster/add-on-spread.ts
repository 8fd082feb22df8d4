import type { FactRequest } from '../../model/check.ts'
import type { Fact } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { lookUp } from '../text/document.ts'
import { objectName } from './health/inspect.ts'
import { inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import { flagAt, listAt, numberAt, textAt, textsAt, wordsAt } from './json.ts'
import { listedAlways, sourceOfAll } from './listed.ts'
import { wordsIn } from './request.ts'
import { selects } from './selectors.ts'

const resources = ['v1/nodes#health', 'apps/v1/deployments#rollout', 'v1/pods#labels'] as const
const addOns = 'kube-system'

function say(deployment: Json, pods: readonly Json[]): string | undefined {
  const selector = lookUp(deployment, ['selector'])
  const own =
    selector === undefined ? [] : pods.filter((group) => selects(selector, wordsAt(group, 'labels')))
  const ready = own.reduce<number>(
    (sum, group) => sum + (numberAt(group, 'ready') ?? numberAt(group, 'count') ?? 0),
    0,
  )
  const nodes = new Set(own.flatMap((group) => textsAt(group, 'nodes')))
  if (ready < 2) return `has ${ready === 1 ? 'one ready pod' : 'no ready pod'}`
  return nodes.size < 2 ? `all ${ready} ready pods are on one node` : undefined
}

function derive(request: FactRequest, { view }: NodeContext): Fact {
  const images = new Set(wordsIn(request, 'images'))
  const [nodes, deployments, pods] = resources.map((id) => listedAlways(view, id))
  if (nodes === undefined || deployments === undefined || pods === undefined) throw new Error('three lists')
  const lists = [nodes, deployments, pods]
  const schedulable = nodes.objects.filter((node) => flagAt(node, 'isUnschedulable') !== true).length
  const isOne = (deployment: Json): boolean =>
    textAt(deployment, 'namespace') === addOns &&
    listAt(deployment, 'containers').some((one) => images.has(textAt(one, 'image') ?? ''))
  // One node leaves no choice.
  const asked = schedulable < 2 && nodes.gaps.length === 0 ? [] : deployments.objects.filter(isOne)
  const inside = pods.objects.filter(
    (group) => textAt(group, 'namespace') === addOns && flagAt(group, 'finished') !== true,
  )
  const gaps = lists.flatMap((list) => list.gaps)
  const offending: Remark[] = asked.flatMap((deployment) => {
    const because = gaps.length === 0 ? say(deployment, inside) : undefined
    return because === undefined ? [] : [{ on: objectName('Deployment', deployment), because }]
  })
  const source = sourceOfAll(lists)
  return inspectionFact({ lookedAt: asked.length, offending, noted: [], exempted: [], gaps, source })
}

/** Add-ons the whole cluster needs, and on how many nodes they run. */
export const addOnSpread: FactKind = {
  kind: 'add-on-spread',
  about: 'cluster',
  title: 'Deployments of kube-system that run an image, and whether their pods are ready on two nodes',
  parameters: { images: { means: 'last parts of the images’ names: coredns' } },
  fields: () => inspectionFields,
  probes: () => resources.map((resource) => ({ kind: 'list', resource }) as const),
  derive,
}
