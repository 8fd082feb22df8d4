import { escapeText } from '../../model/escape.ts'
import { type Finding, type GroupTarget, isSingle, type Result, type Target } from '../../model/finding.ts'
import { verdicts } from '../../model/verdict.ts'
import type { Group } from '../grouping.ts'
import { groupBy, keyOf } from '../grouping.ts'
import type { Page, Span } from './layout.ts'
import { columnsOf, paragraph, span } from './layout.ts'
import { counted, someOf } from './names.ts'
import { marks } from './style.ts'
import { tallySpan } from './summary.ts'

// More targets than this are shown by kind, not one by one.
const eachUpTo = 10

const distributionWords: { readonly [distribution: string]: string } = {
  none: 'no Kubernetes',
  unknown: 'distribution not recognised',
}

function whatItIs({ kind, distribution, version, roles, os }: Target): string {
  const kubernetes = [distributionWords[distribution] ?? distribution, version].filter(
    (part) => part !== undefined,
  )
  const system = os.name ?? [os.id, os.version].filter((part) => part !== undefined).join(' ')
  const what = kind === 'cluster' ? 'cluster' : ''
  return [what, kubernetes.join(' '), roles.join(', '), system].filter((part) => part !== '').join(' · ')
}

function tallySpans(findings: readonly Finding[]): readonly Span[] {
  const told = verdicts
    .filter(
      (verdict) => verdict === 'fail' || verdict === 'error' || verdict === 'unknown' || verdict === 'pass',
    )
    .map((verdict) => ({ verdict, many: findings.filter((finding) => finding.verdict === verdict).length }))
    .filter(({ many }) => many > 0)
    .map(({ verdict, many }) => tallySpan(verdict, many))
  return told.length === 0 ? [] : [span('·'), ...told]
}

interface Row {
  readonly label: string
  readonly names: string
  readonly target: Target
  readonly findings: readonly Finding[]
}

function rowLines(page: Page, { label, names, target, findings }: Row, hang: number): readonly string[] {
  const body = { indent: hang, hang }
  const named = names === '' ? [] : paragraph(page, { ...body, text: [span(names, 'dim')] })
  const head = { indent: 2, hang, label: span(label, 'bold') }
  if (!target.reached) {
    const { sign, style } = marks.error
    const problem = target.problem ?? 'no reason was given'
    return [
      ...paragraph(page, { ...head, text: [span(`${sign} not reached:`, style, 'bold'), span(problem)] }),
      ...named,
    ]
  }
  const because = target.chosenBecause === '' ? '' : `: ${target.chosenBecause}`
  const partly =
    target.problem === undefined
      ? []
      : [span(`${marks.error.sign} only in part: ${target.problem}`, 'yellow')]
  return [
    ...paragraph(page, { ...head, text: [span(whatItIs(target)), ...tallySpans(findings)] }),
    ...named,
    ...paragraph(page, { ...body, text: [span(`profile ${target.profile || 'none'}${because}`, 'dim')] }),
    ...partly.flatMap((each) => paragraph(page, { ...body, text: [each] })),
  ]
}

function kindOf({ reached, problem, distribution, version, roles, profile }: Target): string {
  return keyOf(reached, problem, distribution, version, roles, profile)
}

function collapsed(group: Group<Target>, findings: ReadonlyMap<string, readonly Finding[]>): Row {
  const [target] = group
  const ids = group.map(({ id }) => id)
  return {
    label: group.length === 1 ? target.id : counted(group.length, 'target'),
    names: group.length === 1 ? '' : someOf(ids, 4),
    target,
    findings: ids.flatMap((id) => findings.get(id) ?? []),
  }
}

/** One entry per target: what it is, which profile it got and why. Ten and more are shown by kind. */
export function targetLines(page: Page, { targets, findings }: Result): readonly string[] {
  const nodes = targets.filter(isSingle)
  const byTarget = new Map(groupBy(findings, ({ target }) => target).map((group) => [group[0].target, group]))
  const groups =
    nodes.length > eachUpTo ? groupBy(nodes, kindOf) : nodes.map((target): Group<Target> => [target])
  const rows = groups.map((group) => collapsed(group, byTarget))
  const widest = Math.max(0, ...rows.map(({ label }) => columnsOf(escapeText(label))))
  const hang = Math.min(widest, Math.floor(page.width / 4)) + 4
  return [
    ...paragraph(page, { text: [span('Targets', 'bold')] }),
    ...rows.flatMap((row) => rowLines(page, row, hang)),
    ...targets
      .filter((target) => !isSingle(target))
      .flatMap((target) => groupLines(page, target, byTarget.get(target.id) ?? [])),
  ]
}

/** A group of nodes, for what is asked of them together. */
function groupLines(
  page: Page,
  { id, members, assumes }: GroupTarget,
  findings: readonly Finding[],
): readonly string[] {
  const [, ...tally] = tallySpans(findings)
  const who = span(`${counted(members.length, 'node')} together ·`, 'dim')
  if (tally.length === 0) return []
  const hang = columnsOf(id) + 4
  const doubt = assumes === undefined ? [] : [span(`assuming ${assumes}`, 'dim')]
  return [
    ...paragraph(page, { indent: 2, hang, label: span(id, 'bold'), text: [who, ...tally] }),
    ...doubt.flatMap((each) => paragraph(page, { indent: 4, hang: 4, text: [each] })),
  ]
}
