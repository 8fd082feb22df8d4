import { type Finding, isSingle, type Result } from '../../model/finding.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Group } from '../grouping.ts'
import { groupBy, keyOf } from '../grouping.ts'
import { plainValue } from '../values.ts'
import type { Page, Span } from './layout.ts'
import { glue, padded, paragraph, span } from './layout.ts'
import { counted, targetNames } from './names.ts'
import { marks } from './style.ts'

type Quiet = Exclude<Verdict, 'fail' | 'error' | 'unknown'>

const headings = {
  notChecked: 'What was not checked',
  pass: 'What passes',
  fixed: 'What was fixed',
  informational: 'For information',
  notApplicable: 'What does not apply',
} as const satisfies Record<Quiet, string>

const quiet: readonly Quiet[] = ['notChecked', 'pass', 'fixed', 'informational', 'notApplicable']

/** What is said beyond the title: a pass shows what was seen, the others why. */
function detail({ verdict, reason, observed, next, drift }: Finding): readonly Span[] {
  const isPass = verdict === 'pass' || verdict === 'fixed'
  const seen = observed === undefined ? [] : [span(`observed ${plainValue(observed)}`, 'dim')]
  const differs = drift === undefined ? [] : [span(`${marks.error.sign} ${drift}`, 'yellow')]
  if (isPass) return [...seen, ...differs]
  return [span(reason, 'dim'), ...(next === undefined ? [] : [span(next, 'dim')])]
}

/** What every line needs to know of the run it is part of. */
interface Run {
  readonly targets: number
  /** With several benchmarks a number alone does not say which document it is of. */
  readonly hasEditions: boolean
}

function groupLines(page: Page, group: Group<Finding>, { targets, hasEditions }: Run): readonly string[] {
  const [first] = group
  const { sign, style } = marks[first.verdict]
  const where = targets > 1 ? [span(`on ${targetNames(group, targets)}`, 'dim')] : []
  const edition = hasEditions ? [span(`(${first.benchmark} ${first.benchmarkVersion})`, 'dim')] : []
  const said = detail(first)
  return [
    ...paragraph(page, {
      indent: 2,
      hang: 12,
      label: span(`${sign} ${padded(first.control, 7)}`, style),
      text: [span(first.title), ...edition, ...where],
    }),
    ...(said.length === 0 ? [] : paragraph(page, { indent: 12, text: said })),
  ]
}

function sameAnswer(finding: Finding): string {
  const { benchmark, benchmarkVersion, control, check, reason, observed, next, drift } = finding
  return keyOf(benchmark, benchmarkVersion, control, check, reason, observed, next, drift)
}

/** Everything that needs no action, shown with `--show all`. */
export function restLines(page: Page, { findings, targets, benchmarks }: Result): readonly string[] {
  const run = { targets: targets.filter(isSingle).length, hasEditions: benchmarks.length > 1 }
  return quiet.flatMap((verdict) => {
    const same = findings.filter((finding) => finding.verdict === verdict)
    if (same.length === 0) return []
    const groups = groupBy(same, sameAnswer)
    const title = paragraph(page, { text: [span(headings[verdict], 'bold')] })
    return [...title, ...groups.flatMap((group) => groupLines(page, group, run)), '']
  })
}

/** What was left out and how to see it. */
export function hintLines(page: Page, { findings }: Result): readonly string[] {
  const unchecked = findings.filter(({ verdict }) => verdict === 'notChecked')
  const hidden = unchecked.filter(({ check }) => check !== undefined).length
  const questions = unchecked.length - hidden
  return [
    ...hint(page, questions, `${counted(questions, 'question')} only a person can answer:`),
    ...hint(
      page,
      hidden,
      `${counted(hidden, 'check')} that the API shows nothing of, audit the machines themselves:`,
    ),
  ]
}

function hint(page: Page, many: number, says: string): readonly string[] {
  if (many === 0) return []
  const { sign, style } = marks.notChecked
  const text = [
    span(says),
    span(`see --show${glue}all, which also lists what passes or does not apply`, 'dim'),
  ]
  return [...paragraph(page, { hang: 2, label: span(sign, style), text }), '']
}
