import { canonicalJson } from '../../model/canonical-json.ts'
import type { Finding } from '../../model/finding.ts'
import type { Group } from '../grouping.ts'
import { comparison, entry, severityStyles } from '../text/failures.ts'
import { columnsOf, type Page, padded, paragraph, span } from '../text/layout.ts'
import { someOf, targetNames } from '../text/names.ts'
import { marks } from '../text/style.ts'
import { plainValue } from '../values.ts'
import type { Entry } from './entries.ts'

const namesUpTo = 5

const targetsOf = (group: Group<Entry>): string =>
  targetNames(
    group.map(({ finding }) => finding),
    0,
  )

/** What was seen before, where it differs. */
function earlierLines(page: Page, { before, finding }: Entry): readonly string[] {
  if (before?.observed === undefined || finding.verdict !== 'fail') return []
  if (canonicalJson(before.observed) === canonicalJson(finding.observed)) return []
  return entry(page, 'before', span(plainValue(before.observed), 'dim'))
}

function offenderLines(page: Page, { offenders }: Entry): readonly string[] {
  const { added = [], gone = [] } = offenders ?? {}
  return [
    ...(added.length === 0 ? [] : entry(page, 'added', span(someOf(added, namesUpTo), 'red'))),
    ...(gone.length === 0 ? [] : entry(page, 'gone', span(someOf(gone, namesUpTo), 'green'))),
  ]
}

function seenLines(page: Page, finding: Finding): readonly string[] {
  const compared = finding.verdict === 'fail' ? comparison(finding) : []
  if (compared.length === 0) return []
  return entry(page, finding.observed === undefined ? 'expected' : 'observed', ...compared)
}

function waiverLines(page: Page, { verdict, waiver }: Finding): readonly string[] {
  if (verdict !== 'fail' || waiver?.expired !== false) return []
  return entry(page, 'waived', span(`${waiver.id} until ${waiver.expires}`, 'magenta'))
}

/** A difference in full: what it was and is, what was seen, where, and what to do. */
export function blockLines(page: Page, group: Group<Entry>): readonly string[] {
  const [first] = group
  const { finding, why } = first
  const { severity, control, title, reason, next } = finding
  const label = `${marks[finding.verdict].sign} ${padded(control, 7)} ${padded(severity.toUpperCase(), 8)}`
  return [
    ...paragraph(page, {
      indent: 2,
      hang: page.width < 70 ? 4 : columnsOf(label) + 3,
      label: span(label, ...severityStyles[severity]),
      text: [span(title, 'bold')],
    }),
    ...entry(page, 'change', span(why, 'bold')),
    ...(reason === title ? [] : entry(page, 'because', span(reason))),
    ...seenLines(page, finding),
    ...earlierLines(page, first),
    ...offenderLines(page, first),
    ...waiverLines(page, finding),
    ...entry(page, 'on', span(targetsOf(group))),
    ...(next === undefined ? [] : entry(page, 'next', span(next, 'green'))),
    '',
  ]
}

/** A difference in one line. */
export function shortLines(page: Page, group: Group<Entry>): readonly string[] {
  const [{ finding, why }] = group
  const { sign, style } = marks[finding.verdict]
  return paragraph(page, {
    indent: 2,
    hang: 12,
    label: span(`${sign} ${padded(finding.control, 7)}`, style),
    text: [span(finding.title), span(`(${why}; on ${targetsOf(group)})`, 'dim')],
  })
}
