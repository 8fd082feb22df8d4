import type { Result } from '../../model/finding.ts'
import { groupBy } from '../grouping.ts'
import type { Page } from './layout.ts'
import { paragraph, span } from './layout.ts'
import { someOf, targetNames } from './names.ts'
import { marks } from './style.ts'

/** Waivers that do nothing: run out, or matching no finding. */
export function waiverLines(page: Page, { findings, targets, waiversUnused }: Result): readonly string[] {
  const ran = findings.filter(({ verdict, waiver }) => verdict === 'fail' && waiver?.expired === true)
  if (ran.length === 0 && waiversUnused.length === 0) return []
  const { sign, style } = marks.error
  const line = { indent: 2, hang: 4, label: span(sign, style) }
  const expired = groupBy(ran, ({ waiver }) => waiver?.id ?? '').flatMap((group) => {
    const controls = someOf(
      group.map(({ control }) => control),
      5,
    )
    const text = `${group[0].waiver?.id ?? ''} expired ${group[0].waiver?.expires ?? ''}: ${controls} on ${targetNames(group, targets.length)} counts again`
    return paragraph(page, { ...line, text: [span(text)] })
  })
  const unused = waiversUnused.flatMap(({ id, at }) =>
    paragraph(page, {
      ...line,
      text: [span(`${id} matches no failing finding: remove or correct it (${at})`)],
    }),
  )
  return [...paragraph(page, { text: [span('Waivers', 'bold')] }), ...expired, ...unused, '']
}
