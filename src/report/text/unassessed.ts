import { type Finding, isSingle, type Result } from '../../model/finding.ts'
import type { Group } from '../grouping.ts'
import { groupBy, keyOf } from '../grouping.ts'
import type { Page } from './layout.ts'
import { paragraph, span } from './layout.ts'
import { counted, someOf, targetNames } from './names.ts'
import { marks } from './style.ts'

const reasonsUpTo = 3

// What to do about it tells causes apart better than the reason, which names the file or process.
const causeKey = ({ verdict, next, reason }: Finding): string => keyOf(verdict, next ?? reason)

const checkKey = ({ benchmark, control, check }: Finding): string => keyOf(benchmark, control, check)

const checksIn = (findings: readonly Finding[]): string =>
  counted(new Set(findings.map(checkKey)).size, 'check')

function causeLines(page: Page, cause: Group<Finding>, targets: number): readonly string[] {
  const [{ verdict, next }] = cause
  const { sign, style } = marks[verdict]
  const reasons = groupBy(cause, ({ reason }) => reason).toSorted((a, b) => b.length - a.length)
  const more = reasons.length - reasonsUpTo
  const where = targets > 1 ? ` on ${targetNames(cause, targets)}` : ''
  const what = verdict === 'unknown' ? 'gave an unclear answer' : 'could not complete'
  const entry = { indent: 4, hang: 14 }
  return [
    '',
    ...paragraph(page, {
      indent: 2,
      hang: 4,
      text: [span(sign, style), span(`${checksIn(cause)} ${what}${where}`, style)],
    }),
    ...reasons.slice(0, reasonsUpTo).flatMap((same, index) => {
      const many = reasons.length > 1 ? [span(`(${checksIn(same)})`, 'dim')] : []
      const label = span(index === 0 ? 'because' : ' ', 'dim')
      return paragraph(page, { ...entry, label, text: [span(same[0].reason), ...many] })
    }),
    ...(more > 0
      ? paragraph(page, { ...entry, indent: 14, text: [span(`and ${counted(more, 'more reason')}`, 'dim')] })
      : []),
    ...paragraph(page, {
      ...entry,
      label: span('controls', 'dim'),
      text: [
        span(
          someOf(
            cause.map(({ control }) => control),
            8,
          ),
        ),
      ],
    }),
    ...(next === undefined
      ? []
      : paragraph(page, { ...entry, label: span('next', 'dim'), text: [span(next, 'green')] })),
  ]
}

/** Nothing is told by repeating for every check that its target did not answer. */
function unreachedLines(page: Page, open: readonly Finding[], targets: number): readonly string[] {
  if (open.length === 0) return []
  const { sign, style } = marks.error
  const where = targets > 1 ? ` of ${targetNames(open, targets)}` : ''
  const what = `${checksIn(open)}${where} could not be asked: not reached, see Targets`
  return ['', ...paragraph(page, { indent: 2, hang: 4, text: [span(sign, style), span(what, style)] })]
}

/** What could not be assessed, by cause, the most frequent first. */
export function unassessedLines(page: Page, { findings, targets }: Result): readonly string[] {
  const open = findings.filter(({ verdict }) => verdict === 'error' || verdict === 'unknown')
  if (open.length === 0) return []
  const nodes = targets.filter(isSingle)
  const away = new Set(nodes.filter(({ reached }) => !reached).map(({ id }) => id))
  const asked = open.filter(({ target }) => !away.has(target))
  const causes = groupBy(asked, causeKey).toSorted((a, b) => b.length - a.length)
  return [
    ...paragraph(page, { text: [span('What could not be assessed', 'bold')] }),
    ...unreachedLines(
      page,
      open.filter(({ target }) => away.has(target)),
      nodes.length,
    ),
    ...causes.flatMap((cause) => causeLines(page, cause, nodes.length)),
    '',
  ]
}
