import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { chooseSelections } from '../../src/cli/choose.ts'
import { processIo } from '../../src/cli/io.ts'
import { assessNode } from '../../src/cli/prepare-target.ts'
import { readBundle } from '../../src/collect/bundle.ts'
import { loadCompiledContent } from '../../src/content/compiled.ts'
import type { NodeEvidence, RawItem } from '../../src/model/node-evidence.ts'
import { isNoBetter } from '../../src/model/roll-up.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { root } from '../support/khard.ts'
import { question } from './verdicts.ts'

const recorded = join(root, 'examples', 'three-nodes.khard')
const atMs = Date.parse('2026-11-22')
const profiles = ['kubeadm-cis-l2', 'hardway-cis']

type Answers = ReadonlyMap<string, Verdict>
type Loss = (items: readonly RawItem[], lost: ReadonlySet<RawItem>) => readonly RawItem[]

/** Two ways evidence is lost: it was never brought back, or reading it was refused. */
const losses = {
  'not collected': (items, lost) => items.filter((item) => !lost.has(item)),
  refused: (items, lost) => items.map((item) => (lost.has(item) ? refused(item) : item)),
} satisfies { readonly [name: string]: Loss }

function isAlone({ kind, state }: RawItem): boolean {
  return state === 'observed' && kind !== 'file' && kind !== 'key'
}

function inDozens<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / 12) }, (_, dozen) =>
    items.slice(12 * dozen, 12 * dozen + 12),
  )
}

function refused(item: RawItem): RawItem {
  const known = { id: item.id, state: 'unavailable', reason: 'permission-denied' } as const
  switch (item.kind) {
    case 'file':
    case 'content':
    case 'directory':
    case 'key':
      return { kind: item.kind, path: item.path, ...known }
    case 'processes':
      return { kind: item.kind, ...known, id: 'processes' }
    case 'process':
      return { kind: item.kind, pid: item.pid, ...known }
    case 'unit':
      return { kind: item.kind, name: item.name, ...known }
    case 'command':
      return { kind: item.kind, argv: item.argv, ...known }
    case 'list':
      return { kind: item.kind, resource: item.resource, ...known, reason: 'forbidden' }
    case 'answer':
      return { kind: item.kind, question: item.question, ...known, reason: 'forbidden' }
    default:
      return item satisfies never
  }
}

describe('the less evidence there is, the fewer claims', async () => {
  const content = loadCompiledContent(pathToFileURL(join(root, 'dist', 'content.json')))
  const choice = await chooseSelections({ profile: profiles }, content, processIo())
  const nodes: NodeEvidence[] = []
  for await (const node of readBundle(recorded)) nodes.push(node)

  const answersOf = (node: NodeEvidence): Answers =>
    new Map(
      assessNode(node, node.name, { content, choice, atMs }).findings.map((one) => [
        question(one),
        one.verdict,
      ]),
    )

  /** What got better when `lost` was taken away from the node, or vanished. */
  function improvements(
    of: { readonly node: NodeEvidence; readonly whole: Answers },
    lost: readonly RawItem[],
    loss: Loss,
  ) {
    const after = answersOf({ ...of.node, items: loss(of.node.items, new Set(lost)) })
    const names = lost.map(({ id }) => id).join(' and ')
    return [...of.whole].flatMap(([asked, before]) => {
      const now = after.get(asked)
      const isFine = now !== undefined && isNoBetter(before, now)
      return isFine ? [] : [`${asked}: ${before} → ${now ?? 'nothing'} without ${names}`]
    })
  }

  it('has three recorded nodes to take evidence from', () => {
    expect(nodes.map(({ items, end }) => ({ end, isRich: items.length > 400 }))).toEqual(
      Array(3).fill({ end: 'complete', isRich: true }),
    )
  })

  describe.each(nodes.map((node): [string, NodeEvidence] => [node.name, node]))('on %s', (_name, node) => {
    let whole: Answers
    beforeAll(() => {
      whole = answersOf(node)
    })

    it('no piece that is not collected makes any verdict better', () => {
      const seen = node.items.filter(({ state }) => state === 'observed')
      const better = seen.flatMap((item) => improvements({ node, whole }, [item], losses['not collected']))
      expect(better).toEqual([])
    }, 180_000)

    it('no piece that is refused makes any verdict better', () => {
      // One by one what other evidence hangs on; stats, keys and what is not there by the dozen, for time.
      const seen = node.items.filter(isAlone).map((item) => [item])
      const unseen = inDozens(node.items.filter((item) => !isAlone(item)))
      const better = [...seen, ...unseen].flatMap((lost) =>
        improvements({ node, whole }, lost, losses.refused),
      )
      expect(better).toEqual([])
    }, 180_000)

    it('no two pieces together make any verdict better', () => {
      const piece = fc.constantFrom(...node.items.filter(({ state }) => state === 'observed'))
      const how = fc.constantFrom(...Object.values(losses))
      fc.assert(
        fc.property(piece, piece, how, (one, other, loss) => {
          expect(improvements({ node, whole }, [one, other], loss)).toEqual([])
        }),
        { numRuns: 60, seed: 20_261_122 },
      )
    }, 120_000)
  })
})
