import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { chooseSelections } from '../../src/cli/choose.ts'
import { processIo } from '../../src/cli/io.ts'
import { assessNode } from '../../src/cli/prepare-target.ts'
import { readBundle } from '../../src/collect/bundle.ts'
import type { NodeEvidence } from '../../src/model/node-evidence.ts'
import { rollUp } from '../../src/model/roll-up.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { content } from '../traps/verdict-of.ts'
import type { Mutation } from './mutate.ts'

/** What is changed on one recorded node, and what each change must do. */
export interface MutationFile {
  /** Path of a bundle from the repository's root. */
  readonly bundle: string
  /** Name of the node in it. */
  readonly node: string
  readonly profile: string
  /** Moment of the evaluation. */
  readonly at: string
  /** Controls that pass and that no change of this node alone can break, each with its reason. */
  readonly unmoved: { readonly [control: string]: string }
  /** Benchmarks whose every passing control must be broken by one of the changes. */
  readonly moves: readonly string[]
  readonly mutations: readonly Mutation[]
}

/** Control → verdict. */
export type Answers = ReadonlyMap<string, Verdict>

const root = join(import.meta.dirname, '..', '..')

/** Reads one file of this folder. */
export function readMutations(name: string): MutationFile {
  return parse(readFileSync(join(import.meta.dirname, name), 'utf8'))
}

/** The recorded node of a file. */
export async function recordedNode({ bundle, node }: MutationFile): Promise<NodeEvidence> {
  for await (const evidence of readBundle(join(root, bundle))) if (evidence.name === node) return evidence
  throw new Error(`${bundle} has no node ${node}`)
}

/** Answers a profile gives to evidence. */
export async function answering({
  profile,
  at,
}: MutationFile): Promise<(evidence: NodeEvidence, at?: string) => Answers> {
  const choice = await chooseSelections({ profile: [profile], level: 2 }, content, processIo())
  return (evidence, moment = at) => {
    const atMs = Date.parse(moment)
    const verdicts = new Map<string, Verdict[]>()
    for (const finding of assessNode(evidence, 'node', { content, choice, atMs }).findings) {
      const key = `${finding.benchmark} ${finding.control}`
      verdicts.set(key, [...(verdicts.get(key) ?? []), finding.verdict])
    }
    return new Map([...verdicts].map(([control, each]) => [control, rollUp(each)]))
  }
}

/** `benchmark control: verdict` of every control answered otherwise than before, sorted. */
export function flipsOf(before: Answers, after: Answers): readonly string[] {
  const changed = [...after].filter(([control, verdict]) => before.get(control) !== verdict)
  return changed.map(([control, verdict]) => `${control}: ${verdict}`).sort()
}
