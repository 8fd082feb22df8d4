import type { CheckInput } from '../evaluate/check-input.ts'
import type { Selection } from '../evaluate/select.ts'
import type { NodeFact } from '../facts/fact-kind.ts'
import { factKinds } from '../facts/index.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import type { FactRequest } from '../model/check.ts'

/** What facts about a cluster ask of its nodes, each request once, with its key. */
export function askedOfNodes(selections: readonly Selection[]): ReadonlyMap<string, FactRequest> {
  const requests = selections
    .flatMap(({ checks }) => checks)
    .filter(({ check }) => check.about === 'cluster')
    .flatMap(({ check }) => Object.values(check.evidence))
    .flatMap((request) => factKinds[request.fact]?.asksNodes ?? [])
  return new Map(requests.map((request) => [canonicalJson(request), request]))
}

/** What nodes say that facts about their cluster ask, kept until the cluster is judged. */
export interface NodeAnswers {
  /** Keeps what one node of the cluster says. */
  add(target: string, asked: CheckInput): void
  /** What every node said, in the order of their names. */
  of(request: FactRequest): readonly NodeFact[]
}

/** Opens the book of answers to these requests. */
export function openNodeAnswers(requests: ReadonlyMap<string, FactRequest>): NodeAnswers {
  const answers = new Map<string, NodeFact[]>()
  return {
    add: (target, asked) => {
      for (const [key, request] of requests) {
        const said = answers.get(key) ?? []
        said.push({ node: target, fact: asked.fact(request, key) })
        answers.set(key, said)
      }
    },
    of: (request) =>
      (answers.get(canonicalJson(request)) ?? []).toSorted((a, b) => (a.node < b.node ? -1 : 1)),
  }
}
