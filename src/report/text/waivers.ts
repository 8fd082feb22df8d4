import { isSingle, type Result } from '../../model/finding.ts'
import { groupBy } from '../grouping.ts'
import type { Page } from './layout.ts'
import { paragraph, span } from './layout.ts'
import { someOf, targetNames } from './names.ts'
import { marks } from './style.ts'

/** Waivers that do nothing: run out, or matching no finding. */
export function waiverLines(page: Page, { findings, targets, waiversUnused }: Result): readonly string[] {
  const ran = findings.flatMap((finding) => {
    const { verdict, waiver } = finding
    return verdict === 'fail' && waiver?.expired === true ? [{ finding, waiver }] : []
  })
  if (ran.length === 0 && waiversUnused.length === 0) return []
  const { sign, style } = marks.error
  const line = { indent: 2, hang: 4, label: span(sign, style) }
  const expired = groupBy(ran, ({ waiver }) => waiver.id).flatMap((group) => {
    const [{ waiver }] = group
    const own = group.map(({ finding }) => finding)
    const controls = someOf(
      own.map(({ control }) => control),
      5,
    )
    const where = targetNames(own, targets.filter(isSingle).length)
    const text = `${waiver.id} expired ${waiver.expires}: ${controls} on ${where} counts again`
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
