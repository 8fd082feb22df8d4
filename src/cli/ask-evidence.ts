import type { Content } from '../content/content.ts'
import type { EvaluationInput } from '../evaluate/node.ts'
import type { NodeContext } from '../facts/fact-kind.ts'
import { factKinds } from '../facts/index.ts'
import { itemDigest } from '../facts/item-digest.ts'
import { createNodeView } from '../facts/node-view.ts'
import { ofImage } from '../facts/offline.ts'
import { settingDrift } from '../facts/settings/of-node.ts'
import type { FactRequest } from '../model/check.ts'
import { KhardError } from '../model/errors.ts'
import type { NodeEvidence, NodeView } from '../model/node-evidence.ts'

/** The evidence of one target as fact kinds see it. */
export function nodeContext(evidence: NodeEvidence, content: Content, atMs: number): NodeContext {
  return contextOf(createNodeView(evidence), { components: content.components, atMs })
}

/** A view of a target as fact kinds see it. */
export function contextOf(
  view: NodeView,
  { components, atMs }: Pick<NodeContext, 'components' | 'atMs'>,
): NodeContext {
  const remembered = new Map<string, unknown>()
  return {
    view,
    components,
    atMs,
    memo: <T>(key: string, make: () => T): T => {
      if (!remembered.has(key)) remembered.set(key, make())
      return recall<T>(remembered, key)
    },
  }
}

/** Each key is only ever filled by one derivation, whose type it has. */
function recall<T>(remembered: ReadonlyMap<string, unknown>, key: string): T {
  const value: unknown = remembered.get(key)
  assertRemembered<T>(value)
  return value
}

function assertRemembered<T>(_value: unknown): asserts _value is T {
  // Nothing to look at: the key stands for the type.
}

/** How the facts of a target are asked for. */
export function askedOf(node: NodeContext): Required<Pick<EvaluationInput, 'derive' | 'drift'>> {
  return {
    derive: (request) => {
      const fact = kindOf(request).derive(request, node)
      return node.view.evidence.offline ? ofImage(fact) : fact
    },
    drift: (component, setting) => settingDrift(node, component, setting),
  }
}

function kindOf(request: FactRequest) {
  const kind = factKinds[request.fact]
  if (kind !== undefined) return kind
  throw new KhardError({
    code: 'internal',
    message: `no fact is called ${request.fact}`,
    next: 'Run khard validate on your content.',
  })
}

/** Digests of the items a finding rests on; each is computed once, when it is asked for. */
export function digestsOf(evidence: NodeEvidence): (ids: readonly string[]) => readonly string[] {
  const items = new Map(evidence.items.map((item) => [item.id, item]))
  const known = new Map<string, string>()
  const digest = (id: string): string | undefined => {
    const item = items.get(id)
    if (item === undefined) return undefined
    const fresh = itemDigest(item)
    known.set(id, fresh)
    return fresh
  }
  return (ids) => {
    const digests: string[] = []
    for (const id of ids) {
      const one = known.get(id) ?? digest(id)
      if (one !== undefined) digests.push(one)
    }
    return digests
  }
}
