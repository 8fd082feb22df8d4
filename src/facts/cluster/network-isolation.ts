import type { Fact } from '../../model/evidence.ts'
import { unavailable } from '../../model/evidence.ts'
import type { Json } from '../../model/finding.ts'
import type { FactKind, NodeContext } from '../fact-kind.ts'
import { inspectionFact, inspectionFields, type Remark } from './inspection.ts'
import { textAt } from './json.ts'
import { listedAlways, sourceOfAll } from './listed.ts'
import { type CniPolicies, cniPolicyProbes, readCniPolicies } from './network/cni-policies.ts'
import { type Direction, type Isolation, isolationOf, isReachable } from './network/isolation.ts'
import { flagIn, wordsIn } from './request.ts'

const resources = ['v1/namespaces#labels', 'v1/pods#labels', 'networking.k8s.io/v1/networkpolicies'] as const

const words = {
  Ingress: { way: 'to', all: 'from everywhere' },
  Egress: { way: 'from', all: 'to everywhere' },
} as const

function byNamespace(objects: readonly Json[]): ReadonlyMap<string, readonly Json[]> {
  const sorted = new Map<string, Json[]>()
  for (const object of objects) {
    const namespace = textAt(object, 'namespace') ?? ''
    const known = sorted.get(namespace)
    if (known === undefined) sorted.set(namespace, [object])
    else known.push(object)
  }
  return sorted
}

interface Asked {
  readonly direction: Direction
  readonly isStrict: boolean
  /** What is said so far. */
  readonly said: Said
}

interface Said {
  readonly offending: Remark[]
  readonly noted: Remark[]
}

function pods(count: number): string {
  return count === 1 ? 'one pod' : `${count} pods`
}

/** What is said of one namespace that has pods. */
function judge(name: string, seen: Isolation, { direction, isStrict, said }: Asked): void {
  const { way, all } = words[direction]
  const on = { kind: 'Namespace', name }
  const mild = isStrict ? said.offending : said.noted
  if (seen.isolated + seen.open + seen.unclear === 0)
    said.offending.push({ on, because: `no policy limits traffic ${way} its ${pods(seen.pods)}` })
  else if (seen.unisolated > 0)
    mild.push({ on, because: `no policy limits traffic ${way} ${pods(seen.unisolated)} of ${seen.pods}` })
  if (seen.open > 0)
    mild.push({ on, because: `traffic ${all} is allowed for ${pods(seen.open)} of ${seen.pods}` })
}

function unclear(name: string, others: CniPolicies, direction: Direction) {
  const [first] = others.reaching(name, direction).filter(({ isEverything }) => !isEverything)
  const detail = `whether ${first?.name ?? 'a policy'} isolates pods of namespace ${name} is for a person to say`
  return unavailable('unrecognised', sourceOfAll(others.lists), detail)
}

function derive(request: Parameters<FactKind['derive']>[0], { view }: NodeContext): Fact {
  const exempt = new Set(wordsIn(request, 'exempt'))
  const directions: readonly Direction[] = flagIn(request, 'egress') ? ['Ingress', 'Egress'] : ['Ingress']
  const [spaces, groups, policies] = resources.map((id) => listedAlways(view, id))
  if (spaces === undefined || groups === undefined || policies === undefined) throw new Error('three lists')
  const others = readCniPolicies(view)
  const lists = [spaces, groups, policies, ...others.lists]
  const gaps = lists.flatMap((list) => list.gaps)
  const said: Said = { offending: [], noted: [] }
  const exempted: Remark[] = []
  const podsIn = byNamespace(groups.objects)
  const policiesIn = byNamespace(policies.objects)
  // Where policies could not be seen, they may isolate what seems not to be.
  const isKnown = [policies, ...others.lists].every((list) => list.gaps.length === 0)
  let lookedAt = 0
  for (const space of spaces.objects) {
    const name = textAt(space, 'name') ?? ''
    const on = { kind: 'Namespace', name }
    const inside = podsIn.get(name) ?? []
    if (exempt.has(name)) exempted.push({ on, because: 'it is named as exempt' })
    else if (inside.every((group) => !isReachable(group)))
      exempted.push({ on, because: 'it has no pods that a policy could isolate' })
    else {
      lookedAt += 1
      const own = policiesIn.get(name) ?? []
      for (const direction of directions) {
        const asked = { direction, isStrict: flagIn(request, 'every-pod'), said }
        const reach = { policies: own, others: others.reaching(name, direction), pods: inside }
        const seen = isolationOf(reach, direction)
        if (seen.unclear > 0) gaps.push(unclear(name, others, direction))
        if (isKnown) judge(name, seen, asked)
      }
    }
  }
  return inspectionFact({
    lookedAt,
    ...said,
    exempted,
    gaps,
    source: sourceOfAll(lists),
  })
}

/** Namespaces whose pods take traffic from everybody. */
export const networkIsolation: FactKind = {
  kind: 'network-isolation',
  about: 'cluster',
  title: 'Namespaces and whether policies isolate their pods',
  parameters: {
    exempt: { means: 'names of namespaces that are left out' },
    egress: { means: 'true: traffic from pods must be isolated too' },
    'every-pod': {
      means: 'true: a namespace offends when one of its pods is not isolated or is open to everybody',
    },
  },
  fields: () => inspectionFields,
  probes: () => [
    ...resources.map((resource) => ({ kind: 'list', resource }) as const),
    ...cniPolicyProbes,
    { kind: 'answer', question: 'GET /apis' },
  ],
  derive,
}
