import type { Content } from '../content/content.ts'
import { openClusters } from '../evaluate/fleet/clusters.ts'
import { checkInput, evaluateNode } from '../evaluate/node.ts'
import type { Check } from '../model/check.ts'
import { escapeText } from '../model/escape.ts'
import type { Finding } from '../model/finding.ts'
import type { NodeEvidence } from '../model/node-evidence.ts'
import { rollUp } from '../model/roll-up.ts'
import { verdictLabel } from '../model/verdict.ts'
import { placeOf } from './assess.ts'
import { chooseSelections } from './choose.ts'
import { describeFinding } from './explain-text.ts'
import type { Io } from './io.ts'
import { prepareTarget } from './prepare-target.ts'

/** What of recorded nodes is asked. */
export interface Question {
  readonly checks: readonly Check[]
  /** The profile all nodes are judged by; each by the one that fits it, where none is named. */
  readonly profile?: string
  /** The moment expiry rules count from. */
  readonly atMs: number
}

/** Of these checks those a profile asks. */
async function askedBy(
  profile: string,
  checks: readonly Check[],
  { content, io }: { readonly content: Content; readonly io: Io },
): Promise<readonly Check[]> {
  const { selections } = await chooseSelections({ profile: [profile] }, content, io)
  const asked = new Set(selections.flatMap((one) => one.checks.map(({ check }) => check.id)))
  return checks.filter(({ id }) => asked.has(id))
}

/** Judges recorded nodes by these checks alone, and tells what was seen of each. */
export async function seenOn(
  nodes: AsyncIterable<NodeEvidence>,
  question: Question,
  { content, io }: { readonly content: Content; readonly io: Io },
): Promise<string> {
  const { checks: all, profile, atMs } = question
  if (all.length === 0) return '\nSeen\n  Nothing: a person has to answer this control.\n'
  const checks = profile === undefined ? all : await askedBy(profile, all, { content, io })
  if (checks.length === 0) return `\nSeen\n  Nothing: ${profile} does not ask it.\n`
  const wanted = new Set<string>(checks.map(({ id }) => id))
  const named = profile === undefined ? {} : { profile: [profile] }
  const choice = await chooseSelections({ only: [...wanted], ...named }, content, io)
  const clusters = openClusters()
  // Of a node by itself nothing is asked when all checks are about nodes together.
  const asksEach = checks.some(({ over }) => over === undefined)
  let text = '\nSeen\n'
  for await (const evidence of nodes) {
    const { target, selection, input } = prepareTarget(evidence, evidence.name, { content, choice, atMs })
    const asked = checkInput(input)
    clusters.add(placeOf(target, asked), input, { selection, input: asked })
    const said = saidOf(target.id, evaluateNode(selection, input, asked), wanted)
    if (asksEach) text += said ?? `  ${escapeText(target.id)}: not asked by its profile (${target.profile})\n`
  }
  const { groups, alone } = clusters.finish()
  const told = groups.map(({ target, findings }) => ({ target: target.id, findings }))
  for (const node of new Set(alone.map(({ target }) => target)))
    told.push({ target: node, findings: alone.filter(({ target }) => target === node) })
  told.sort((a, b) => (a.target < b.target ? -1 : 1))
  return text + told.map(({ target, findings }) => saidOf(target, findings, wanted) ?? '').join('')
}

/** What was found about some checks on one target; null when none of them was asked. */
function saidOf(target: string, findings: readonly Finding[], wanted: ReadonlySet<string>): string | null {
  const about = new Map<string, Finding>()
  for (const finding of findings)
    if (finding.check !== undefined && wanted.has(finding.check)) about.set(finding.check, finding)
  if (about.size === 0) return null
  const verdict = verdictLabel[rollUp([...about.values()].map((one) => one.verdict))]
  return `  ${escapeText(target)}: ${verdict}\n${[...about.values()].map(describeFinding).join('')}`
}
