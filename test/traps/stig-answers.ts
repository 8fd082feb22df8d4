import { assessNode } from '../../src/cli/prepare-target.ts'
import { selectControls } from '../../src/evaluate/select.ts'
import type { Finding } from '../../src/model/finding.ts'
import { profileId } from '../../src/model/ids.ts'
import { type DescribedNode, evidenceOf } from './a-node.ts'
import { askedBy, content, soon } from './verdict-of.ts'

const editions = { 'stig-kubernetes': 'v2r6', 'stig-rke2': 'v2r7' } as const

function benchmarkOf(control: string) {
  const known = content.benchmarks.filter(({ id }) => Object.keys(editions).includes(id))
  const found = known.find(({ controls }) => controls.some(({ id }) => id === control))
  if (found === undefined) throw new Error(`no STIG has ${control}`)
  return found
}

/** Every finding of one rule of a STIG on a described node, as its profile would give them. */
export function findingsOf(
  node: DescribedNode,
  control: string,
  parameters: { readonly [name: string]: string } = {},
): readonly Finding[] {
  const { id, version, controls } = benchmarkOf(control)
  const checks = controls.find((one) => one.id === control)?.checks ?? []
  const profile = {
    id: profileId('stig'),
    version: '1',
    title: 'STIG',
    description: 'One STIG.',
    distributions: ['any'],
    benchmarks: [{ id, version, maxLevel: 2 as const }],
    parameters,
    gate: { failOn: 'none', maxErrors: 'any' } as const,
    digest: 'sha256:0',
  }
  const selection = selectControls(content, profile, { only: [control] })
  const forNode = () => ({ selection, because: 'It was asked for.' })
  const choice = { selections: [selection], tailorings: [], forNode }
  const evidence = evidenceOf(node, checks.flatMap(askedBy))
  return assessNode(evidence, 'cp-1', { content, choice, atMs: soon }).findings
}

/** The verdict on a rule: the worst of its checks, as a person reads a rule with several. */
export function answerTo(
  node: DescribedNode,
  control: string,
  parameters: { readonly [name: string]: string } = {},
): string {
  const verdicts = new Set<string>(findingsOf(node, control, parameters).map(({ verdict }) => verdict))
  const worst = ['fail', 'error', 'unknown', 'pass', 'notApplicable', 'notChecked']
  return worst.find((verdict) => verdicts.has(verdict)) ?? 'nothing'
}
