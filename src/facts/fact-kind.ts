import type { FactRequest } from '../model/check.ts'
import type { ComponentSpec } from '../model/component.ts'
import type { Fact } from '../model/evidence.ts'
import type { NodeView } from '../model/node-evidence.ts'
import type { Probe } from '../model/probe.ts'

/** What khard knows before it looks: component descriptions by id. */
export interface Knowledge {
  readonly components: ReadonlyMap<string, ComponentSpec>
}

/** What one node of a cluster says. */
export interface NodeFact {
  /** Id of its target. */
  readonly node: string
  readonly fact: Fact
}

/** One node's evidence with everything a pure derivation may use. No clock, disk or environment beyond this. */
export interface NodeContext extends Knowledge {
  readonly view: NodeView
  /** The moment expiry rules count from, milliseconds since 1970. */
  readonly atMs: number
  /** Remembers a derivation for this node: same key, same value. */
  memo<T>(key: string, make: () => T): T
  /** Of a cluster: what its nodes that were looked at in the same run say. */
  readonly nodes?: (request: FactRequest) => readonly NodeFact[]
}

/** A kind of fact: what to ask a node, and how raw evidence becomes the fact. One file each, listed in index.ts. */
export interface FactKind {
  readonly kind: string
  /** `cluster`: a fact about the objects of a cluster. About a node when absent. */
  readonly about?: 'cluster'
  /** Of a fact about a cluster: what it asks of the cluster's nodes, should they be looked at in the same run. */
  readonly asksNodes?: readonly FactRequest[]
  /** One sentence for `khard explain` and the docs. */
  readonly title: string
  /** Parameters a check gives, with what each means; `of` and the like. All are required unless marked. */
  readonly parameters: { readonly [name: string]: { readonly means: string; readonly optional?: boolean } }
  /** Field paths a check may name below the fact (items of a list: the item's fields); null when any name may come. */
  fields(request: FactRequest, knowledge: Knowledge): readonly string[] | null
  /** Faults of a request, e.g. an unknown component: messages for the author of the check. */
  faults?(request: FactRequest, knowledge: Knowledge): readonly string[]
  probes(request: FactRequest, knowledge: Knowledge): readonly Probe[]
  derive(request: FactRequest, node: NodeContext): Fact
  /** Fills what an example leaves out, e.g. defaults of settings. */
  complete?(
    request: FactRequest,
    given: Fact,
    knowledge: Knowledge,
    example: { readonly version?: string; readonly mode?: string },
  ): Fact
}
